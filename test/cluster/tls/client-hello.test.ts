import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseClientHello } from './client-hello.ts';

async function recordHello(options: tls.ConnectionOptions): Promise<Buffer> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = tls.connect({ host: '127.0.0.1', port: (server.address() as net.AddressInfo).port, ...options });
  client.on('error', () => undefined);
  const [socket] = (await once(server, 'connection')) as [net.Socket];
  const [data] = (await once(socket, 'data')) as [Buffer];
  client.destroy();
  socket.destroy();
  server.close();
  return data;
}

it('reads server name and protocols of a hello by Node', async () => {
  const hello = await recordHello({ servername: '6d61696e.teleport.cluster.local', ALPNProtocols: ['teleport-proxy-ssh-grpc', 'h2'] });
  expect(parseClientHello(hello)).toEqual({ serverName: '6d61696e.teleport.cluster.local', protocols: ['teleport-proxy-ssh-grpc', 'h2'] });
});

it('reads a hello without either', async () => {
  expect(parseClientHello(await recordHello({}))).toEqual({ serverName: '', protocols: [] });
});

it('waits for the rest of a hello that is cut anywhere, also across records', async () => {
  const hello = await recordHello({ servername: 'a.test', ALPNProtocols: ['h2'] });
  for (let cut = 0; cut < hello.length; cut++) expect(parseClientHello(hello.subarray(0, cut))).toBe('incomplete');
  const body = hello.subarray(5);
  const half = body.length >> 1;
  const record = (part: Buffer) => Buffer.concat([Buffer.from([22, 3, 1, part.length >> 8, part.length & 255]), part]);
  const split = Buffer.concat([record(body.subarray(0, half)), record(body.subarray(half))]);
  expect(parseClientHello(split)).toEqual({ serverName: 'a.test', protocols: ['h2'] });
});

it('refuses what is not TLS', () => {
  expect(parseClientHello(Buffer.from('GET / HTTP/1.1\r\n'))).toBeNull();
  expect(parseClientHello(Buffer.from('SSH-2.0-OpenSSH\r\n'))).toBeNull();
});

it('never throws and never hangs on hostile bytes', async () => {
  const hello = await recordHello({ servername: 'a.test', ALPNProtocols: ['h2', 'http/1.1'] });
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void parseClientHello(Buffer.from(bytes))));
  fc.assert(
    fc.property(fc.nat(hello.length - 1), fc.nat(255), (at, value) => {
      const mutated = Buffer.from(hello);
      mutated[at] = value;
      parseClientHello(mutated);
    }),
    { numRuns: 2000 },
  );
});
