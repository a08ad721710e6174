import { type ClientRequest, request as plainRequest } from 'node:http';
import { Agent, type AgentOptions, request as secureRequest } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';

type Callback = (error: Error | null, stream: Duplex) => void;
type Destination = { host?: string | null; port?: string | number | null; servername?: string };

/** Reaches https servers through a proxy's CONNECT. The proxy sees the server's name and TLS bytes, nothing else. */
export class TunnelAgent extends Agent {
  readonly #proxy: URL;
  readonly #tls: AgentOptions;
  readonly #timeoutMs: number;
  readonly #asking = new Set<ClientRequest>();

  constructor(proxy: URL, options: AgentOptions & { timeoutMs: number }) {
    super(options);
    this.#proxy = proxy;
    this.#tls = options;
    this.#timeoutMs = options.timeoutMs;
  }

  override createConnection(options: Destination, callback?: Callback): undefined {
    const host = options.host ?? '';
    const done: Callback = (error, stream) => callback?.(error, stream);
    const fail = (error: Error) => done(error, undefined as never);
    const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${options.port ?? 443}`;
    const { protocol, hostname, port, username, password } = this.#proxy;
    if (protocol !== 'http:' && protocol !== 'https:') return void fail(new Error(`proxies of the kind ${protocol} are not supported`));
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    const asking = (protocol === 'https:' ? secureRequest : plainRequest)({
      method: 'CONNECT',
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port || (protocol === 'https:' ? 443 : 80),
      path: authority,
      agent: false,
      timeout: this.#timeoutMs,
      headers: { host: authority, ...(username === '' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }) },
      ...(this.#tls.ca ? { ca: this.#tls.ca } : {}),
    });
    this.#asking.add(asking);
    asking.on('close', () => this.#asking.delete(asking));
    asking.on('timeout', () => asking.destroy(new Error('the proxy did not answer in time')));
    asking.on('error', fail);
    asking.on('response', (response) => {
      response.resume();
      asking.destroy();
      fail(new Error(`the proxy answered ${response.statusCode}`));
    });
    asking.on('connect', (response, socket, head) => {
      if (response.statusCode !== 200 || head.length > 0) {
        socket.destroy();
        return fail(new Error(`the proxy answered ${response.statusCode}`));
      }
      socket.setTimeout(0);
      const secure = connect({ ...this.#tls, socket, servername: options.servername ?? (isIP(host) ? '' : host), host });
      const failed = (error: Error) => fail(error);
      secure.once('error', failed);
      secure.once('secureConnect', () => {
        secure.off('error', failed);
        done(null, secure);
      });
    });
    asking.end();
    return undefined;
  }

  override destroy(): void {
    for (const asking of this.#asking) asking.destroy();
    super.destroy();
  }
}
