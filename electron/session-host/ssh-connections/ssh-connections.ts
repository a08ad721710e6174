import { AppError } from '../../../shared/errors/app-error.ts';
import type { SshTicket } from '../../host-contract/ticket.ts';
import { isChannelRefused } from '../../ssh/client-errors.ts';
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
  /** Opens a channel, on another connection to the server where this one takes no more (OpenSSH's MaxSessions is 10). That one is borrowed as long as this. */
  open<T>(action: (connection: SshConnection) => Promise<T>): Promise<T>;
  /** Gives it back; the last one to do so leaves it open for a short while. */
  release(): void;
  /** Takes it out of use for others, when it does not answer. */
  retire(): void;
}

interface Held {
  readonly entry: Entry;
  readonly connection: SshConnection;
  /** It was dialled for this one. */
  readonly isNew: boolean;
  release(): void;
}

/** With OpenSSH's default that is 80 sessions on one server; servers count connections too, and more of them look like an attack. */
const mostConnections = 8;

/** Connections shared by all who hold tickets with the same key, kept for a moment after the last of them. */
export class SshConnections {
  readonly #dial: (ticket: SshTicket, options: DialOptions) => Promise<SshConnection>;
  readonly #keepMilliseconds: number;
  /** By the tickets' key, the oldest first. */
  readonly #entries = new Map<string, Entry[]>();

  constructor(dial: (ticket: SshTicket, options: DialOptions) => Promise<SshConnection>, keepMilliseconds = 5000) {
    this.#dial = dial;
    this.#keepMilliseconds = keepMilliseconds;
  }

  /** An aborted signal rejects with `cancelled`; a connection that nobody waits for any more is given up. */
  async borrow(ticket: SshTicket, options: DialOptions): Promise<BorrowedConnection> {
    const first = await this.#hold(ticket, options, []);
    const held = [first];
    let isReleased = false;
    const another = async (): Promise<Held> => {
      const more = await this.#hold(ticket, { signal: options.signal, progress: () => {} }, held);
      held.push(more);
      if (isReleased) more.release();
      return more;
    };
    return {
      connection: first.connection,
      open: async (action) => {
        for (let at = 0; ; at++) {
          const one = held[at] ?? (await another());
          try {
            return await action(one.connection);
          } catch (error) {
            const isAlone = one.isNew && one.entry.users === 1;
            if (!(error instanceof AppError) || !isChannelRefused(error) || (isAlone && one !== first)) throw error;
          }
        }
      },
      release: () => {
        isReleased = true;
        for (const one of held) one.release();
      },
      retire: () => this.#forget(ticket.connectionKey, first.entry),
    };
  }

  close(): void {
    for (const [key, entries] of this.#entries) {
      for (const entry of [...entries]) {
        this.#forget(key, entry);
        entry.abort.abort();
        entry.connection?.close();
      }
    }
  }

  async #hold(ticket: SshTicket, { signal, progress }: DialOptions, besides: readonly Held[]): Promise<Held> {
    const key = ticket.connectionKey;
    const all = this.#entries.get(key) ?? [];
    const known = all.find((entry) => entry.connection?.isOpen !== false && !besides.some((one) => one.entry === entry));
    if (!known && all.length >= mostConnections) throw tooMany();
    const entry = known ?? this.#add(key, ticket);
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
      return { entry, connection: await Promise.race([entry.dialled, cancelled]), isNew: !known, release };
    } catch (error) {
      release();
      throw error;
    } finally {
      entry.progress.delete(progress);
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
    this.#entries.set(key, [...(this.#entries.get(key) ?? []), entry]);
    entry.dialled.then(
      (connection) => {
        entry.connection = connection;
        connection.onClose(() => this.#forget(key, entry));
        if (!this.#has(key, entry) && entry.users === 0) connection.close();
      },
      () => this.#forget(key, entry),
    );
    return entry;
  }

  #leave(key: string, entry: Entry): void {
    if (entry.users > 0) return;
    if (entry.connection && this.#has(key, entry)) {
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

  #has(key: string, entry: Entry): boolean {
    return this.#entries.get(key)?.includes(entry) ?? false;
  }

  #forget(key: string, entry: Entry): void {
    clearTimeout(entry.idle);
    const others = (this.#entries.get(key) ?? []).filter((one) => one !== entry);
    if (others.length > 0) this.#entries.set(key, others);
    else this.#entries.delete(key);
  }
}

const tooMany = () =>
  new AppError(
    'conflict',
    `The server takes no more sessions on the ${mostConnections} connections that Slipway has to it, the most that it makes. Close some tabs of this server first.`,
  );
