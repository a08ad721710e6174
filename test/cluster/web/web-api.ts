import http from 'node:http';
import http2 from 'node:http2';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type tls from 'node:tls';
import type { FaultBox } from '../faults.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { isSince } from '../versions.ts';
import { readJson, sendJson, sendNotFound, sendText, WebError } from './answers.ts';
import { spoil } from './bad-answers.ts';
import { ConnectionUpgrade } from './connection-upgrade.ts';
import type { Login } from './login.ts';
import { configScript, find, ping, pingConnector, type WebFacts } from './ping.ts';
import { RateLimit } from './rate-limit.ts';
import type { SingleSignOn } from './single-sign-on.ts';

export interface WebApiOptions {
  readonly cluster: ClusterState;
  readonly facts: WebFacts;
  readonly login: Login;
  readonly sso: SingleSignOn;
  readonly faults: FaultBox;
  readonly rateLimit: boolean;
  /** Takes upgraded connections. */
  acceptStream(stream: Duplex): void;
}

const builtIn = new Set(['local', 'passwordless', 'headless']);

/** Where the browser is sent after a login for another program. */
const messagePage = (path: string) =>
  `<!doctype html><title>Teleport</title><p>${path.includes('/info/') ? 'You are logged in. You may close this window.' : 'The login failed.'}`;

/** The proxy's public web API (login-and-auth §1). It never listens by itself: TLS sockets come through `accept`. */
export class WebApi {
  readonly #options: WebApiOptions;
  readonly #http: http.Server;
  readonly #http2: http2.Http2Server;
  readonly #upgrade: ConnectionUpgrade;
  readonly #limit: RateLimit;

  constructor(options: WebApiOptions) {
    this.#options = options;
    this.#limit = new RateLimit(options.cluster.now);
    this.#upgrade = new ConnectionUpgrade(options.acceptStream, options.facts.version);
    const onRequest = (request: http.IncomingMessage, response: http.ServerResponse) => void this.#answer(request, response);
    this.#http = http.createServer(onRequest);
    this.#http2 = http2.createServer({}, onRequest as unknown as (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => void);
    this.#http.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      if (new URL(request.url ?? '/', 'https://proxy').pathname.replace(/^\/v1\//, '/') === '/webapi/connectionupgrade')
        this.#upgrade.handle(request, socket, head);
      else socket.destroy();
    });
  }

  accept(socket: tls.TLSSocket): void {
    (socket.alpnProtocol === 'h2' ? this.#http2 : this.#http).emit('connection', socket);
  }

  close(): void {
    this.#upgrade.close();
    this.#http.closeAllConnections();
    this.#http.close();
    this.#http2.close();
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { faults } = this.#options;
    const { slow } = faults.current;
    const path = new URL(request.url ?? '/', 'https://proxy').pathname.replace(/^\/v1\/webapi\//, '/webapi/');
    if (faults.drops('web')) {
      request.socket.destroy();
      return;
    }
    response.setHeader('Date', new Date(this.#options.cluster.now()).toUTCString());
    if (slow) await delay(slow);
    const fault = faults.answer('web', path);
    if (fault) {
      spoil(fault, request, response);
      return;
    }
    try {
      await this.#route(request, response, path);
    } catch (error) {
      const { status, message } = error instanceof WebError ? error : new WebError(500, 'internal error');
      if (!response.headersSent) sendJson(response, status, { error: { message } });
      if (status === 429) request.resume();
    }
  }

  async #route(request: http.IncomingMessage, response: http.ServerResponse, path: string): Promise<void> {
    const { cluster, facts, login, faults } = this.#options;
    const { lie, refuse } = faults.current;
    const address = request.socket.remoteAddress ?? '127.0.0.1';
    const url = new URL(request.url ?? '/', 'https://proxy');
    switch (`${request.method} ${path}`) {
      case 'GET /webapi/ping':
        sendJson(
          response,
          200,
          ping(cluster, facts, {
            ...(lie === 'version' ? { version: '99.0.0' } : {}),
            ...(lie === 'cluster-name' ? { cluster: 'somebody-else' } : {}),
          }),
        );
        return;
      case 'GET /webapi/find':
        sendJson(response, 200, find(cluster, facts));
        return;
      case 'GET /webapi/motd':
        sendJson(response, 200, { Text: facts.motd });
        return;
      case 'GET /web/config.js':
        sendText(response, 'application/javascript', configScript(cluster, facts));
        return;
      case 'GET /webapi/auth/export':
        sendText(response, 'text/plain', await this.#export(url.searchParams.get('type') ?? ''));
        return;
      case 'POST /webapi/authconnectors':
        if (!isSince(facts.version, 18)) break;
        await readJson(request);
        sendJson(response, 200, { connectors: null });
        return;
      case 'POST /webapi/mfa/login/begin':
      case 'POST /webapi/mfa/login/finish': {
        this.#checkRate(address);
        const body = await readJson(request);
        if (refuse !== undefined) throw new WebError(403, refuse);
        sendJson(response, 200, path.endsWith('begin') ? login.begin(body) : await login.finish(body, address));
        return;
      }
      case 'POST /webapi/ssh/certs':
        if (isSince(facts.version, 18)) break;
        this.#checkRate(address);
        sendJson(response, 200, await login.finish(await readJson(request), address, 'otp_token'));
        return;
      default: {
        if (await this.#singleSignOn(request, response, path, url.searchParams)) return;
        const connector = request.method === 'GET' ? /^\/webapi\/ping\/([^/]+)$/.exec(path)?.[1] : undefined;
        if (connector === undefined) break;
        if (!builtIn.has(connector)) throw new WebError(400, `invalid connector name: ${connector}; valid options: `);
        sendJson(response, 200, pingConnector(cluster, facts, connector));
        return;
      }
    }
    sendNotFound(response, facts.version);
  }

  /** Answers what belongs to single sign-on; false for everything else. */
  async #singleSignOn(request: http.IncomingMessage, response: http.ServerResponse, path: string, query: URLSearchParams): Promise<boolean> {
    const { sso } = this.#options;
    const type = request.method === 'POST' ? /^\/webapi\/(oidc|saml|github)\/login\/console$/.exec(path)?.[1] : undefined;
    if (type !== undefined && sso.knows(type)) {
      const address = request.socket.remoteAddress ?? '127.0.0.1';
      this.#checkRate(address);
      sendJson(response, 200, sso.begin(type, await readJson(request), address));
      return true;
    }
    const page = path.startsWith('/demo-idp/')
      ? await sso.page(path, query)
      : /^\/web\/msg\/(info|error)\/\w+$/.test(path)
        ? messagePage(path)
        : null;
    if (page === null) return false;
    request.resume();
    sendText(response, 'text/html; charset=utf-8', page);
    return true;
  }

  #checkRate(address: string): void {
    const wait = this.#options.rateLimit ? this.#limit.take(address) : 0;
    if (wait > 0) throw new WebError(429, `rate limit exceeded, try again in ${wait}s`);
  }

  /** Public halves of the authorities (login-and-auth §1.5). */
  async #export(type: string): Promise<string> {
    const { name, authorities } = this.#options.cluster;
    switch (type) {
      case 'host':
        return `@cert-authority ${name},*.${name} ${authorities.hostSsh.line.trim()} type=host\n`;
      case 'user':
        return `cert-authority ${authorities.userSsh.line.trim()} clustername=${name}&type=user\n`;
      case 'openssh':
        return `cert-authority ${authorities.openssh.line}`;
      case 'tls-host':
        return authorities.host.pem;
      case 'tls-user':
        return authorities.user.pem;
      case 'db':
        return (await authorities.db()).pem;
      case 'db-client':
        return (await authorities.dbClient()).pem;
      default:
        throw new WebError(400, `"${type}" authority type is not supported`);
    }
  }
}
