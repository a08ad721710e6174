import { createHash } from 'node:crypto';
import { type ClientHttp2Session, connect } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { AppError } from '../../../shared/errors/app-error.ts';
import { isReset } from '../connect/reset-socket.ts';
import { dialTls, type TlsTarget } from '../connect/tls.ts';
import { connectionError } from '../connect/tls-errors.ts';

/** What a ProxySSH call needs: where the proxy is, the identity that the transport shows, and whom to dial. */
export interface ProxySshTarget {
  readonly proxy: {
    readonly host: string;
    readonly port: number;
    readonly upgrade: boolean;
    readonly version: string;
    readonly trustedFingerprint: string | null;
  };
  readonly tls: { readonly servername: string; readonly ca: readonly string[]; readonly cert: string; readonly key: string };
  readonly dial: { readonly hostPort: string; readonly cluster: string };
}

/** One HTTP/2 session and why it ended, once it has. */
export interface PooledSession {
  readonly http2: ClientHttp2Session;
  /** The session's failure in words; a plain end gives null. */
  failure(): AppError | null;
  /** Takes it out of use for new calls, when it does not answer; those on it go on. */
  retire(): void;
}

interface Entry {
  ready: Promise<PooledSession>;
  users: number;
  idle: NodeJS.Timeout | undefined;
  http2: ClientHttp2Session | undefined;
}

const streamWindow = 24 * 1024 * 1024;
const sessionWindow = 48 * 1024 * 1024;
const idleMilliseconds = 60_000;
const watchMilliseconds = 1000;

/** HTTP/2 sessions to proxies, shared by calls with the same proxy and certificate, closed when unused for a minute. */
export class ProxySshPool {
  readonly #dial: (target: TlsTarget) => Promise<TLSSocket>;
  readonly #entries = new Map<string, Entry>();
  #isClosed = false;

  constructor(dial: (target: TlsTarget) => Promise<TLSSocket> = dialTls) {
    this.#dial = dial;
  }

  /** A session and the function that gives it back. */
  async acquire(target: ProxySshTarget): Promise<{ session: PooledSession; release: () => void }> {
    if (this.#isClosed) throw new AppError('closed', 'Slipway is closing its connections.');
    const key = keyOf(target);
    const known = this.#entries.get(key);
    const entry = known && !known.http2?.closed && !known.http2?.destroyed ? known : this.#add(key, target);
    entry.users++;
    clearTimeout(entry.idle);
    let isReleased = false;
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      if (--entry.users > 0) return;
      if (this.#entries.get(key) !== entry) entry.http2?.destroy();
      else entry.idle = setTimeout(() => this.#remove(key, entry), idleMilliseconds).unref();
    };
    try {
      return { session: await entry.ready, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const [key, entry] of this.#entries) {
      this.#remove(key, entry);
      entry.http2?.destroy();
    }
  }

  #add(key: string, target: ProxySshTarget): Entry {
    const entry: Entry = {
      users: 0,
      idle: undefined,
      http2: undefined,
      ready: this.#open(
        target,
        (http2) => this.#watch(key, entry, http2),
        () => this.#forget(key, entry),
      ),
    };
    entry.ready.catch(() => this.#remove(key, entry));
    this.#entries.set(key, entry);
    return entry;
  }

  #watch(key: string, entry: Entry, http2: ClientHttp2Session): void {
    entry.http2 = http2;
    if (this.#isClosed) http2.destroy();
    // A session that the proxy is closing takes no new calls; the ones on it go on.
    http2.once('goaway', () => this.#forget(key, entry));
    http2.once('close', () => this.#remove(key, entry));
  }

  #forget(key: string, entry: Entry): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }

  #remove(key: string, entry: Entry): void {
    this.#forget(key, entry);
    clearTimeout(entry.idle);
    if (entry.users === 0) entry.http2?.close();
  }

  async #open({ proxy, tls }: ProxySshTarget, opened: (http2: ClientHttp2Session) => void, retire: () => void): Promise<PooledSession> {
    const socket = await this.#dial({ ...proxy, ...tls, alpn: ['teleport-proxy-ssh-grpc', 'h2'] });
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
    opened(http2);
    const watch = setInterval(() => {
      if (isReset(socket)) http2.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
    }, watchMilliseconds).unref();
    http2.once('close', () => clearInterval(watch));
    await new Promise<void>((resolve) => {
      http2.once('connect', resolve);
      http2.once('close', resolve);
    });
    if (!http2.destroyed) http2.setLocalWindowSize(sessionWindow);
    return { http2, failure: () => (cause === null ? null : connectionError(cause, `${proxy.host}:${proxy.port}`)), retire };
  }
}

function keyOf({ proxy, tls }: ProxySshTarget): string {
  const parts = [proxy.host, proxy.port, proxy.upgrade, proxy.trustedFingerprint, tls.servername, tls.cert, ...tls.ca];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
