/*
 * SSH connections, shared between terminals, file views and forwards of the same server and login. `borrow` leases a connection
 * that is there or dials one, through `SshDialer`: ProxySSH through the Teleport proxy, then SSH over that stream. Servers limit
 * the channels of one connection (OpenSSH's MaxSessions is 10), so a borrower opens channels with `open`, which goes to a further
 * connection when one is full.
 */
import { AppError } from '../../../shared/errors/app-error.ts';
import type { SshTicket } from '../../host-contract/ticket.ts';
import { type Lease, SharedPool } from '../../lib/shared-pool.ts';
import { isChannelRefused } from '../../ssh/client-errors.ts';
import type { SshConnection } from '../../ssh/index.ts';
import type { DialOptions } from './ssh-dialer.ts';

type Step = Parameters<DialOptions['progress']>[0];

export interface BorrowedConnection {
  readonly connection: SshConnection;
  /**
   * Opens a channel; if the server takes no more on this connection (OpenSSH's MaxSessions is 10), on another one, which stays
   * borrowed as long as this one.
   */
  open<T>(action: (connection: SshConnection) => Promise<T>): Promise<T>;
  /** Gives the connection back. After the last borrower it stays open for a short while. */
  release(): void;
  /** Takes a connection that does not answer out of use for others. */
  retire(): void;
}

/** The progress of a connection that is being dialled, for all who wait for it. */
interface Dialling {
  step: Step | null;
  readonly listeners: Set<(step: Step) => void>;
}

/**
 * With OpenSSH's default that is 80 sessions on one server. Servers count connections too, and a larger number looks like an
 * attack.
 */
const mostConnections = 8;

/** Connections by ticket key, numbered from 0 for each key and shared by all borrowers; kept for a moment after the last one. */
export class SshConnections {
  readonly #pool: SharedPool<SshTicket, SshConnection>;
  readonly #dialling = new Map<string, Dialling>();
  /** Number of channels of each connection, those being opened included. */
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

  /** An aborted signal rejects with `cancelled`. A dial that nobody waits for any more is given up. */
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
            // A connection that refuses even its first channel would do so on a further connection too.
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
