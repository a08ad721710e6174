import { AppError } from '../../../../shared/errors/app-error.ts';
import { deadline } from '../../../lib/deadline.ts';
import { type Access, type AccessWatch, loginEnd } from '../../access-watch.ts';
import type { Reporter } from './reporter.ts';

export interface AccessGuardOptions {
  /** Key of the login that the port belongs to. */
  cluster: string;
  access: AccessWatch;
  reporter: Reporter;
  /** Ends all open connections, and drops what they were made with. */
  end(reason: AppError): void;
  /** The login has another certificate. New connections need it; open ones go on, because the login still has the rights that they were made with. */
  renewed(): void;
}

/** Most programs give up connecting before two minutes are over, so waiting longer for a person helps nobody. */
const loginWaitMs = 120_000;

/**
 * Ties the connections of a local port to the access that they rest on. They end when the login ends or an access request that was in use at that time is
 * over. A program that connects without a login waits until somebody logs in.
 */
export class AccessGuard {
  readonly #options: AccessGuardOptions;
  readonly #stopWatching: () => void;
  readonly #closing = new AbortController();
  #last: Access | undefined;
  #waiting = 0;

  constructor(options: AccessGuardOptions) {
    this.#options = options;
    this.#last = options.access.of(options.cluster);
    this.#stopWatching = options.access.onChange(() => this.#changed());
  }

  /**
   * The result of `work`. When that fails with `expired`, it is done once more after a login. Rejects with the first failure when nobody logs in for two
   * minutes, `signal` is aborted, or the guard is closed.
   */
  async afterLogin<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await work();
    } catch (caught) {
      const error = AppError.from(caught);
      if (error.code !== 'expired') throw error;
      if (!(await this.#login(signal, error))) throw error;
      return work();
    }
  }

  /** Ends all connections. If there were any, the row shows the reason. */
  end(reason: AppError): void {
    const { reporter, end } = this.#options;
    const hadClients = reporter.traffic.clients > 0;
    end(reason);
    if (hadClients) reporter.failed(reason);
  }

  /** Stops watching; programs that wait for a login are refused. */
  close(): void {
    this.#closing.abort();
    this.#stopWatching();
  }

  async #login(signal: AbortSignal, late: AppError): Promise<boolean> {
    const { access, cluster, reporter } = this.#options;
    const loginDeadline = deadline(AbortSignal.any([signal, this.#closing.signal]), loginWaitMs, () => late);
    this.#waiting++;
    reporter.wants('login');
    try {
      return await access.signedIn(cluster, loginDeadline.signal);
    } finally {
      loginDeadline.done();
      this.#waiting--;
      reporter.wants(this.#waiting > 0 ? 'login' : null);
    }
  }

  #changed(): void {
    const { access, cluster } = this.#options;
    const [before, now] = [this.#last, access.of(cluster)];
    this.#last = now;
    if (!now?.signedIn) {
      const text = `${loginEnd(now)}, so the connections through here were closed. Log in again to go on.`;
      this.end(new AppError('expired', text, { details: { cluster } }));
    } else if (before?.signedIn && before.requests.some((id) => !now.requests.includes(id))) {
      this.end(new AppError('access-denied', 'The access request that these connections rested on is over, so they were closed.'));
    } else if (now.certificate !== before?.certificate) this.#options.renewed();
  }
}
