import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import * as z from 'zod';
import { Client } from '../../../shared/ipc/client.ts';
import { type Contract, call, stream } from '../../../shared/ipc/define.ts';
import { socketProtocols } from '../../../shared/ipc/page-key.ts';
import { serve } from '../../../shared/ipc/server.ts';
import type { Port } from '../../../shared/ipc/wire.ts';
import { BrowserServer } from './browser-server.ts';
import { webSocketServerPort } from './ws-port.ts';

const contract = {
  calls: { double: call(z.object({ n: z.number() }), z.number()) },
  streams: { echo: stream(z.null(), z.null(), z.null()) },
  topics: {},
} satisfies Contract;

let folder: string;
let server: BrowserServer;
let addresses: URL[];
const refused = vi.fn();
const ports: { contract: string; port: Port }[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-browser-'));
  mkdirSync(join(folder, 'root'));
  writeFileSync(join(folder, 'root/index.html'), '<p>page</p>');
  writeFileSync(join(folder, 'secret.js'), 'secret');
  addresses = [];
  ports.length = 0;
  refused.mockClear();
  server = await BrowserServer.listen({
    root: join(folder, 'root'),
    port: 0,
    refused,
    onAddress: (url) => addresses.push(new URL(url)),
    onPort: (name, port) => {
      ports.push({ contract: name, port });
      serve(
        contract,
        port,
        { calls: { double: ({ n }) => n * 2 }, streams: { echo: (_params, peer) => peer.onData((bytes) => peer.write(bytes)) }, topics: {} },
        { refused, failed: vi.fn() },
      );
    },
  });
});
afterEach(async () => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const host = () => addresses[0]!.host;

function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body = '',
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = addresses[0]!;
    request({ hostname, port, path, method, headers: { host: host(), ...headers } }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk)).on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    })
      .on('error', reject)
      .end(body);
  });
}

/** The key, given for the token of the newest address. */
async function signIn(): Promise<string> {
  const { status, text } = await ask('/page-key', { origin: `http://${host()}` }, 'POST', tokenOf(addresses.at(-1)!));
  expect(status).toBe(200);
  return text;
}
const tokenOf = (address: URL) => new URLSearchParams(address.hash.slice(1)).get('token')!;

function upgrade(path: string, headers: Record<string, string>, key?: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${addresses[0]!.host}${path}`, key === undefined ? [] : socketProtocols(key), { headers });
    socket.once('open', () => resolve(socket)).once('error', reject);
  });
}

test('the token behind # gives the key to one browser, and nothing is kept in a cookie', async () => {
  const first = addresses[0]!;
  expect(first.search).toBe('');
  const key = await signIn();
  expect(key).toMatch(/^[\w-]{43}$/);
  expect(addresses).toHaveLength(2);
  const origin = `http://${host()}`;
  const again = await ask('/page-key', { origin }, 'POST', tokenOf(first));
  expect(again.status).toBe(403);
  expect(again.text).toContain('newest address');
  // A page that has the key may ask whether it is still good; the newest token stays unused.
  expect(await ask('/page-key', { origin }, 'POST', key)).toMatchObject({ status: 200, text: key, headers: { 'cache-control': 'no-store' } });
  expect(addresses).toHaveLength(2);
  expect(await signIn()).toBe(key);
  for (const { headers } of [again, await ask('/'), await ask('/page-key', { origin }, 'POST', key)]) expect(headers['set-cookie']).toBeUndefined();
});

test('the page itself is no secret; nothing wrong gives the key', async () => {
  expect(await ask('/')).toMatchObject({ status: 200, text: '<p>page</p>' });
  expect((await ask('/page-key')).status).toBe(404);
  const origin = `http://${host()}`;
  for (const shown of ['', 'x', 'x'.repeat(43), 'x'.repeat(100_000), `${tokenOf(addresses[0]!)}x`])
    expect((await ask('/page-key', { origin }, 'POST', shown)).status).toBe(403);
  expect((await ask(`/page-key?token=${tokenOf(addresses[0]!)}`, { origin }, 'POST')).status).toBe(403);
  expect(addresses).toHaveLength(1);
});

test.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)('programs of other users are cut off, whatever they know', async () => {
  const key = await signIn();
  const { port } = addresses[0]!;
  const head = [
    'GET /ipc/main HTTP/1.1',
    `Host: ${host()}`,
    `Origin: http://${host()}`,
    `Sec-WebSocket-Protocol: slipway, ${key}`,
    'Connection: Upgrade',
  ];
  const upgradeHead = [...head, 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='];
  const script = `const s = require('net').connect(${port}, '127.0.0.1'); s.on('error', () => {}).on('data', (d) => process.stdout.write(d)).on('close', () => process.exit());
    s.write(${JSON.stringify(`${upgradeHead.join('\r\n')}\r\n\r\n`)}); setTimeout(() => process.exit(), 3000);`;
  const run = async (uid: number) => {
    const child = spawn(process.execPath, ['-e', script], { uid, gid: uid, cwd: '/', env: {} });
    let out = '';
    child.stdout.on('data', (bytes) => {
      out += bytes;
      child.kill();
    });
    await once(child, 'close');
    return out;
  };
  expect(await run(65534)).toBe('');
  expect(refused).toHaveBeenCalledWith('connection', expect.stringMatching(/another user/));
  expect(ports).toEqual([]);
  expect(await run(0)).toMatch(/^HTTP\/1\.1 101 /);
});

test('another name in Host, and another site in Origin, are refused even with the key', async () => {
  const key = await signIn();
  const { port } = addresses[0]!;
  for (const name of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1:1`, `127.0.0.1:${port}.evil.example`, `[::1]:${port}`]) {
    expect((await ask('/', { host: name })).status).toBe(403);
    expect((await ask('/page-key', { host: name, origin: `http://${name}` }, 'POST', key)).status).toBe(403);
    await expect(upgrade('/ipc/main', { host: name, origin: `http://${name}` }, key)).rejects.toThrow('403');
  }
  for (const origin of ['http://evil.example', 'null', `https://${host()}`, `http://${host()}.evil.example`, 'http://127.0.0.1']) {
    expect((await ask('/', { origin })).status).toBe(403);
    expect((await ask('/page-key', { origin }, 'POST', key)).status).toBe(403);
    await expect(upgrade('/ipc/main', { origin }, key)).rejects.toThrow('403');
  }
  expect((await ask('/', { 'sec-fetch-site': 'same-site' })).status).toBe(403);
  expect((await ask('/', { host: `localhost:${port}` })).status).toBe(200);
  expect((await ask('/', { origin: `http://${host()}` })).status).toBe(200);
});

test('answers carry the policy and no CORS header; only GET and HEAD are answered', async () => {
  const { headers } = await ask('/', { origin: `http://${host()}` });
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'content-type': 'text/html; charset=utf-8',
  });
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) expect((await ask('/', {}, method)).status).toBe(405);
  expect(await ask('/', {}, 'HEAD')).toMatchObject({ status: 200, text: '' });
});

test('paths do not lead out of the page, and strange ones do no harm', async () => {
  for (const path of ['/../secret.js', '/%2e%2e/secret.js', '/..%2fsecret.js', '/missing.js', '//', '//evil.example/', '/%', '/\\..\\secret.js'])
    expect([path, (await ask(path)).status]).toEqual([path, expect.toSatisfy((status: number) => status === 404 || status === 400)]);
  for (const target of ['*', 'http://', 'x', '//[', '/\x7f']) {
    const status = await new Promise<string>((resolve) => {
      const socket = connect(Number(addresses[0]!.port), '127.0.0.1', () =>
        socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host()}\r\nConnection: close\r\n\r\n`),
      );
      let text = '';
      socket.on('data', (chunk) => (text += chunk)).on('close', () => resolve(text.split(' ')[1]!));
    });
    expect(status).toMatch(/^40/);
  }
  expect((await ask('/')).status).toBe(200);
});

test('it listens on loopback only', async () => {
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((entry) => entry && !entry.internal && entry.family === 'IPv4');
  if (!outside) return;
  await expect(
    new Promise((resolve, reject) => connect(Number(addresses[0]!.port), outside.address).on('connect', resolve).on('error', reject)),
  ).rejects.toThrow();
});

test('a WebSocket needs key and Origin, and one of the two paths', async () => {
  const key = await signIn();
  const origin = `http://${host()}`;
  await expect(upgrade('/ipc/main', { origin })).rejects.toThrow('403');
  await expect(upgrade('/ipc/main', { origin }, tokenOf(addresses.at(-1)!))).rejects.toThrow('403');
  await expect(upgrade('/ipc/main', { origin }, `${key}x`)).rejects.toThrow('403');
  await expect(upgrade('/ipc/main', { origin, cookie: `slipway-${addresses[0]!.port}=${key}` })).rejects.toThrow('403');
  await expect(upgrade('/ipc/main', {}, key)).rejects.toThrow('403');
  await expect(upgrade('/ipc/other', { origin }, key)).rejects.toThrow('404');
  await expect(upgrade('//', { origin }, key)).rejects.toThrow('404');
  for (const name of ['main', 'session']) {
    const socket = await upgrade(`/ipc/${name}`, { origin }, key);
    expect(socket.protocol).toBe('slipway');
    socket.close();
  }
  expect(ports.map(({ contract: name }) => name)).toEqual(['main', 'session']);
});

test('the contract works over it, bytes too, and a page that goes away is noticed', async () => {
  const socket = await upgrade('/ipc/main', { origin: `http://${host()}` }, await signIn());
  const client = new Client(contract, webSocketServerPort(socket));
  expect(await client.call('double', { n: 21 })).toBe(42);
  const received: Buffer[] = [];
  const echo = client.open('echo', null, { data: (bytes) => received.push(Buffer.from(bytes)), message: () => {}, end: () => {} });
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
  echo.grant(bytes.length);
  echo.write(bytes);
  await vi.waitFor(() => expect(Buffer.concat(received).equals(bytes)).toBe(true));
  const closed = vi.fn();
  ports[0]!.port.onClose(closed);
  socket.terminate();
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
});

test('garbage on the WebSocket is refused, a message that is too large ends it, and others go on', async () => {
  const key = await signIn();
  const socket = await upgrade('/ipc/main', { origin: `http://${host()}` }, key);
  const other = await upgrade('/ipc/main', { origin: `http://${host()}` }, key);
  for (const garbage of ['', '{', 'null', '[]', Buffer.from([1]), Buffer.alloc(0)]) socket.send(garbage);
  await vi.waitFor(() => expect(refused).toHaveBeenCalledTimes(6));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  socket.send(Buffer.alloc(17 * 1024 * 1024));
  expect(await closed).toBe(1009);
  expect(await new Client(contract, webSocketServerPort(other)).call('double', { n: 2 })).toBe(4);
});
