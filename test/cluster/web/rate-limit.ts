/** The login routes' limit: 20 calls a minute with a burst of 40, per address (login-and-auth §1.1). */
export class RateLimit {
  readonly #tokens = new Map<string, { left: number; at: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Seconds to wait, or 0 when the call may pass. */
  take(address: string): number {
    const now = this.#now();
    const known = this.#tokens.get(address) ?? { left: 40, at: now };
    const left = Math.min(40, known.left + ((now - known.at) / 60_000) * 20);
    this.#tokens.set(address, { left: left >= 1 ? left - 1 : left, at: now });
    return left >= 1 ? 0 : Math.ceil((1 - left) * 3);
  }
}
