import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Client } from '../../../../shared/ipc/client.ts';
import type { SshTarget } from '../../../../shared/model/document.ts';
import type { TicketContract } from '../../../host-contract/ticket.ts';
import { type BackgroundReporter, inBackground } from '../../../lib/background.ts';
import { SharedPool } from '../../../lib/shared-pool.ts';
import type { SftpClient } from '../../../ssh/sftp/sftp.ts';
import type { AccessWatch } from '../../access-watch.ts';
import type { BorrowedConnection, SshConnections } from '../../ssh-connections/ssh-connections.ts';
import { RemoteFileSystem } from './remote-file-system.ts';

/** The use of a server's files until it is released. */
export interface RemoteLease {
  readonly fileSystem: RemoteFileSystem;
  /** Another channel to the same server, closed with the lease. */
  another(): Promise<SftpClient>;
  release(): void;
}

export interface RemoteAccessOptions {
  tickets: Client<TicketContract>;
  access: AccessWatch;
  connections: SshConnections;
  background: BackgroundReporter;
  /** How long a channel that nobody uses stays open; 20 seconds when absent: folders are often looked at one after the other. */
  keepMs?: number;
}

interface OpenFiles {
  readonly borrowed: BorrowedConnection;
  readonly sftp: SftpClient;
}

/** What a channel is shared by. The certificate belongs to it: what was opened with rights that were given back since serves nobody any more. */
type PoolKey = [cluster: string, certificate: number | null, leaf: string, node: string, login: string, purpose: string];

/** File access to servers on the connections that terminals use too: no login of its own where one is open. */
export class RemoteAccess {
  readonly #options: RemoteAccessOptions;
  readonly #pool: SharedPool<SshTarget, OpenFiles>;
  readonly #unsubscribe: () => void;

  constructor(options: RemoteAccessOptions) {
    this.#options = options;
    this.#pool = new SharedPool({
      open: async (_key, target, signal, retire) => {
        const opened = await this.#open(target, signal);
        opened.sftp.onClose(retire);
        return opened;
      },
      close: ({ borrowed, sftp }) => {
        sftp.close();
        borrowed.release();
      },
      keepMs: options.keepMs ?? 20_000,
    });
    this.#unsubscribe = options.access.onChange(() =>
      this.#pool.retireWhere((key) => {
        const [cluster, certificate]: PoolKey = JSON.parse(key);
        return certificate !== this.#certificateOf(cluster);
      }),
    );
  }

  /** `purpose` keeps browsing on a channel of its own, so that it never waits behind the bytes of transfers. */
  async use(target: SshTarget, purpose: 'browse' | 'transfer', signal: AbortSignal): Promise<RemoteLease> {
    const { cluster, leaf, node, login } = target;
    const key: PoolKey = [cluster, this.#certificateOf(cluster), leaf, node, login, purpose];
    const { value, release } = await this.#pool.lease(JSON.stringify(key), target, signal);
    const { borrowed, sftp } = value;
    let isReleased = false;
    const others = new Set<SftpClient>();
    return {
      fileSystem: new RemoteFileSystem(sftp),
      async another() {
        const other = await borrowed.open((connection) => connection.sftp(sftp.roundTrip));
        if (isReleased) other.close();
        others.add(other);
        return other;
      },
      release() {
        isReleased = true;
        for (const other of others) other.close();
        release();
      },
    };
  }

  close(): void {
    this.#unsubscribe();
    this.#pool.close();
  }

  #certificateOf(cluster: string): number | null {
    return this.#options.access.of(cluster)?.certificate ?? null;
  }

  async #open(target: SshTarget, signal: AbortSignal): Promise<OpenFiles> {
    const { tickets, connections, background } = this.#options;
    const ticket = await tickets.call('ticket.ssh', target, { signal });
    let borrowed: BorrowedConnection;
    try {
      borrowed = await connections.borrow(ticket, { signal, progress: () => {} });
    } catch (caught) {
      const error = AppError.from(caught);
      const { cluster } = target;
      if (error.code === 'expired')
        inBackground(background, { what: 'to have a refused certificate renewed', cluster }, tickets.call('ticket.expired', { cluster }));
      throw error;
    }
    try {
      return { borrowed, sftp: await borrowed.open((connection) => connection.sftp()) };
    } catch (error) {
      borrowed.release();
      throw error;
    }
  }
}
