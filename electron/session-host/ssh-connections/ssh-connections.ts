import { AppError } from '../../../shared/errors/app-error.ts';
import type { SshTicket } from '../../host-contract/ticket.ts';
import { type Lease, SharedPool } from '../../lib/shared-pool.ts';
import { isChannelRefused } from '../../ssh/client-errors.ts';
import type { SshConnection } from '../../ssh/index.ts';
import type { DialOptions } from './ssh-dialer.ts';

type Step = Parameters<DialOptions['progress']>[0];

export interface BorrowedConnection {
  readonly connection: SshConnection;
  /** Opens a channel, on another connection to the server where this one takes no more (OpenSSH's MaxSessions is 10). That one is borrowed as long as this. */
  open<T>(action: (connection: SshConnection) => Promise<T>): Promise<T>;
  /** Gives it back; the last one to do so leaves it open for a short while. */
  release(): void;
  /** Takes it out of use for others, when it does not answer. */
  retire(): void;
}

/** How far a connection is that is being made, for all who wait for it. */
interface Dialling {
  step: Step | null;
  readonly listeners: Set<(step: Step) => void>;
}

/** With OpenSSH's default that is 80 sessions on one server; servers count connections too, and more of them look like an attack. */
const mostConnections = 8;

/** Connections shared by all who hold tickets with the same key, numbered from 0 for each key, kept for a moment after the last user. */
export class SshConnections {
  readonly #pool: SharedPool<SshTicket, SshConnection>;
  readonly #dialling = new Map<string, Dialling>();
  /** How many channels each connection has, or is being asked for. */
  readonly #channels = new WeakMap<SshConnection, number>();

  constructor(dial: (ticket: SshTicket, options: DialOptions) => Promise<SshConnection>, keepMs = 5000) {
    this.#pool = new SharedPool({
      open: async (key, ticket, signal, retire) => {
        const dialling: Dialling = { step: null, listeners: new Set() };
        this.#dialling.set(key, dialling);
        const progress = (step: Step) => {
          dialling.step = step;
          for (const listener of dialling.listeners) listener(step);
        };
        try {
          const connection = await dial(ticket, { signal, progress });
          connection.onClose(retire);
          return connection;
        } finally {
          if (this.#dialling.get(key) === dialling) this.#dialling.delete(key);
        }
      },
      close: (connection) => connection.close(),
      isUsable: (connection) => connection.isOpen,
      keepMs,
    });
  }

  /** An aborted signal rejects with `cancelled`; a connection that nobody waits for any more is given up. */
  async borrow(ticket: SshTicket, options: DialOptions): Promise<BorrowedConnection> {
    const first = await this.#lease(ticket, 0, options);
    const leases = [first];
    let isReleased = false;
    const another = async (): Promise<Lease<SshConnection>> => {
      if (leases.length >= mostConnections) throw tooMany();
      const lease = await this.#lease(ticket, leases.length, { signal: options.signal, progress: () => {} });
      leases.push(lease);
      if (isReleased) lease.release();
      return lease;
    };
    return {
      connection: first.value,
      open: async (action) => {
        for (let at = 0; ; at++) {
          const { value } = leases[at] ?? (await another());
          try {
            return await this.#counted(value, action);
          } catch (error) {
            // A connection without any channel that still takes none: another one would not either.
            if (!(error instanceof AppError) || !isChannelRefused(error) || !this.#channels.get(value)) throw error;
          }
        }
      },
      release: () => {
        isReleased = true;
        for (const lease of leases) lease.release();
      },
      retire: first.retire,
    };
  }

  close(): void {
    this.#pool.close();
  }

  async #counted<T>(connection: SshConnection, action: (connection: SshConnection) => Promise<T>): Promise<T> {
    const count = (change: number) => this.#channels.set(connection, (this.#channels.get(connection) ?? 0) + change);
    count(1);
    try {
      return await action(connection);
    } catch (error) {
      count(-1);
      throw error;
    }
  }

  async #lease(ticket: SshTicket, number: number, { signal, progress }: DialOptions): Promise<Lease<SshConnection>> {
    const key = `${number} ${ticket.connectionKey}`;
    const leasing = this.#pool.lease(key, ticket, signal);
    const dialling = this.#dialling.get(key);
    if (dialling?.step) progress(dialling.step);
    dialling?.listeners.add(progress);
    return leasing.finally(() => dialling?.listeners.delete(progress));
  }
}

const tooMany = () =>
  new AppError(
    'conflict',
    `The server takes no more sessions on the ${mostConnections} connections that Slipway has to it, the most that it makes. Close some tabs of this server first.`,
  );
