import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { ForwardTarget } from '../../../../shared/model/gateway.ts';
import { LocalListener } from '../../../lib/loopback/local-listener.ts';
import { type AccessWatch, loginEnd } from '../../access-watch.ts';
import type { BorrowedConnection } from '../../ssh-connections/ssh-connections.ts';
import { SshLink } from '../../ssh-connections/ssh-link.ts';
import type { Reporter } from '../gateways/gateway.ts';
import { pump } from '../listening/pump.ts';
import { listenRemotely, type RemoteListener } from './remote-listener.ts';
import { readSocksRequest, socksFailure, socksSuccess } from './socks.ts';

export interface ForwardOptions {
  target: ForwardTarget;
  borrow(signal: AbortSignal): Promise<BorrowedConnection>;
  access: AccessWatch;
  reporter: Reporter;
}

type Way = Duplex & { readonly refusal: string };

const loginWaitMs = 120_000;

/** A port forward over SSH. Its connection is made when it is first needed and again after it broke; the local port stays (RFC 4254 §7, RFC 1928). */
export class ForwardRunner {
  readonly #options: ForwardOptions;
  readonly #link: SshLink;
  readonly #stopWatching: () => void;
  readonly #closing = new AbortController();
  #listener: LocalListener | null = null;
  #remote: RemoteListener | null = null;
  #waitingForLogin = 0;
  #certificate: number | undefined;
  #requests: readonly string[];
  /** The login has another certificate than the one that the connection to the server was made with. */
  #isOutdated = false;

  constructor(options: ForwardOptions) {
    this.#options = options;
    this.#link = new SshLink(options.borrow);
    const access = options.access.of(options.target.server.cluster);
    this.#certificate = access?.certificate;
    this.#requests = access?.requests ?? [];
    this.#stopWatching = options.access.onChange(() => this.#accessChanged());
  }

  /** For remote forwards the port on the server. */
  get port(): number {
    return this.#remote?.port ?? this.#listener?.port ?? 0;
  }

  async open(port: number | null): Promise<void> {
    if (this.#options.target.forward.type === 'remote') await this.#listenRemotely();
    else await this.move(port);
  }

  async move(port: number | null): Promise<void> {
    if (this.#options.target.forward.type === 'remote')
      throw new AppError('invalid-argument', 'The port of this forward is on the server. Change the forward itself.');
    const listener = await LocalListener.open({
      port,
      onConnection: (socket) => void this.#serve(socket),
      onStranger: () =>
        this.#options.reporter.failed(new AppError('access-denied', 'Another user of this computer tried to use this connection, and was refused.')),
    });
    this.#listener?.close();
    this.#listener = listener;
    if (this.#closing.signal.aborted) listener.close();
  }

  close(): void {
    this.#closing.abort();
    this.#stopWatching();
    this.#listener?.close();
    this.#remote?.close();
    this.#link.close();
  }

  async #serve(local: Socket): Promise<void> {
    const { reporter, target } = this.#options;
    reporter.traffic.follow(local);
    const isSocks = target.forward.type === 'dynamic';
    try {
      const wanted = target.forward.type === 'local' ? { ...target.forward.to, rest: null } : await readSocksRequest(local);
      let remote: Way;
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

  #join(local: Duplex, remote: Way, head: Buffer | null): void {
    remote.once('data', () => this.#options.reporter.worked());
    // ssh2's channels stay open for writing until they are closed; a half-closed connection has no use beyond its last bytes.
    pump({
      local,
      remote,
      head,
      onEnd: (error) => {
        if (remote.refusal) this.#failed(refused(remote.refusal));
        else if (error) this.#failed(error);
      },
    });
  }

  async #reach(host: string, port: number): Promise<Way> {
    // What goes on over the old connection goes on; only when nothing does is it left for one with the login's new rights.
    if (this.#isOutdated && this.#options.reporter.traffic.clients <= 1) {
      this.#isOutdated = false;
      this.#link.drop();
    }
    const borrowed = await this.#borrowed();
    return borrowed.open((connection) => connection.forwardOut(host, port));
  }

  async #borrowed() {
    const { access, reporter, target } = this.#options;
    try {
      return await this.#link.borrowed();
    } catch (caught) {
      const error = AppError.from(caught);
      if (error.code !== 'expired') throw error;
      this.#waitingForLogin++;
      reporter.wants('login');
      try {
        const patience = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(loginWaitMs)]);
        if (!(await access.signedIn(target.server.cluster, patience))) throw error;
      } finally {
        this.#waitingForLogin--;
        if (this.#waitingForLogin === 0) reporter.wants(null);
      }
      return this.#link.borrowed();
    }
  }

  async #listenRemotely(): Promise<void> {
    const { target, reporter } = this.#options;
    const { forward } = target;
    if (forward.type !== 'remote') return;
    const { connection } = await this.#link.borrowed();
    this.#remote = await listenRemotely(connection, forward, {
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

  #accessChanged(): void {
    const access = this.#options.access.of(this.#options.target.server.cluster);
    const isOther = access?.certificate !== this.#certificate;
    const lost = this.#requests.some((id) => !access?.requests.includes(id));
    this.#certificate = access?.certificate;
    this.#requests = access?.requests ?? [];
    if (access?.signedIn && !lost) {
      this.#isOutdated ||= isOther;
      return;
    }
    const hadClients = this.#options.reporter.traffic.clients > 0;
    this.#listener?.endAll();
    this.#remote?.endAll();
    this.#link.drop();
    if (hadClients)
      this.#options.reporter.failed(
        access?.signedIn
          ? new AppError('access-denied', 'The access request that these connections rested on is over, so they were closed.')
          : new AppError('expired', `${loginEnd(access)}, so the connections through here were closed. Log in again to go on.`),
      );
  }
}

/** What a Teleport node says on a channel's stderr before it closes it (ssh-and-gateways §2.7). */
function refused(text: string): AppError {
  const reason = text
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 300);
  if (/not allowed/.test(reason)) return new AppError('access-denied', `The server does not let you forward ports: ${reason}.`);
  return new AppError('unreachable', `The server could not reach the target: ${reason}.`);
}
