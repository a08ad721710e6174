import { AppError } from '../../../shared/errors/app-error.ts';
import type { SshTicket } from '../../host-contract/ticket.ts';
import type { SshConnection } from '../../ssh/index.ts';
import type { DialOptions } from './ssh-dialer.ts';

type Step = Parameters<DialOptions['progress']>[0];

interface Entry {
  readonly dialled: Promise<SshConnection>;
  readonly abort: AbortController;
  readonly progress: Set<(step: Step) => void>;
  step: Step | null;
  connection: SshConnection | null;
  users: number;
  idle: NodeJS.Timeout | undefined;
}

export interface BorrowedConnection {
  readonly connection: SshConnection;
  /** Gives it back; the last one to do so leaves it open for a short while. */
  release(): void;
  /** Takes it out of use for others, when it does not answer. */
  retire(): void;
}

/** Connections shared by all who hold tickets with the same key, kept for a moment after the last of them. */
export class SshConnections {
  readonly #dial: (ticket: SshTicket, options: DialOptions) => Promise<SshConnection>;
  readonly #keepMilliseconds: number;
  readonly #entries = new Map<string, Entry>();

  constructor(dial: (ticket: SshTicket, options: DialOptions) => Promise<SshConnection>, keepMilliseconds = 5000) {
    this.#dial = dial;
    this.#keepMilliseconds = keepMilliseconds;
  }

  /** An aborted signal rejects with `cancelled`; a connection that nobody waits for any more is given up. */
  async borrow(ticket: SshTicket, { signal, progress }: DialOptions): Promise<BorrowedConnection> {
    const key = ticket.connectionKey;
    const known = this.#entries.get(key);
    const entry = known && known.connection?.isOpen !== false ? known : this.#add(key, ticket);
    entry.users++;
    clearTimeout(entry.idle);
    entry.progress.add(progress);
    if (entry.step && !entry.connection) progress(entry.step);
    let isReleased = false;
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      entry.users--;
      this.#leave(key, entry);
    };
    const cancelled = new Promise<never>((_resolve, reject) => {
      const stop = () => reject(new AppError('cancelled', 'The connection was cancelled.'));
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return { connection: await Promise.race([entry.dialled, cancelled]), release, retire: () => this.#forget(key, entry) };
    } catch (error) {
      release();
      throw error;
    } finally {
      entry.progress.delete(progress);
    }
  }

  close(): void {
    for (const [key, entry] of this.#entries) {
      this.#entries.delete(key);
      clearTimeout(entry.idle);
      entry.abort.abort();
      entry.connection?.close();
    }
  }

  #add(key: string, ticket: SshTicket): Entry {
    const abort = new AbortController();
    const progress = new Set<(step: Step) => void>();
    const entry: Entry = {
      abort,
      progress,
      step: null,
      connection: null,
      users: 0,
      idle: undefined,
      dialled: this.#dial(ticket, {
        signal: abort.signal,
        progress: (step) => {
          entry.step = step;
          for (const listener of progress) listener(step);
        },
      }),
    };
    this.#entries.set(key, entry);
    entry.dialled.then(
      (connection) => {
        entry.connection = connection;
        connection.onClose(() => this.#forget(key, entry));
        if (this.#entries.get(key) !== entry && entry.users === 0) connection.close();
      },
      () => this.#forget(key, entry),
    );
    return entry;
  }

  #leave(key: string, entry: Entry): void {
    if (entry.users > 0) return;
    if (entry.connection && this.#entries.get(key) === entry) {
      const { connection } = entry;
      entry.idle = setTimeout(() => {
        this.#forget(key, entry);
        connection.close();
      }, this.#keepMilliseconds);
      return;
    }
    this.#forget(key, entry);
    entry.abort.abort();
    entry.connection?.close();
  }

  #forget(key: string, entry: Entry): void {
    clearTimeout(entry.idle);
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }
}
