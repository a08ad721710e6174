import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Forward, ForwardTarget } from '../../../../shared/model/gateway.ts';
import { type Lease, SharedPool } from '../../../lib/shared-pool.ts';
import type { AccessWatch } from '../../access-watch.ts';
import type { BorrowedConnection } from '../../ssh-connections/ssh-connections.ts';
import { AccessGuard } from '../listening/access-guard.ts';
import { joinSockets } from '../listening/join-sockets.ts';
import { MovableListener } from '../listening/movable-listener.ts';
import type { Reporter } from '../listening/reporter.ts';
import { listenRemotely, type RemoteListener } from './remote-listener.ts';
import { readSocksRequest, socksFailure, socksSuccess } from './socks.ts';

export interface ForwardOptions {
  target: ForwardTarget;
  borrow(signal: AbortSignal): Promise<BorrowedConnection>;
  access: AccessWatch;
  reporter: Reporter;
}

type ForwardStream = Duplex & { readonly refusal: string };

/** The one key of a forward's pool, which leads to one server. */
const toServer = 'server';

/** A port forward over SSH. Its connection is made when it is first needed and again after it broke; the local port stays (RFC 4254 §7, RFC 1928). */
export class ForwardRunner {
  readonly #options: ForwardOptions;
  /** The connection to the server, made when a program first needs it and again after it broke. Each program's connection has a lease of it. */
  readonly #connections: SharedPool<null, BorrowedConnection>;
  readonly #guard: AccessGuard;
  readonly #listener: MovableListener;
  readonly #closing = new AbortController();
  #remote: { listener: RemoteListener | null; lease: Lease<BorrowedConnection> } | null = null;

  constructor(options: ForwardOptions) {
    this.#options = options;
    this.#connections = new SharedPool({
      open: async (_key, _target, signal, retire) => {
        const borrowed = await options.borrow(signal);
        borrowed.connection.onClose(retire);
        return borrowed;
      },
      close: ({ release }) => release(),
      // Kept as long as the forward is open, so that the next program does not wait for a new connection.
      keepMs: Number.POSITIVE_INFINITY,
    });
    this.#guard = new AccessGuard({
      cluster: options.target.server.cluster,
      access: options.access,
      reporter: options.reporter,
      end: () => this.#end(),
      // Keep the old SSH connection while programs use it; the next program gets a new one, with the rights of the new certificate.
      renewed: () => this.#connections.retireWhere(() => true),
    });
    this.#listener = new MovableListener((socket) => void this.#serve(socket), options.reporter);
  }

  /** For remote forwards the port on the server. */
  get port(): number {
    return this.#remote?.listener?.port ?? this.#listener.port;
  }

  async open(port: number | null): Promise<void> {
    const { forward } = this.#options.target;
    if (forward.type === 'remote') await this.#listenRemotely(forward);
    else await this.#listener.move(port);
  }

  async move(port: number | null): Promise<void> {
    if (this.#options.target.forward.type === 'remote')
      throw new AppError('invalid-argument', 'The port of this forward is on the server. Change the forward itself.');
    await this.#listener.move(port);
  }

  close(): void {
    this.#closing.abort();
    this.#guard.close();
    this.#listener.close();
    this.#remote?.listener?.close();
    this.#remote?.lease.release();
    this.#connections.close();
  }

  #end(): void {
    this.#listener.endAll();
    this.#remote?.listener?.endAll();
    this.#remote?.lease.release();
    this.#connections.closeWhere(() => true);
  }

  async #serve(local: Socket): Promise<void> {
    const { reporter, target } = this.#options;
    reporter.traffic.follow(local);
    const isSocks = target.forward.type === 'dynamic';
    try {
      const wanted = target.forward.type === 'local' ? { ...target.forward.to, rest: null } : await readSocksRequest(local);
      let remote: ForwardStream;
      try {
        remote = await this.#reach(wanted.host, wanted.port);
      } catch (caught) {
        if (isSocks && local.writable) local.end(socksFailure(AppError.from(caught)));
        throw caught;
      }
      if (local.destroyed) return void remote.destroy();
      if (isSocks) local.write(socksSuccess);
      this.#join(local, remote, wanted.rest);
    } catch (caught) {
      if (!local.writableEnded) local.destroy();
      this.#failed(caught);
    }
  }

  #join(local: Duplex, remote: ForwardStream, head: Buffer | null): void {
    remote.once('data', () => this.#options.reporter.worked());
    // ssh2's channels stay open for writing until they are closed, but a half-closed connection only serves to deliver its last
    // bytes.
    joinSockets({
      local,
      remote,
      head,
      onEnd: (error) => {
        if (remote.refusal) this.#failed(refused(remote.refusal));
        else if (error) this.#failed(error);
      },
    });
  }

  async #reach(host: string, port: number): Promise<ForwardStream> {
    const { value, release } = await this.#guard.afterLogin(() => this.#connections.lease(toServer, null), this.#closing.signal);
    try {
      const stream = await value.open((connection) => connection.forwardOut(host, port));
      if (stream.closed) release();
      else stream.once('close', release);
      return stream;
    } catch (caught) {
      release();
      throw caught;
    }
  }

  async #listenRemotely(forward: Forward & { type: 'remote' }): Promise<void> {
    const { reporter } = this.#options;
    const lease = await this.#connections.lease(toServer, null);
    this.#remote = { listener: null, lease };
    const { connection } = lease.value;
    this.#remote.listener = await listenRemotely(connection, forward, {
      onConnection: (channel, local) => {
        reporter.traffic.follow(local);
        this.#join(local, channel, null);
      },
      onFailure: (error) => reporter.failed(error),
    });
    connection.onClose((error) => {
      if (!this.#closing.signal.aborted)
        reporter.failed(error ?? new AppError('closed', 'The connection to the server ended, and with it the port on it. Open it again.'));
    });
  }

  #failed(caught: unknown): void {
    const error = AppError.from(caught);
    if (error.code === 'cancelled' || this.#closing.signal.aborted) return;
    this.#options.reporter.failed(error);
  }
}

/** The refusal that a Teleport node writes on a channel's stderr before closing it (ssh-and-gateways §2.7). */
function refused(text: string): AppError {
  const reason = text
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 300);
  if (/not allowed/.test(reason)) return new AppError('access-denied', `The server does not let you forward ports: ${reason}.`);
  return new AppError('unreachable', `The server could not reach the target: ${reason}.`);
}
