import { generateKeyPairSync, sign } from 'node:crypto';
import http from 'node:http';
import type tls from 'node:tls';
import type { Identity } from '../pki/identity.ts';
import type { Peer } from '../tls/tls-listener.ts';

/** The app's own address, behind its agent. */
const inside = '127.0.0.1:8080';

/** A small web app: shows the request's headers at `/hello`, redirects, sets a cookie, streams, echoes an upgraded connection. */
export function createWebApp(): http.Server {
  const app = http.createServer((request, response) => {
    const { url = '/', method, headers } = request;
    if (url === '/redir') return void response.writeHead(302, { Location: 'http://127.0.0.1:1/x' }).end();
    if (url === '/cookie') response.setHeader('Set-Cookie', 'a=b; Secure; HttpOnly');
    if (url === '/bytes') return void response.end(Buffer.alloc(8 * 1024 * 1024, 120));
    if (url.startsWith('/events')) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      let count = 0;
      const timer = setInterval(() => {
        response.write(`data: ${++count}\n\n`);
        if (count === 3 && url !== '/events?endless') response.end();
      }, 100);
      response.on('close', () => clearInterval(timer));
      return;
    }
    let body = '';
    request.on('data', (data) => (body += data));
    request.on('end', () => {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ method, url, headers, body }));
    });
  });
  app.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${request.headers.upgrade}\r\n\r\n`);
    if (head.length > 0) socket.write(head);
    socket.pipe(socket);
  });
  return app;
}

/** What the proxy does with a web app's requests before the app sees them (ssh-and-gateways §5.10). */
export class AppRoute {
  readonly #app = createWebApp();
  readonly #publicAddresses: ReadonlySet<string>;
  /** The identity of each connection to the app, from its certificate. */
  readonly #people = new WeakMap<object, Identity>();
  readonly #key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

  constructor(publicAddresses: readonly string[]) {
    this.#publicAddresses = new Set(publicAddresses);
    this.#app.prependListener('request', (request: http.IncomingMessage) => {
      const person = this.#people.get(request.socket);
      if (person) request.headers = this.#asTheAppSees(request, person);
    });
  }

  serve(socket: tls.TLSSocket, { identity }: Peer, isSession: boolean): void {
    socket.on('error', () => socket.destroy());
    if (!isSession || !this.#publicAddresses.has(identity.appPublicAddr) || identity.appCluster === '') {
      socket.end(
        'HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 16\r\nConnection: close\r\n\r\ninvalid session\n',
      );
      return;
    }
    this.#people.set(socket, identity);
    this.#app.emit('connection', socket);
  }

  #asTheAppSees({ headers, socket }: http.IncomingMessage, { user, roles, cluster }: Identity): http.IncomingHttpHeaders {
    const { host = '', connection: _hop, ...others } = headers;
    const from = socket.remoteAddress ?? '';
    return {
      ...others,
      host: inside,
      'accept-encoding': others['accept-encoding'] ?? 'gzip',
      'teleport-jwt-assertion': this.#assertion({ aud: [`http://${inside}`], iss: cluster, sub: user, username: user, roles, traits: {} }),
      'x-forwarded-for': from,
      'x-forwarded-host': host,
      'x-forwarded-port': host.split(':')[1] ?? '443',
      'x-forwarded-proto': 'https',
      'x-forwarded-server': 'demo-agent',
      'x-forwarded-ssl': 'on',
      'x-real-ip': from,
    };
  }

  #assertion(claims: object): string {
    const seconds = Math.floor(Date.now() / 1000);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'ES256', kid: 'demo', typ: 'JWT' })}.${part({ ...claims, iat: seconds, nbf: seconds - 10, exp: seconds + 3600 })}`;
    return `${text}.${sign('sha256', Buffer.from(text), { key: this.#key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  }

  /** Takes a connection without a check, for databases that speak HTTP. */
  accept(socket: tls.TLSSocket): void {
    socket.on('error', () => socket.destroy());
    this.#app.emit('connection', socket);
  }

  close(): void {
    this.#app.closeAllConnections();
  }
}
