import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface ConnectProxyOptions {
  /** Ports on this computer by the names that the proxy knows. Others are answered with 502. */
  hosts: Readonly<Record<string, number>>;
  /** `user:password`, without which 407 is the answer. */
  credentials?: string;
  /** Answers all with this status. */
  refuse?: number;
  /** Never answers. */
  mute?: boolean;
  /** Speaks TLS itself. */
  tls?: { cert: string; key: string };
}

export interface ConnectProxy {
  readonly port: number;
  /** Request lines and headers, as they came. */
  readonly seen: IncomingMessage[];
  /** All bytes that went through, as they looked to the proxy. */
  readonly bytes: () => string;
  close(): Promise<void>;
}

/** A web proxy as companies have them: CONNECT only (RFC 9110 §9.3.6). */
export async function startConnectProxy({ hosts, credentials, refuse, mute, tls }: ConnectProxyOptions): Promise<ConnectProxy> {
  const seen: IncomingMessage[] = [];
  const passed: Buffer[] = [];
  const sockets = new Set<Socket>();
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const server = tls ? createSecureServer(tls) : createServer();
  server.on('request', (_request, response) => response.writeHead(405).end());
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    seen.push(request);
    socket.on('error', () => socket.destroy());
    if (mute) {
      socket.resume();
      return;
    }
    const answer = (status: number, reason: string) => socket.write(`HTTP/1.1 ${status} ${reason}\r\n\r\n`);
    if (wanted && request.headers['proxy-authorization'] !== wanted) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="here"\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const port = hosts[request.url ?? ''];
    if (refuse || !port) {
      socket.end(`HTTP/1.1 ${refuse ?? 502} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const onward = connect(port, '127.0.0.1', () => answer(200, 'Connection established'));
    sockets.add(onward);
    onward.on('error', () => socket.destroy());
    onward.once('close', () => socket.destroy());
    socket.once('close', () => onward.destroy());
    if (head.length > 0) onward.write(head);
    socket.on('data', (bytes: Buffer) => void passed.push(bytes));
    socket.pipe(onward);
    onward.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    bytes: () => Buffer.concat(passed).toString('latin1'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
