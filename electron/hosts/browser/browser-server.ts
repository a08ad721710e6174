import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { pageKeyPath, socketProtocol } from '../../../shared/ipc/page-key.ts';
import type { Port } from '../../../shared/ipc/wire.ts';
import { LocalListener } from '../../lib/loopback/local-listener.ts';
import { refuseForeign } from '../../lib/loopback/request-origin.ts';
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
  /** Answers requests for the page's files and takes upgrades instead of the built page: used in development, for hot reload. */
  page?: { handle(request: IncomingMessage, response: ServerResponse): void; upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void };
}

/** The largest message is a paste into a terminal or a list of files to move; anything larger is not from our page. */
const maxPayload = 16 * 1024 * 1024;
/** Connections of a page are either used at once or WebSockets, so a silent one is closed. */
const silenceMs = 30_000;
/** A token or a key has 43 characters; a longer one is not compared. */
const maxShown = 100;

/**
 * Serves the page and the contract to a browser on this computer. It listens on loopback, for programs of this user only. The page itself is no secret; the
 * contract is served to pages that show the key. They get it for the token in the printed address, which works once and stands behind `#`, so that no
 * request carries it. There is no cookie: browsers send those to every port of this computer, also to somebody else's.
 */
export class BrowserServer {
  readonly #options: BrowserServerOptions;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload,
    perMessageDeflate: false,
    clientTracking: true,
    handleProtocols: () => socketProtocol,
  });
  readonly #key = randomBytes(32).toString('base64url');
  #token = '';
  #listener: LocalListener | null = null;

  private constructor(options: BrowserServerOptions) {
    this.#options = options;
    this.#server = createServer({ maxHeaderSize: 16 * 1024 }, (request, response) => void this.#answer(request, response));
    this.#server.timeout = silenceMs;
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket as Socket, head));
  }

  /** `conflict` when the port cannot be had. */
  static async listen(options: BrowserServerOptions): Promise<BrowserServer> {
    const server = new BrowserServer(options);
    server.#listener = await LocalListener.open({
      port: options.port || null,
      onConnection: (socket) => {
        server.#server.emit('connection', socket);
        socket.resume();
      },
      onOtherUser: () => options.refused('connection', 'it is another user’s'),
    });
    server.#newToken();
    return server;
  }

  /** Cuts every page off. */
  close(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    this.#listener?.close();
  }

  get #port(): number {
    return this.#listener?.port ?? 0;
  }

  #newToken(): void {
    this.#token = randomBytes(32).toString('base64url');
    this.#options.onAddress(`http://127.0.0.1:${this.#port}/#token=${this.#token}`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = this.#refusal(request);
    if (refusal) return this.#refuse(response, 403, refusal);
    const path = request.url?.split('?')[0] ?? '/';
    if (path === pageKeyPath && request.method === 'POST') return this.#giveKey(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') return this.#refuse(response, 405, 'Only GET is answered here.');
    if (this.#options.page) return this.#options.page.handle(request, response);
    const file = await staticFile(this.#options.root, path);
    if (!file) return this.#refuse(response, 404, 'There is no such page.', false);
    this.#send(response, 200, file, request.method === 'HEAD');
  }

  /** Gives the key to a caller that shows the token, or confirms a key that the page has kept from before. */
  async #giveKey(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const shown = await readText(request, maxShown);
    const isNew = same(shown, this.#token);
    if (!isNew && !same(shown, this.#key)) return this.#refuse(response, 403, 'Open the newest address that Slipway printed in its terminal.');
    if (isNew) this.#newToken();
    this.#send(response, 200, { body: Buffer.from(this.#key), type: 'text/plain' }, false);
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.setTimeout(0);
    socket.on('error', () => socket.destroy());
    const path = request.url ?? '';
    const contract = path === '/ipc/main' ? 'main' : path === '/ipc/session' ? 'session' : null;
    const refusal = this.#refusal(request) ?? (request.headers.origin ? null : 'Origin is missing');
    if (!refusal && !contract && this.#options.page) return this.#options.page.upgrade(request, socket, head);
    const reason = refusal ?? (contract && !this.#hasKey(request) ? 'the key is missing' : null);
    if (reason || !contract) {
      this.#options.refused(`upgrade of ${path.slice(0, 100)}`, reason ?? 'no such path');
      socket.end(`HTTP/1.1 ${reason ? '403 Forbidden' : '404 Not Found'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', (error) => this.#options.refused(`message on ${path}`, error.message));
      this.#options.onPort(contract, webSocketServerPort(webSocket));
    });
  }

  #refusal({ method = '', url = '', rawHeaders }: IncomingMessage): string | null {
    const head = { method, target: url, rawHeaders };
    return url.startsWith('/') ? (refuseForeign(head, this.#port)?.text.trim() ?? null) : 'This is not an address of this server.';
  }

  #hasKey({ headers }: IncomingMessage): boolean {
    const [protocol, key = ''] = (headers['sec-websocket-protocol'] ?? '').split(',').map((word) => word.trim());
    return protocol === socketProtocol && same(key, this.#key);
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
      'Cache-Control': type === 'text/plain' ? 'no-store' : 'no-cache',
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

/** A request's body; empty when it is longer than `most` characters or breaks off. */
async function readText(request: IncomingMessage, most: number): Promise<string> {
  let text = '';
  try {
    for await (const bytes of request) {
      text += String(bytes);
      if (text.length > most) return '';
    }
  } catch {
    return '';
  }
  return text;
}

function same(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
