import { randomBytes } from 'node:crypto';
import { AppError } from '../../../shared/errors/app-error.ts';

const lifetimeMs = 5 * 60_000;
const maxAttempts = 20;

/** Logins between password and second factor. What they hold, a password among it, lives in memory and for five minutes at most. */
export class LoginAttempts<T> {
  readonly #attempts = new Map<string, { value: T; timer: NodeJS.Timeout }>();

  /** The name to ask for it by. The oldest makes room when there are too many. */
  add(value: T): string {
    const oldest = this.#attempts.keys().next();
    if (this.#attempts.size >= maxAttempts && !oldest.done) this.drop(oldest.value);
    const name = randomBytes(16).toString('hex');
    const timer = setTimeout(() => this.drop(name), lifetimeMs);
    timer.unref();
    this.#attempts.set(name, { value, timer });
    return name;
  }

  get(name: string): T {
    const attempt = this.#attempts.get(name);
    if (!attempt) throw new AppError('invalid-argument', 'This login took too long and was put away for safety. Enter the password again.');
    return attempt.value;
  }

  drop(name: string): void {
    clearTimeout(this.#attempts.get(name)?.timer);
    this.#attempts.delete(name);
  }

  clear(): void {
    for (const name of [...this.#attempts.keys()]) this.drop(name);
  }
}
