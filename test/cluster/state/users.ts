import { Secret, TOTP } from 'otpauth';
import type { UserSpec } from '../options.ts';
import { isSince } from '../versions.ts';

const lockAfter = 5;
const step = 30_000;

/** A local account with its password, TOTP device and failed attempts (login-and-auth §2.1). */
export class UserAccount {
  readonly spec: UserSpec;
  readonly #totp: TOTP | null;
  readonly #now: () => number;
  readonly #lockFor: number;
  #failures: number[] = [];
  #lockedUntil = 0;
  #lastUsedStep = -1;
  /** An administrator's lock: its message. */
  lock: string | null = null;

  constructor(spec: UserSpec, issuer: string, version: string, now: () => number) {
    this.#lockFor = (isSince(version, 15) ? 30 : 20) * 60_000;
    this.spec = spec;
    this.#now = now;
    this.#totp = spec.totp === false ? null : new TOTP({ issuer, label: spec.name, secret: new Secret({ size: 20 }) });
  }

  get name(): string {
    return this.spec.name;
  }

  get hasTotp(): boolean {
    return this.#totp !== null;
  }

  /** The base32 secret for an authenticator app; '' for an account without one. */
  get totpSecret(): string {
    return this.#totp?.secret.base32 ?? '';
  }

  get totpUrl(): string {
    return this.#totp?.toString() ?? '';
  }

  get locked(): boolean {
    return this.#now() < this.#lockedUntil;
  }

  /**
   * A code that will be accepted now: the next step's when this step's is spent. When that one is spent too, what was used is
   * forgotten, so that tests need not wait.
   */
  totp(): string {
    const current = Math.floor(this.#now() / step);
    if (this.#lastUsedStep > current) this.#lastUsedStep = current - 1;
    return this.#totp?.generate({ timestamp: (current > this.#lastUsedStep ? current : this.#lastUsedStep + 1) * step }) ?? '';
  }

  checkPassword(password: unknown): boolean {
    return password === this.spec.password;
  }

  /** Takes a code at most once; one step of clock difference is allowed. */
  takeTotp(code: unknown): boolean {
    return this.proveTotp(code) === 'good';
  }

  proveTotp(code: unknown): 'good' | 'used' | 'wrong' {
    if (!this.#totp || typeof code !== 'string' || !/^\d{6}$/.test(code)) return 'wrong';
    const delta = this.#totp.validate({ token: code, timestamp: this.#now(), window: 1 });
    const used = Math.floor(this.#now() / step) + (delta ?? 0);
    if (delta === null) return 'wrong';
    if (used <= this.#lastUsedStep) return 'used';
    this.#lastUsedStep = used;
    return 'good';
  }

  failed(): void {
    const since = this.#now() - this.#lockFor;
    this.#failures = [...this.#failures.filter((at) => at > since), this.#now()];
    if (this.#failures.length >= lockAfter) this.#lockedUntil = this.#now() + this.#lockFor;
  }

  succeeded(): void {
    this.#failures = [];
  }

  unlock(): void {
    this.#failures = [];
    this.#lockedUntil = 0;
    this.lock = null;
  }
}
