/*
 * A gateway takes connections on a loopback port and carries each to one target behind the cluster. For a new connection
 * `PortProtocol` (http-protocol, kube-protocol or tunnel-protocol) judges the first bytes, since a web page must not be able to
 * talk to the port; `CredentialsKeeper` has a valid certificate; `dial` makes a TLS connection to the proxy, which routes by ALPN
 * and the certificate; then bytes are joined, or HTTP requests relayed.
 */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { GatewayTicket } from '../../../host-contract/ticket.ts';
import { dialTls } from '../../../teleport/connect/tls.ts';
import { connectionError } from '../../../teleport/connect/tls-errors.ts';
import type { AccessWatch } from '../../access-watch.ts';
import { AccessGuard } from '../listening/access-guard.ts';
import { MovableListener } from '../listening/movable-listener.ts';
import type { Reporter } from '../listening/reporter.ts';
import { type Credentials, CredentialsKeeper } from './credentials.ts';

export interface GatewayOptions {
  /** Key of the gateway's login. */
  cluster: string;
  fetchTicket(): Promise<GatewayTicket>;
  /** Called when a new certificate has come. */
  renewed(ticket: GatewayTicket): void;
  /** Called when a certificate was refused although it had not expired. */
  refused(): void;
  access: AccessWatch;
  reporter: Reporter;
  now: () => number;
}

/** Serves one program that connected to the gateway's port. */
export interface PortProtocol {
  serve(socket: Socket): void;
  /** Ends the connections to the target. */
  close(): void;
}

/** Handshakes at a time. A program that opens hundreds of connections at once must not overload the proxy; the others wait. */
const maxDials = 32;

/**
 * A port on loopback that leads to one target behind the cluster. The certificate is renewed when a connection needs it; the port
 * stays. Connections end when the access they rest on ends.
 */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #keeper: CredentialsKeeper;
  readonly #guard: AccessGuard;
  readonly #listener: MovableListener;
  readonly #closing = new AbortController();
  readonly #queue: (() => void)[] = [];
  #dials = 0;
  /** Aborted when the access ends that the present handshakes use. */
  #dialling = new AbortController();
  #protocol: PortProtocol | null = null;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#keeper = new CredentialsKeeper(async () => {
      const ticket = await options.fetchTicket();
      options.renewed(ticket);
      return ticket;
    }, options.now);
    this.#guard = new AccessGuard({
      ...options,
      end: (reason) => this.#end(reason),
      renewed: () => this.#keeper.drop(),
    });
    this.#listener = new MovableListener((socket) => this.#protocol?.serve(socket), options.reporter);
  }

  get port(): number {
    return this.#listener.port;
  }

  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  get reporter(): Reporter {
    return this.#options.reporter;
  }

  /** Begins to listen; null takes any free port. */
  async open(port: number | null, protocol: PortProtocol): Promise<void> {
    this.#protocol = protocol;
    await this.move(port);
  }

  /** Listens on another port, and leaves the old one once that works. */
  move(port: number | null): Promise<void> {
    return this.#listener.move(port);
  }

  credentials(): Promise<Credentials> {
    return this.#keeper.get();
  }

  /** Credentials, after a login if one is needed. Rejects when nobody logs in for two minutes, or the signal comes. */
  credentialsAfterLogin(signal: AbortSignal): Promise<Credentials> {
    return this.#guard.afterLogin(() => this.#keeper.get(), signal);
  }

  /** A connection to the target. Later failures, such as a refused certificate, come as the socket's error. */
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

  /** Explains a failure, shows it in the list, and drops a certificate that the cluster refused. */
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

  /** Ends the connections to the target; the port stays. Pending and later connections fetch a new certificate. */
  endAll(reason: AppError): void {
    this.#guard.end(reason);
  }

  close(): void {
    this.#closing.abort(new AppError('closed', 'The connection was closed.'));
    this.#guard.close();
    this.#listener.close();
    this.#protocol?.close();
    this.#keeper.drop();
  }

  #end(reason: AppError): void {
    this.#keeper.drop();
    this.#dialling.abort(reason);
    this.#dialling = new AbortController();
    this.#protocol?.close();
  }

  async #turn(signal: AbortSignal): Promise<void> {
    if (this.#dials >= maxDials) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#dials++;
    if (!signal.aborted) return;
    this.#dials--;
    this.#queue.shift()?.();
    signal.throwIfAborted();
  }
}
