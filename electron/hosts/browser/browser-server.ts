import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Port } from '../../../shared/ipc/wire.ts';
import { contentSecurityPolicy } from '../content-security-policy.ts';
import { type StaticFile, staticFile } from '../static-files.ts';
import { webSocketServerPort } from './ws-port.ts';

export interface BrowserServerOptions {
  /** Folder of the built page. */
  root: string;
  /** 0 takes a free one. */
  port: number;
  /** A page has connected: serve it. */
  onPort(contract: 'main' | 'session', port: Port): void;
  /** Called with the address for the next browser whenever the last one was used. */
  onAddress(url: string): void;
  refused(what: string, reason: string): void;
  /** Answers for files in the page's stead, and takes its other upgrades: the developers' run with hot reload. */
  page?: { handle(request: IncomingMessage, response: ServerResponse): void; upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void };
}

/** A message is a call or at most a paste. */
const maxPayload = 16 * 1024 * 1024;
const maxConnections = 64;

/**
 * Serves the page and the contract to a browser on this computer. It listens on 127.0.0.1 only. A token in the printed address
 * works once and is exchanged for a cookie that scripts cannot read and other sites cannot send; every request must
 * carry the cookie and this server's own name in `Host`, and a WebSocket or cross-origin one also in `Origin`.
 */
export class BrowserServer {
  readonly #options: BrowserServerOptions;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false, clientTracking: true });
  readonly #session = randomBytes(32).toString('base64url');
  #token = '';
  #port = 0;

  private constructor(options: BrowserServerOptions) {
    this.#options = options;
    this.#server = createServer(
      { maxHeaderSize: 16 * 1024, requestTimeout: 30_000, headersTimeout: 10_000 },
      (request, response) => void this.#answer(request, response),
    );
    this.#server.maxConnections = maxConnections;
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  static async listen(options: BrowserServerOptions): Promise<BrowserServer> {
    const server = new BrowserServer(options);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject);
      server.#server.listen(options.port, '127.0.0.1', resolve);
    });
    server.#port = (server.#server.address() as AddressInfo).port;
    server.#newToken();
    return server;
  }

  /** Cuts every page off. */
  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #newToken(): void {
    this.#token = randomBytes(32).toString('base64url');
    this.#options.onAddress(`http://127.0.0.1:${this.#port}/?token=${this.#token}`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = this.#refusal(request);
    if (refusal) return this.#refuse(response, 403, refusal);
    if (request.method !== 'GET' && request.method !== 'HEAD') return this.#refuse(response, 405, 'Only GET is answered here.');
    const url = requestUrl(request);
    if (!url) return this.#refuse(response, 400, 'This is not an address.');
    const token = url.searchParams.get('token');
    if (url.pathname === '/' && token !== null && request.method === 'GET') return this.#exchange(token, request, response);
    if (!this.#hasCookie(request))
      return this.#refuse(response, 403, 'Open the address that Slipway printed in its terminal. It works once; each browser needs a new one.');
    if (this.#options.page) return this.#options.page.handle(request, response);
    const file = await staticFile(this.#options.root, url.pathname);
    if (!file) return this.#refuse(response, 404, 'There is no such page.', false);
    this.#send(response, 200, file, request.method === 'HEAD');
  }

  #exchange(token: string, request: IncomingMessage, response: ServerResponse): void {
    const isNew = same(token, this.#token);
    if (!isNew && !this.#hasCookie(request)) {
      this.#refuse(response, 403, 'This address was used already. Open the newest one that Slipway printed in its terminal.');
      return;
    }
    if (isNew) {
      response.setHeader('Set-Cookie', `${this.#cookieName}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`);
      this.#newToken();
    }
    response.writeHead(303, { Location: '/', 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', 'Content-Length': 0 }).end();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = requestUrl(request)?.pathname ?? '';
    const contract = path === '/ipc/main' ? 'main' : path === '/ipc/session' ? 'session' : null;
    const refusal =
      this.#refusal(request) ?? (request.headers.origin ? null : 'Origin is missing') ?? (this.#hasCookie(request) ? null : 'the cookie is missing');
    if (!refusal && !contract && this.#options.page) {
      this.#options.page.upgrade(request, socket, head);
      return;
    }
    if (refusal || !contract) {
      this.#options.refused(`upgrade of ${path.slice(0, 100)}`, refusal ?? 'no such path');
      socket.end(`HTTP/1.1 ${refusal ? '403 Forbidden' : '404 Not Found'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', (error) => this.#options.refused(`message on ${path}`, error.message));
      this.#options.onPort(contract, webSocketServerPort(webSocket));
    });
  }

  /** Why a request may not even be looked at: another site's page, or another name for this computer (DNS rebinding). */
  #refusal({ headers }: IncomingMessage): string | null {
    const { host, origin } = headers;
    if (host !== `127.0.0.1:${this.#port}` && host !== `localhost:${this.#port}`) return 'Host is not this server';
    if (origin !== undefined && origin !== `http://${host}`) return 'Origin is another site';
    return null;
  }

  get #cookieName(): string {
    return `slipway-${this.#port}`;
  }

  #hasCookie({ headers }: IncomingMessage): boolean {
    const cookies = (headers.cookie ?? '').split(/; */);
    return cookies.some((cookie) => cookie.startsWith(`${this.#cookieName}=`) && same(cookie.slice(this.#cookieName.length + 1), this.#session));
  }

  #refuse(response: ServerResponse, status: number, reason: string, note = true): void {
    if (note) this.#options.refused('request', reason);
    const body = Buffer.from(`<!doctype html><meta charset="utf-8"><title>Slipway</title><p>${reason}</p>`);
    this.#send(response, status, { body, type: 'text/html; charset=utf-8' }, false);
  }

  #send(response: ServerResponse, status: number, { body, type }: StaticFile, headOnly: boolean): void {
    response.writeHead(status, {
      'Content-Type': type,
      'Content-Length': body.length,
      'Cache-Control': 'no-cache',
      'Content-Security-Policy': contentSecurityPolicy([`ws://127.0.0.1:${this.#port}`, `ws://localhost:${this.#port}`]),
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
    });
    response.end(headOnly ? undefined : body);
  }
}

/** What was asked for; null when it cannot be understood. A request target that begins with two slashes is no host. */
function requestUrl({ url = '/' }: IncomingMessage): URL | null {
  return url.startsWith('/') && !url.startsWith('//') && URL.canParse(url, 'http://127.0.0.1') ? new URL(url, 'http://127.0.0.1') : null;
}

function same(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
