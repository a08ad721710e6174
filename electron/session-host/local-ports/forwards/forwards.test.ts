import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayWorld, runProgram } from '../../../../test/support/gateway-world.ts';
import { have } from '../../../../test/support/have.ts';
import { readGreeting, readRequest } from './socks.ts';

let world: GatewayWorld;
let target: Server;
let targetPort: number;

beforeAll(async () => {
  world = await GatewayWorld.start({ sshd: true });
  target = createServer((socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(target, 'listening');
  targetPort = (target.address() as { port: number }).port;
}, 60_000);
afterAll(async () => {
  target.close();
  await world.close();
});

function server(subKind: 'teleport' | 'openssh' = 'teleport') {
  const node = world.cluster.nodes.find((one) => one.subKind === subKind && one.cluster === world.cluster.name)!;
  return { cluster: world.key, leaf: '', node: node.uuid, hostname: node.hostname, login: world.cluster.user('alice').logins[0]! };
}
const forward = (way: object, subKind?: 'teleport' | 'openssh') =>
  world.open({ kind: 'forward', server: server(subKind), forward: way, withTerminal: false });

async function echoed(port: number, size = 400_000): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  socket.write(Buffer.alloc(size, 5));
  let received = 0;
  for await (const data of socket) {
    received += (data as Buffer).length;
    if (received >= size) break;
  }
  return received;
}

it('local: a port here leads to a port as the server sees it', async () => {
  const row = await forward({ type: 'local', to: { host: '127.0.0.1', port: targetPort } });
  expect(row).toMatchObject({ state: 'open', protocol: 'local', address: `127.0.0.1:${row.port}` });
  expect(await echoed(row.port!)).toBe(400_000);
  await world.until(row.id, ({ bytes }) => bytes.sent === 400_000 && bytes.received === 400_000);
}, 30_000);

it('what is open goes on over its connection when the login is renewed, and the next program gets a new one with the new rights', async () => {
  const row = await forward({ type: 'local', to: { host: '127.0.0.1', port: targetPort } });
  const socket = connect(row.port!, '127.0.0.1');
  socket.write('a');
  await once(socket, 'data');
  const before = world.sshTickets;
  await world.login();
  socket.write('b');
  expect(String((await once(socket, 'data'))[0])).toBe('b');
  expect(await echoed(row.port!)).toBe(400_000);
  expect(world.sshTickets).toBe(before + 1);
  socket.write('c');
  expect(String((await once(socket, 'data'))[0])).toBe('c');
  socket.destroy();
  await world.until(row.id, ({ clients }) => clients === 0);
  expect(await echoed(row.port!)).toBe(400_000);
  expect(world.sshTickets).toBe(before + 1);
}, 30_000);

it('says when the server cannot reach the target', async () => {
  const row = await forward({ type: 'local', to: { host: '127.0.0.1', port: 1 } });
  const socket = connect(row.port!, '127.0.0.1').on('error', () => {});
  socket.resume();
  await once(socket, 'close');
  expect((await world.until(row.id, ({ error }) => error)).error).toMatchObject({ code: 'unreachable', message: expect.stringMatching(/REFUSED/) });
}, 30_000);

it.skipIf(!have('curl'))(
  'dynamic: curl goes through it, also with names',
  async () => {
    const row = await forward({ type: 'dynamic' });
    expect(row.url).toBe(`socks5h://127.0.0.1:${row.port}`);
    const web = createServer((socket) => socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nahoy'))).listen(0, '127.0.0.1');
    await once(web, 'listening');
    const { port } = web.address() as { port: number };
    expect((await runProgram('curl', ['-s', '-m', '5', '-x', row.url, `http://localhost:${port}/`])).out).toBe('ahoy');
    expect((await runProgram('curl', ['-s', '-m', '5', '--socks5', `127.0.0.1:${row.port}`, `http://127.0.0.1:${port}/`])).out).toBe('ahoy');
    web.close();
    const garbage = connect(row.port!, '127.0.0.1').on('error', () => {});
    garbage.resume();
    garbage.write('GET / HTTP/1.1\r\n\r\n');
    await once(garbage, 'close');
    expect((await world.until(row.id, ({ error }) => error)).error?.message).toMatch(/SOCKS5/);
  },
  30_000,
);

it.skipIf(!have('sshd'))(
  'remote: a port on the server leads here',
  async () => {
    const row = await forward({ type: 'remote', listen: { host: '127.0.0.1', port: 0 }, to: { host: '127.0.0.1', port: targetPort } }, 'openssh');
    expect(row).toMatchObject({ state: 'open', protocol: 'remote', port: expect.any(Number) });
    expect(await echoed(row.port!)).toBe(400_000);
  },
  30_000,
);

describe('SOCKS5', () => {
  it('reads greetings and requests cut anywhere, and never throws', () => {
    const request = Buffer.from([5, 1, 0, 3, 4, ...Buffer.from('host'), 0, 80]);
    for (let cut = 0; cut < request.length; cut++) expect(readRequest(request.subarray(0, cut))).toBe('incomplete');
    expect(readRequest(request)).toEqual({ used: request.length, request: { host: 'host', port: 80 } });
    expect(readGreeting(Buffer.from([5, 2, 0, 2]))).toMatchObject({ used: 4 });
    expect(readGreeting(Buffer.from([5, 1, 2]))).toMatchObject({ refusal: Buffer.from([5, 255]) });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        readGreeting(Buffer.from(bytes));
        readRequest(Buffer.from(bytes));
      }),
    );
  });
});
