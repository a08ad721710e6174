import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { AppError } from '../../../shared/errors/app-error.ts';
import { FramedStream } from './framed-stream.ts';
import { PingFrames } from './ping-frames.ts';
import { connectionError } from './tls-errors.ts';
import { WebSocketFrames } from './web-socket-frames.ts';

const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * Turns an HTTPS connection to the proxy into a tunnel for an inner TLS connection, for proxies behind a load balancer that does
 * not pass ALPN on (login-and-auth §4.5). `legacy` is the flavour without WebSocket. Both keep the tunnel alive with pings.
 * `unsupported` when the proxy answers 404.
 */
export function upgradeConnection(outer: TLSSocket, address: string, legacy: boolean, signal: AbortSignal): Promise<Duplex> {
  const key = randomBytes(16).toString('base64');
  const headers: Record<string, string> = legacy
    ? { Upgrade: 'alpn-ping', 'X-Teleport-Upgrade': 'alpn-ping' }
    : { Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': key, 'Sec-WebSocket-Protocol': 'alpn-ping' };
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      outer.destroy();
      reject(connectionError(error, address));
    };
    const call = request({
      method: 'GET',
      path: '/webapi/connectionupgrade',
      headers: { Host: address, Connection: 'Upgrade', ...headers },
      createConnection: () => outer,
      signal,
    });
    call.once('error', (error: NodeJS.ErrnoException) => fail(error.code?.startsWith('HPE_') ? badAnswer(address) : error));
    call.once('response', (response) => {
      response.resume();
      fail(response.statusCode === 404 ? unsupported(address) : badAnswer(address));
    });
    call.once('upgrade', (response, socket, head) => {
      const accept = createHash('sha1')
        .update(key + magic)
        .digest('base64');
      const good = legacy || (response.headers['sec-websocket-accept'] === accept && response.headers['sec-websocket-protocol'] === 'alpn-ping');
      if (response.statusCode !== 101 || !good) return fail(badAnswer(address));
      if (head.length > 0) socket.unshift(head);
      resolve(new FramedStream(socket as Duplex, legacy ? new PingFrames() : new WebSocketFrames()));
    });
    call.end();
  });
}

function unsupported(address: string): AppError {
  return new AppError(
    'unsupported',
    `The proxy at ${address} stands behind a load balancer that hides part of Teleport's traffic, and it offers no way around it.`,
    { details: { address } },
  );
}

function badAnswer(address: string): AppError {
  return new AppError(
    'bad-response',
    `Something between here and ${address} refused the connection that Teleport needs. Ask your administrator whether the load balancer allows WebSockets.`,
    { details: { address } },
  );
}
