import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** The page from a developer's Vite, with its hot reload, behind the browser host's own checks. */
export function devPage(url: URL) {
  const options = (incoming: IncomingMessage) => ({
    hostname: url.hostname,
    port: url.port,
    path: incoming.url,
    method: incoming.method,
    headers: { ...incoming.headers, host: url.host, cookie: '', ...(incoming.headers.origin ? { origin: url.origin } : {}) },
  });
  return {
    handle(incoming: IncomingMessage, response: ServerResponse): void {
      request(options(incoming), (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      })
        .on('error', () => response.writeHead(502).end('The page’s development server does not answer.'))
        .end();
    },
    upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
      const outgoing = request(options(incoming));
      outgoing.on('upgrade', (answer, far, farHead) => {
        const lines = answer.rawHeaders.flatMap((name, index, all) => (index % 2 === 0 ? [`${name}: ${all[index + 1]}`] : []));
        socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
        socket.write(farHead);
        far.write(head);
        far.pipe(socket).pipe(far);
        far.on('error', () => socket.destroy());
        socket.on('error', () => far.destroy());
      });
      outgoing.on('response', () => socket.destroy());
      outgoing.on('error', () => socket.destroy());
      outgoing.end();
    },
  };
}
