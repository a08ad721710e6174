import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults } from '../faults.ts';

/** Answers as a broken or hostile server would. */
export function spoil(fault: NonNullable<Faults['web']>, request: IncomingMessage, response: ServerResponse): void {
  const json = { 'content-type': 'application/json' };
  switch (fault) {
    case 'garbage':
      response.writeHead(200, json).end('<html>\u0000 this is \u001b[31mno JSON');
      return;
    case 'shape':
      response.writeHead(200, json).end('{"auth":[],"proxy":{"ssh":7},"server_version":{},"cluster_name":null}');
      return;
    case 'cut':
      response.writeHead(200, { ...json, 'content-length': 5000 });
      response.write('{"auth":{"type":"loc', () => request.socket.destroy());
      return;
    case 'length':
      request.socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999999999\r\n\r\n{"auth":');
      return;
    case 'huge': {
      response.writeHead(200, json);
      const piece = Buffer.alloc(1024 * 1024, 0x61);
      let left = 256;
      response.write('{"server_version":"');
      const more = () => {
        while (left-- > 0) if (!response.write(piece)) return void response.once('drain', more);
        response.end('"}');
      };
      more();
    }
  }
}
