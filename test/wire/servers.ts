import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { createWebCertificate } from '../cluster/pki/x509.ts';

export interface LocalServer {
  /** `localhost:port` */
  readonly address: string;
  readonly port: number;
  readonly fingerprint: string;
  close(): Promise<void>;
}

/** An HTTPS server with a self-signed certificate for localhost. */
export async function startHttps(answer: (request: IncomingMessage, response: ServerResponse, body: string) => void): Promise<LocalServer> {
  const { cert, key, fingerprint } = await createWebCertificate(['localhost', '127.0.0.1']);
  const server = createHttpsServer({ cert, key }, (request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece));
    request.on('end', () => answer(request, response, body));
  });
  return listen(server, fingerprint);
}

/** A TLS server whose connections are the test's own. Without `options` it has a self-signed certificate for localhost. */
export async function startTls(onConnection: (socket: TLSSocket) => void, options?: TlsOptions): Promise<LocalServer> {
  const web = await createWebCertificate(['localhost', '127.0.0.1']);
  const server = createTlsServer({ cert: web.cert, key: web.key, ...options }, (socket) => {
    socket.on('error', () => {});
    onConnection(socket);
  });
  server.on('tlsClientError', () => {});
  return listen(server, web.fingerprint);
}

export async function listen(server: Server | HttpsServer, fingerprint = ''): Promise<LocalServer> {
  const sockets = new Set<import('node:net').Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `localhost:${port}`,
    port,
    fingerprint,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
