import type { ClusterState } from '../state/cluster-state.ts';
import type { Peer } from '../tls/tls-listener.ts';
import { isSince } from '../versions.ts';

/** Who calls which cluster, over a connection that the handler may cut. */
export interface CallContext {
  readonly cluster: ClusterState;
  readonly peer: Peer | null;
  readonly remoteAddress: string;
  readonly signal: AbortSignal;
}

/** One RPC as bytes: what the server needs to know of it. */
export interface Method {
  readonly path: string;
  readonly streams: boolean;
  /** Decodes the request and calls the handler; undecodable bytes throw a RangeError. */
  run(request: Uint8Array, context: CallContext, send: (message: Uint8Array) => void): Promise<void>;
}

interface Decoder<T> {
  decode(bytes: Uint8Array): T;
}

interface Encoder<T> {
  encode(message: T): { finish(): Uint8Array };
}

type Handler<Request, Response> = (request: Request, context: CallContext) => Response | Promise<Response>;

export function unary<Request, Response>(
  path: string,
  request: Decoder<Request>,
  response: Encoder<Response>,
  handler: Handler<Request, Response>,
): Method {
  return {
    path,
    streams: false,
    run: async (bytes, context, send) => send(response.encode(await handler(request.decode(bytes), context)).finish()),
  };
}

/** A server stream whose messages are all known at once, and which stays open while `hold` is set. */
export function serverStream<Request, Response>(
  path: string,
  request: Decoder<Request>,
  response: Encoder<Response>,
  handler: Handler<Request, readonly Response[]>,
  hold = false,
): Method {
  return {
    path,
    streams: true,
    run: async (bytes, context, send) => {
      for (const message of await handler(request.decode(bytes), context)) send(response.encode(message).finish());
      if (hold) await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve(), { once: true }));
    },
  };
}

/** The path of a call of AuthService, the service that has most of the calls. */
export const authPath = (name: string): string => `/proto.AuthService/${name}`;

/** The method in a list, which is empty when the emulated version is older than `major`. */
export const since = (version: string, major: number, method: Method): Method[] => (isSince(version, major) ? [method] : []);

/** The method in a list, which is empty when the emulated version is newer than major version `last`. */
export const until = (version: string, last: number, method: Method): Method[] => (isSince(version, last + 1) ? [] : [method]);

/** For messages that carry nothing, `google.protobuf.Empty` among them. */
export const empty = { decode: (_bytes: Uint8Array) => ({}), encode: (_message: object) => ({ finish: () => new Uint8Array() }) };
