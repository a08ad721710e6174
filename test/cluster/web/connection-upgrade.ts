import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import { isSince } from '../versions.ts';
import { PingFraming } from './ping-framing.ts';

const pingEvery = 30_000;
const kinds = new Set(['alpn', 'alpn-ping']);

/**
 * `GET /webapi/connectionupgrade` (login-and-auth §4.5): a WebSocket, or up to 17 the older raw flavour, whose bytes are another connection
 * to the ALPN router.
 */
export class ConnectionUpgrade {
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: 1024 * 1024,
    handleProtocols: (offered) => [...offered].find((name) => kinds.has(name)) ?? false,
  });
  readonly #accept: (stream: Duplex) => void;
  readonly #version: string;

  constructor(accept: (stream: Duplex) => void, version: string) {
    this.#accept = accept;
    this.#version = version;
  }

  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const asked = (request.headers.upgrade ?? '').split(',').map((name) => name.trim().toLowerCase());
    const raw = asked.find((name) => kinds.has(name));
    if (asked.includes('websocket') && isSince(this.#version, 15, 1)) this.#server.handleUpgrade(request, socket, head, (ws) => this.#open(ws));
    else if (raw && !isSince(this.#version, 18)) this.#openRaw(socket, head, raw);
    else refuse(socket, asked);
  }

  close(): void {
    for (const ws of this.#server.clients) ws.terminate();
    this.#server.close();
  }

  #open(ws: WebSocket): void {
    if (!kinds.has(ws.protocol)) {
      ws.close();
      return;
    }
    if (ws.protocol === 'alpn-ping') {
      const timer = setInterval(() => ws.ping('teleport'), pingEvery).unref();
      ws.on('close', () => clearInterval(timer));
    }
    this.#accept(createWebSocketStream(ws));
  }

  #openRaw(socket: Duplex, head: Buffer, kind: string): void {
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${kind}\r\nConnection: Upgrade\r\n\r\n`);
    if (head.length > 0) socket.unshift(head);
    this.#accept(kind === 'alpn-ping' ? new PingFraming(socket, pingEvery) : socket);
  }
}

function refuse(socket: Duplex, asked: readonly string[]): void {
  const body = JSON.stringify({ error: { message: `unsupported upgrade types: [${asked.join(' ')}]` } }, null, 4);
  socket.end(
    `HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
