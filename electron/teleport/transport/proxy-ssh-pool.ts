import { createHash } from 'node:crypto';
import { type ClientHttp2Session, connect } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { type Lease, SharedPool } from '../../lib/shared-pool.ts';
import { addressOf, type ProxyRoute } from '../connect/proxy-route.ts';
import { isReset } from '../connect/reset-socket.ts';
import { dialTls, type TlsTarget } from '../connect/tls.ts';
import { connectionError } from '../connect/tls-errors.ts';

/** The parameters of a ProxySSH call: where the proxy is, which identity the transport shows, and which server to dial. */
export interface ProxySshTarget {
  readonly proxy: ProxyRoute;
  readonly tls: { readonly servername: string; readonly ca: readonly string[]; readonly cert: string; readonly key: string };
  readonly dial: { readonly hostPort: string; readonly cluster: string };
}

/** One HTTP/2 connection and, once it has ended, the reason. */
export interface PooledConnection {
  readonly http2: ClientHttp2Session;
  /** The connection's failure as a sentence; null for a normal end. */
  failure(): AppError | null;
}

// How much one stream may hold in memory while its reader has stopped: enough for a line of 1 Gbit/s with a round trip of 200 ms.
const streamWindow = 24 * 1024 * 1024;
// All streams of a connection share this window. When one is stopped and full, as much again remains for the others.
const connectionWindow = 48 * 1024 * 1024;
/** Opening a further terminal within a minute saves the TLS handshake; longer, the connection only burdens the proxy. */
const keepMs = 60_000;
/** How often connections are checked for a reset that Node did not report (see reset-socket.ts). */
const watchMs = 1000;

/** HTTP/2 connections to proxies, shared by calls with the same proxy and certificate, and closed when unused for a minute. */
export class ProxySshPool {
  readonly #dial: (target: TlsTarget) => Promise<TLSSocket>;
  readonly #connections: SharedPool<ProxySshTarget, PooledConnection>;

  constructor(dial: (target: TlsTarget) => Promise<TLSSocket> = dialTls) {
    this.#dial = dial;
    this.#connections = new SharedPool({
      open: (_key, target, signal, retire) => this.#open(target, signal, retire),
      // Calls on a connection are cut when the pool is closed; an unused connection has none.
      close: ({ http2 }) => http2.destroy(),
      isUsable: ({ http2 }) => !http2.closed && !http2.destroyed,
      keepMs,
    });
  }

  lease(target: ProxySshTarget, signal?: AbortSignal): Promise<Lease<PooledConnection>> {
    return this.#connections.lease(keyOf(target), target, signal);
  }

  close(): void {
    this.#connections.close();
  }

  async #open({ proxy, tls }: ProxySshTarget, signal: AbortSignal, retire: () => void): Promise<PooledConnection> {
    const socket = await this.#dial({ ...proxy, ...tls, alpn: ['teleport-proxy-ssh-grpc', 'h2'], signal });
    let cause: unknown = null;
    socket.on('error', (error) => {
      cause ??= error;
    });
    const http2 = connect(`https://${tls.servername}`, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: streamWindow },
      maxSessionMemory: 64,
    });
    http2.on('error', (error) => {
      cause ??= error;
    });
    // A connection that the proxy is closing takes no new calls; present ones go on.
    http2.once('goaway', retire);
    http2.once('close', retire);
    const watch = setInterval(() => {
      if (isReset(socket)) http2.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
    }, watchMs).unref();
    http2.once('close', () => clearInterval(watch));
    await new Promise<void>((resolve) => {
      http2.once('connect', resolve);
      http2.once('close', resolve);
    });
    if (!http2.destroyed) http2.setLocalWindowSize(connectionWindow);
    return { http2, failure: () => (cause === null ? null : connectionError(cause, addressOf(proxy))) };
  }
}

function keyOf({ proxy, tls }: ProxySshTarget): string {
  const parts = [proxy.host, proxy.port, proxy.upgrade, proxy.trustedFingerprint, tls.servername, tls.cert, ...tls.ca];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
