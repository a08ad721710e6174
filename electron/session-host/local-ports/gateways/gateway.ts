import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { GatewayTicket } from '../../../host-contract/ticket.ts';
import { LocalListener } from '../../../lib/loopback/local-listener.ts';
import { dialTls } from '../../../teleport/connect/tls.ts';
import { connectionError } from '../../../teleport/connect/tls-errors.ts';
import { type AccessWatch, loginEnd } from '../../access-watch.ts';
import type { Traffic } from '../listening/traffic.ts';
import { type Credentials, CredentialsKeeper } from './credentials.ts';

/** Told how it goes, for the connection list. */
export interface Reporter {
  readonly traffic: Traffic;
  /** A connection through it failed, or all of them ended. */
  failed(error: AppError): void;
  /** A connection through it works. */
  worked(): void;
  wants(what: 'login' | null): void;
  /** A new certificate came. */
  renewed(ticket: GatewayTicket): void;
}

export interface GatewayOptions {
  /** Key of the login that it belongs to. */
  cluster: string;
  fetchTicket(): Promise<GatewayTicket>;
  /** A certificate was refused although it had not run out. */
  refused(): void;
  access: AccessWatch;
  reporter: Reporter;
  now: () => number;
}

/** Speaks with one program that connected to the gateway's port. */
export interface Door {
  serve(socket: Socket): void;
  /** Ends what goes on to the target. */
  close(): void;
}

const loginWaitMs = 120_000;
/** Handshakes at a time; more wait. */
const maxDials = 32;

/**
 * A port on loopback and the way from it to one target behind the cluster. The certificate is renewed when a connection needs it; the port stays. Its
 * connections end when the access they rest on does.
 */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #keeper: CredentialsKeeper;
  readonly #stopWatching: () => void;
  readonly #closing = new AbortController();
  readonly #queue: (() => void)[] = [];
  #dials = 0;
  /** Ends with the access that connections are being made with. */
  #dialling = new AbortController();
  #waitingForLogin = 0;
  #certificate: number | undefined;
  #requests: readonly string[];
  #listener: LocalListener | null = null;
  #door: Door | null = null;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#keeper = new CredentialsKeeper(async () => {
      const ticket = await options.fetchTicket();
      options.reporter.renewed(ticket);
      return ticket;
    }, options.now);
    const access = options.access.of(options.cluster);
    this.#certificate = access?.certificate;
    this.#requests = access?.requests ?? [];
    this.#stopWatching = options.access.onChange(() => this.#accessChanged());
  }

  get port(): number {
    return this.#listener?.port ?? 0;
  }

  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  get reporter(): Reporter {
    return this.#options.reporter;
  }

  /** Begins to listen; null takes any free port. */
  async open(port: number | null, door: Door): Promise<void> {
    this.#door = door;
    await this.move(port);
  }

  /** Listens on another port, and leaves the old one once that works. */
  async move(port: number | null): Promise<void> {
    const listener = await LocalListener.open({
      port,
      onConnection: (socket) => (this.#closing.signal.aborted ? socket.destroy() : this.#door?.serve(socket)),
      onStranger: () =>
        this.reporter.failed(new AppError('access-denied', 'Another user of this computer tried to use this connection, and was refused.')),
    });
    this.#listener?.close();
    this.#listener = listener;
    if (this.#closing.signal.aborted) listener.close();
  }

  credentials(): Promise<Credentials> {
    return this.#keeper.get();
  }

  /** Credentials, after a login if it takes one. Rejects when nobody logs in for two minutes or the signal comes. */
  async credentialsAfterLogin(signal: AbortSignal): Promise<Credentials> {
    try {
      return await this.#keeper.get();
    } catch (caught) {
      const error = AppError.from(caught);
      if (error.code !== 'expired') throw error;
      this.#waitForLogin(1);
      try {
        const patience = AbortSignal.any([signal, this.#closing.signal, AbortSignal.timeout(loginWaitMs)]);
        if (!(await this.#options.access.signedIn(this.#options.cluster, patience))) throw error;
      } finally {
        this.#waitForLogin(-1);
      }
      return this.#keeper.get();
    }
  }

  /** A connection to the target. What it reports later, such as a refused certificate, comes as the socket's error. */
  async dial({ ticket, context }: Credentials, signal: AbortSignal): Promise<TLSSocket> {
    const during = AbortSignal.any([signal, this.#closing.signal, this.#dialling.signal]);
    await this.#turn(during);
    try {
      const { proxy, tls } = ticket;
      const { ca, servername, alpn } = tls;
      return await dialTls({ ...proxy, servername, alpn, context, ...(ca ? { ca } : {}), signal: during });
    } finally {
      this.#dials--;
      this.#queue.shift()?.();
    }
  }

  /** Makes sense of a failure, tells the list, and forgets a certificate that the cluster does not take. */
  failed(caught: unknown): AppError {
    const address = `${this.#keeper.held?.ticket.proxy.host ?? 'the cluster'}`;
    const error = caught instanceof AppError ? caught : connectionError(caught, address);
    if (error.code === 'expired' || error.code === 'access-denied') {
      this.#keeper.drop();
      if (!(caught instanceof AppError)) this.#options.refused();
    }
    if (error.code !== 'cancelled') this.reporter.failed(error);
    return error;
  }

  /** Ends what goes on to the target; the port stays. Who waits for a certificate, or comes next, gets a new one. */
  endAll(reason: AppError): void {
    this.#keeper.drop();
    const hadClients = this.reporter.traffic.clients > 0;
    this.#dialling.abort(reason);
    this.#dialling = new AbortController();
    this.#door?.close();
    if (hadClients) this.reporter.failed(reason);
  }

  close(): void {
    this.#closing.abort(new AppError('closed', 'The connection was closed.'));
    this.#stopWatching();
    this.#listener?.close();
    this.#door?.close();
    this.#keeper.drop();
  }

  async #turn(signal: AbortSignal): Promise<void> {
    if (this.#dials >= maxDials) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#dials++;
    if (!signal.aborted) return;
    this.#dials--;
    this.#queue.shift()?.();
    signal.throwIfAborted();
  }

  #waitForLogin(change: 1 | -1): void {
    this.#waitingForLogin += change;
    this.reporter.wants(this.#waitingForLogin > 0 ? 'login' : null);
  }

  #accessChanged(): void {
    const access = this.#options.access.of(this.#options.cluster);
    if (!access?.signedIn) {
      this.endAll(
        new AppError('expired', `${loginEnd(access)}, so the connections through here were closed. Log in again to go on.`, {
          details: { cluster: this.#options.cluster },
        }),
      );
      return;
    }
    const isOther = access.certificate !== this.#certificate;
    this.#certificate = access.certificate;
    if (this.#requests.some((id) => !access.requests.includes(id)))
      this.endAll(new AppError('access-denied', 'The access request that these connections rested on is over, so they were closed.'));
    // New connections have the login's new rights; what is open goes on with the old ones, which it still has.
    else if (isOther) this.#keeper.drop();
    this.#requests = access.requests;
  }
}
