import { AppError } from '../../../shared/errors/app-error.ts';
import type { ClusterKey } from '../../../shared/model/cluster.ts';
import type { Questions } from '../questions.ts';

export interface LoginQuestionsOptions {
  questions: Questions;
  /** Whether the login is good for now, as far as its certificate says. False for clusters that are not on the list. */
  isUsable(key: ClusterKey): boolean;
  /** Another number for each certificate that the login has had. */
  certificate(key: ClusterKey): number;
  now(): number;
}

/**
 * A page may still ask for lists after the person logged out, because it has not heard of it yet. What comes within this time asks for no login; hearing of
 * a logout takes a few milliseconds, and a busy computer gets some seconds.
 */
const logoutSettleMs = 5000;

/** Asks the person to log in where something waits for it. */
export class LoginQuestions {
  readonly #options: LoginQuestionsOptions;
  /** The certificates that the clusters had when they were asked about. */
  readonly #refused = new Map<ClusterKey, number>();
  /** When the person logged out. */
  readonly #left = new Map<ClusterKey, number>();
  #logins = 0;

  constructor(options: LoginQuestionsOptions) {
    this.#options = options;
  }

  /**
   * The result of `work`. When that fails with `expired`, the person is asked to log in and it is done once more, with the key that they logged in to. When
   * they decline, the first error is thrown. `reason` goes on after “Log in”; when it is empty, nobody is asked.
   */
  async afterLogin<T>(key: ClusterKey, reason: string, signal: AbortSignal, work: (key: ClusterKey) => Promise<T>): Promise<T> {
    const certificate = this.#options.certificate(key);
    try {
      return await work(key);
    } catch (caught) {
      const error = AppError.from(caught);
      if (error.code !== 'expired' || reason === '') throw error;
      // Somebody logged in while it was under way.
      const isNew = this.#options.certificate(key) !== certificate && this.#options.isUsable(key);
      const use = isNew ? key : await this.ask(key, reason, signal);
      if (use === null) throw error;
      return work(use);
    }
  }

  /** Resolves with the key that the person logged in to, which differs from `key` when they did so as somebody else; null when they declined or logged out. */
  async ask(key: ClusterKey, reason: string, signal: AbortSignal): Promise<ClusterKey | null> {
    if (this.#options.now() - (this.#left.get(key) ?? -Infinity) < logoutSettleMs) return null;
    this.#refused.set(key, this.#options.certificate(key));
    return this.#options.questions.ask({ kind: 'login', cluster: key, reason }, signal);
  }

  /**
   * A login of our own to `asked` is under way. Until what it returns is called with the key that was logged in to, or with null, no certificate answers
   * anything: the first moment of a new one is too early, because what belongs to the login is still being fetched.
   */
  began(asked: ClusterKey): (key: ClusterKey | null) => void {
    this.#logins++;
    return (key) => {
      this.#logins--;
      if (key !== null) this.#left.delete(key);
      if (key !== null) this.#options.questions.answerLogins((cluster) => (cluster === asked ? key : undefined));
      this.look();
    };
  }

  /** Answers what was asked about logins that have another certificate by now, or none: they began or ended elsewhere. */
  look(): void {
    if (this.#logins > 0) return;
    const { questions, certificate, isUsable } = this.#options;
    questions.answerLogins((cluster) => {
      if (certificate(cluster) === this.#refused.get(cluster)) return undefined;
      return isUsable(cluster) ? cluster : null;
    });
  }

  /** Declines what was asked about a cluster that is logged out of or forgotten. */
  decline(key: ClusterKey): void {
    this.#left.set(key, this.#options.now());
    this.#options.questions.answerLogins((cluster) => (cluster === key ? null : undefined));
  }
}
