import { connect, createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { FrameDuplex } from './frame-duplex.ts';

it('a large write goes out in messages that every peer takes', async () => {
  const bytes = Buffer.alloc(9 * 1024 * 1024, 7);
  const server = createServer();
  server.on('stream', (stream: ServerHttp2Stream) => {
    stream.respond({ ':status': 200 });
    new FrameDuplex(stream, 1).write(bytes, () => stream.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    const messages: number[] = [];
    let got = Buffer.alloc(0);
    const call = client.request({ ':path': '/' });
    for await (const chunk of call) {
      got = Buffer.concat([got, chunk as Buffer]);
      while (got.length >= 5 && got.length >= 5 + got.readUInt32BE(1)) {
        messages.push(got.readUInt32BE(1));
        got = got.subarray(5 + got.readUInt32BE(1));
      }
    }
    expect(messages.length).toBeGreaterThan(2);
    expect(Math.max(...messages)).toBeLessThan(4 * 1024 * 1024);
    expect(messages.reduce((sum, size) => sum + size, 0)).toBeGreaterThanOrEqual(bytes.length);
  } finally {
    client.close();
    server.close();
  }
});
