import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Client } from '../../../../shared/ipc/client.ts';
import type { SshTarget } from '../../../../shared/model/document.ts';
import type { TicketContract } from '../../../host-contract/ticket.ts';
import { type BackgroundReporter, inBackground } from '../../../lib/background.ts';
import type { SftpClient } from '../../../ssh/sftp/sftp.ts';
import type { BorrowedConnection, SshConnections } from '../../ssh-connections/ssh-connections.ts';
import { RemoteSide } from './remote-side.ts';

/** The use of a server's files until it is released. */
export interface RemoteLease {
  readonly side: RemoteSide;
  /** Another channel to the same server, closed with the lease. */
  another(): Promise<SftpClient>;
  release(): void;
}

interface Entry {
  readonly opened: Promise<{ borrowed: BorrowedConnection; sftp: SftpClient }>;
  readonly abort: AbortController;
  users: number;
  idle: NodeJS.Timeout | undefined;
}

/** File access to servers on the connections that terminals use too: no login of its own where one is open. */
export class RemoteAccess {
  readonly #tickets: Client<TicketContract>;
  readonly #connections: SshConnections;
  readonly #background: BackgroundReporter;
  readonly #keepMilliseconds: number;
  readonly #entries = new Map<string, Entry>();

  constructor(tickets: Client<TicketContract>, connections: SshConnections, background: BackgroundReporter, keepMilliseconds = 20_000) {
    this.#tickets = tickets;
    this.#connections = connections;
    this.#background = background;
    this.#keepMilliseconds = keepMilliseconds;
  }

  /** `purpose` keeps browsing on a channel of its own, so that it never waits behind the bytes of transfers. */
  async use(target: SshTarget, purpose: 'browse' | 'transfer', signal: AbortSignal): Promise<RemoteLease> {
    const key = JSON.stringify([target.cluster, target.leaf, target.node, target.login, purpose]);
    const entry = this.#entries.get(key) ?? this.#add(key, target);
    entry.users++;
    clearTimeout(entry.idle);
    let isReleased = false;
    const others = new Set<SftpClient>();
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      for (const other of others) other.close();
      entry.users--;
      this.#leave(key, entry);
    };
    try {
      const { borrowed, sftp } = await orAborted(entry.opened, signal);
      const another = async () => {
        const other = await borrowed.open((connection) => connection.sftp(sftp.roundTrip));
        if (isReleased) other.close();
        others.add(other);
        return other;
      };
      return { side: new RemoteSide(sftp), another, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  close(): void {
    for (const [key, entry] of this.#entries) this.#end(key, entry);
  }

  #add(key: string, target: SshTarget): Entry {
    const abort = new AbortController();
    const entry: Entry = { abort, users: 0, idle: undefined, opened: this.#open(target, abort.signal) };
    this.#entries.set(key, entry);
    entry.opened.then(
      ({ borrowed, sftp }) => {
        if (this.#entries.get(key) !== entry) return void borrowed.release();
        sftp.onClose(() => this.#end(key, entry));
      },
      () => this.#forget(key, entry),
    );
    return entry;
  }

  async #open(target: SshTarget, signal: AbortSignal): Promise<{ borrowed: BorrowedConnection; sftp: SftpClient }> {
    const ticket = await this.#tickets.call('ticket.ssh', target, { signal });
    let borrowed: BorrowedConnection;
    try {
      borrowed = await this.#connections.borrow(ticket, { signal, progress: () => {} });
    } catch (caught) {
      const error = AppError.from(caught);
      const { cluster } = target;
      if (error.code === 'expired')
        inBackground(this.#background, { what: 'to have a refused certificate renewed', cluster }, this.#tickets.call('ticket.expired', { cluster }));
      throw error;
    }
    try {
      return { borrowed, sftp: await borrowed.open((connection) => connection.sftp()) };
    } catch (error) {
      borrowed.release();
      throw error;
    }
  }

  #leave(key: string, entry: Entry): void {
    if (entry.users > 0 || this.#entries.get(key) !== entry) return;
    entry.idle = setTimeout(() => this.#end(key, entry), this.#keepMilliseconds).unref();
  }

  #end(key: string, entry: Entry): void {
    this.#forget(key, entry);
    entry.abort.abort();
    entry.opened.then(
      ({ borrowed, sftp }) => {
        sftp.close();
        borrowed.release();
      },
      () => {},
    );
  }

  #forget(key: string, entry: Entry): void {
    clearTimeout(entry.idle);
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }
}

/** Rejects with `cancelled` as soon as the signal is aborted. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new AppError('cancelled', 'The action was cancelled.'));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
