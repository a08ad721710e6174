import type { Socket } from 'node:net';
import { CallCredentials, ChannelCredentials, Client, Metadata } from '@grpc/grpc-js';
import { formatAddress } from '../connect/address.ts';
import { httpProxyFor, tunnelThrough } from '../connect/http-proxy.ts';
import { addressOf } from '../connect/proxy-route.ts';
import type { HttpProxy } from '../connect/tunnel.ts';
import { toAppError } from '../transport/grpc-errors.ts';
import { type ChannelRoute, connectAuth } from './auth-route.ts';

export interface Method<Request, Response> {
  readonly path: string;
  readonly encode: (request: Request) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => Response;
}

/** The slowest answers are pages of thousands of resources over a slow line. */
const unaryTimeoutMs = 30_000;

/**
 * gRPC calls on one lasting mTLS connection to an auth server, which reconnects by itself. Failures are AppErrors. The calls carry
 * no `version`: a server checks only a version that is sent, and closes the connection without a word when it is older than its
 * minimum (login-and-auth §9).
 */
export class AuthChannel {
  readonly #route: ChannelRoute;
  readonly #client: Client;
  /** The last failure of the connection itself, since gRPC only passes its text on. Cleared by the next success. */
  #connection: unknown;
  readonly #closing = new AbortController();

  constructor(route: ChannelRoute) {
    this.#route = route;
    const proxy = httpProxyFor(route.host, route.port);
    const credentials = new RouteCredentials(route, proxy, this.#closing.signal, (error) => {
      this.#connection = error;
    });
    // grpc-js looks up the name and makes the TCP connection, to the HTTP proxy where there is one.
    this.#client = new Client(proxy ? formatAddress(proxy.host, proxy.port) : addressOf(route), credentials, {
      'grpc.default_authority': addressOf(route),
      'grpc.primary_user_agent': 'slipway',
      'grpc.initial_reconnect_backoff_ms': 500,
      'grpc.max_reconnect_backoff_ms': 10_000,
      'grpc.enable_http_proxy': 0,
      'grpc.service_config_disable_resolution': 1,
      'grpc.use_local_subchannel_pool': 1,
      'grpc.keepalive_time_ms': 60_000,
      'grpc.keepalive_timeout_ms': 20_000,
      // With HTTP/2's own 64 KB a page of resources takes many round trips.
      'grpc-node.flow_control_window': 8 * 1024 * 1024,
    });
  }

  /** Resolves to the answer; rejects with what `toAppError` makes of the failure, the original as its cause. */
  call<Request, Response>(method: Method<Request, Response>, request: Request, signal?: AbortSignal): Promise<Response> {
    return this.#settle(method, signal, (done) =>
      this.#client.makeUnaryRequest(
        method.path,
        encoder(method),
        decoder(method),
        request,
        new Metadata(),
        { deadline: Date.now() + unaryTimeoutMs },
        (error, answer) => (error ? done(error) : done(null, answer)),
      ),
    );
  }

  /** All messages of a server stream that ends by itself; `bad-response` when there are more than `max`. */
  collect<Request, Response>(method: Method<Request, Response>, request: Request, max: number, signal?: AbortSignal): Promise<Response[]> {
    return this.#settle(method, signal, (done) => {
      const messages: Response[] = [];
      const call = this.#client.makeServerStreamRequest(method.path, encoder(method), decoder(method), request, new Metadata(), {
        deadline: Date.now() + unaryTimeoutMs,
      });
      call.on('data', (message: Response) => {
        messages.push(message);
        if (messages.length > max) call.cancel();
      });
      call.once('error', (error) => done(messages.length > max ? { code: 13, details: 'endless stream' } : error));
      call.once('end', () => done(null, messages));
      return call;
    });
  }

  /**
   * Messages of a server stream that has no end of its own, as they come. Rejects when it ends: `cancelled` for the signal, `offline` when
   * the server ended it.
   */
  follow<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
    onMessage: (message: Response) => void,
    signal: AbortSignal,
  ): Promise<never> {
    return this.#settle<never>(method, signal, (done) => {
      const call = this.#client.makeServerStreamRequest(method.path, encoder(method), decoder(method), request, new Metadata());
      call.on('data', onMessage);
      call.on('error', (error) => done(error));
      call.once('end', () => done({ code: 14, details: 'the server ended the stream' }));
      return call;
    });
  }

  /** Aborts a connection that is being made; an established one closes after the calls on it. */
  close(): void {
    this.#closing.abort();
    this.#client.close();
  }

  #settle<Answer>(
    method: { path: string },
    signal: AbortSignal | undefined,
    start: (done: (error: unknown, answer?: Answer) => void) => { cancel(): void },
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(toAppError(signal.reason, this.#context(method.path)));
      const cancel = () => call.cancel();
      const call = start((error, answer) => {
        signal?.removeEventListener('abort', cancel);
        if (error)
          return reject(signal?.aborted ? toAppError(signal.reason, this.#context(method.path)) : toAppError(error, this.#context(method.path)));
        this.#connection = undefined;
        resolve(answer as Answer);
      });
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  #context(rpc: string) {
    return { address: addressOf(this.#route), rpc, connection: this.#connection };
  }
}

const encoder =
  <Request, Response>(method: Method<Request, Response>) =>
  (request: Request) =>
    Buffer.from(method.encode(request));
const decoder =
  <Request, Response>(method: Method<Request, Response>) =>
  (bytes: Buffer) =>
    method.decode(bytes);

/** The hook into grpc-js: it gets the TCP connection and returns the connection that the route makes of it. */
class RouteCredentials extends ChannelCredentials {
  readonly #route: ChannelRoute;
  readonly #proxy: HttpProxy | null;
  readonly #closing: AbortSignal;
  readonly #onFailure: (error: unknown) => void;

  constructor(route: ChannelRoute, proxy: HttpProxy | null, closing: AbortSignal, onFailure: (error: unknown) => void) {
    super();
    this.#route = route;
    this.#proxy = proxy;
    this.#closing = closing;
    this.#onFailure = onFailure;
  }

  override _isSecure(): boolean {
    return true;
  }

  override _equals(other: ChannelCredentials): boolean {
    return this === other;
  }

  override _createSecureConnector(
    _target: unknown,
    _options: unknown,
    callCredentials?: CallCredentials,
  ): ReturnType<ChannelCredentials['_createSecureConnector']> {
    return {
      connect: async (tcp: Socket) => {
        try {
          const transport = this.#proxy ? await tunnelThrough(tcp, this.#proxy, addressOf(this.#route), this.#closing) : tcp;
          const socket = await connectAuth(transport, this.#route, this.#closing);
          this.#onFailure(undefined);
          // In TLS 1.3 a refused client certificate shows only now, at the first read (login-and-auth §4.6).
          socket.on('error', this.#onFailure);
          return { socket, secure: true };
        } catch (error) {
          this.#onFailure(error);
          throw error;
        }
      },
      waitForReady: async () => {},
      getCallCredentials: () => callCredentials ?? CallCredentials.createEmpty(),
      destroy: () => {},
    };
  }
}
