import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import type { DrivenShell } from './driven-shell.ts';
import { repository } from './machine.ts';

const inFlight = 512 * 1024;

/** Serves the page with xterm alone, what it shows, and a shell through a WebSocket with nothing but flow control on it. */
export async function serveRawPage(sample: string, shell: DrivenShell): Promise<{ url: string; close(): void }> {
  const html =
    '<!doctype html><title>xterm alone</title><link rel="stylesheet" href="raw-xterm.css"><body style="margin:0"><script type="module" src="raw-xterm.js"></script>';
  const built = (name: string) => readFileSync(join(repository, 'out/test', name));
  const files: Record<string, { type: string; body: Buffer }> = {
    '/': { type: 'text/html', body: Buffer.from(html) },
    '/raw-xterm.css': { type: 'text/css', body: built('raw-xterm.css') },
    '/raw-xterm.js': { type: 'text/javascript', body: built('raw-xterm.js') },
    '/sample': { type: 'application/octet-stream', body: Buffer.from(sample) },
  };
  const server = createServer(({ url }, response) => {
    const file = files[url ?? ''];
    response.writeHead(file ? 200 : 404, file ? { 'content-type': file.type } : {}).end(file?.body);
  });
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket) => {
    let unparsed = 0;
    shell.onData = (bytes) => {
      unparsed += bytes.length;
      socket.send(bytes);
      if (unparsed > inFlight) shell.pause(true);
    };
    socket.once('message', (typed) => {
      shell.write(String(typed));
      socket.on('message', (parsed) => {
        unparsed -= Number(String(parsed));
        if (unparsed <= inFlight) shell.pause(false);
      });
    });
    socket.on('close', () => {
      shell.onData = null;
      shell.pause(false);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
