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
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const host = () => addresses[0]!.host;

function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = addresses[0]!;
    request({ hostname, port, path, method, headers: { host: host(), ...headers } }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk)).on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    })
      .on('error', reject)
      .end();
  });
}

async function signIn(): Promise<string> {
  const address = addresses.at(-1)!;
  const { headers } = await ask(address.pathname + address.search);
  return headers['set-cookie']![0]!.split(';')[0]!;
}

function upgrade(path: string, headers: Record<string, string>): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${addresses[0]!.host}${path}`, { headers });
    socket.once('open', () => resolve(socket)).once('error', reject);
  });
}

test('the printed address signs one browser in, by a redirect and a cookie that scripts and other sites cannot use', async () => {
  const { pathname, search } = addresses[0]!;
  const first = await ask(pathname + search);
  expect(first).toMatchObject({ status: 303, headers: { location: '/' } });
  expect(first.headers['set-cookie']).toEqual([expect.stringMatching(/^slipway-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)]);
  const cookie = first.headers['set-cookie']![0]!.split(';')[0]!;
  expect(await ask('/', { cookie })).toMatchObject({ status: 200, text: '<p>page</p>' });

  const second = await ask(pathname + search);
  expect(second.status).toBe(403);
  expect(second.text).toContain('used already');
  expect(second.headers['set-cookie']).toBeUndefined();
  expect(addresses).toHaveLength(2);
  expect(await ask(addresses[1]!.pathname + addresses[1]!.search)).toMatchObject({ status: 303 });
});

test('nothing is served without the cookie, whatever is asked', async () => {
  const { port } = addresses[0]!;
  const wrong = ['', `slipway-${port}=`, `slipway-${port}=${'x'.repeat(43)}`, `other=${await signIn()}`];
  for (const path of ['/', '/index.html', '/?token=', '/?token=wrong', '/index.html?token=x', '/ipc/main'])
    for (const cookie of wrong) {
      const { status, text } = await ask(path, { cookie });
      expect([path, status]).toEqual([path, 403]);
      expect(text).not.toContain('<p>page</p>');
    }
});

test('a HEAD request does not use the token up', async () => {
  const { pathname, search } = addresses[0]!;
  expect((await ask(pathname + search, {}, 'HEAD')).status).toBe(403);
  expect((await ask(pathname + search)).status).toBe(303);
});

test('another name in Host, and another site in Origin, are refused even with the cookie', async () => {
  const cookie = await signIn();
  const { port } = addresses[0]!;
  for (const name of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1:1`, `127.0.0.1:${port}.evil.example`, `[::1]:${port}`]) {
    expect((await ask('/', { cookie, host: name })).status).toBe(403);
    await expect(upgrade('/ipc/main', { cookie, host: name, origin: `http://${name}` })).rejects.toThrow('403');
  }
  for (const origin of ['http://evil.example', 'null', `https://${host()}`, `http://${host()}.evil.example`, 'http://127.0.0.1']) {
    expect((await ask('/', { cookie, origin })).status).toBe(403);
    await expect(upgrade('/ipc/main', { cookie, origin })).rejects.toThrow('403');
  }
  expect((await ask('/', { cookie, host: `localhost:${port}` })).status).toBe(200);
  expect((await ask('/', { cookie, origin: `http://${host()}` })).status).toBe(200);
});

test('answers carry the policy and no CORS header; only GET and HEAD are answered', async () => {
  const cookie = await signIn();
  const { headers } = await ask('/', { cookie, origin: `http://${host()}` });
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'content-type': 'text/html; charset=utf-8',
  });
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) expect((await ask('/', { cookie }, method)).status).toBe(405);
  expect(await ask('/', { cookie }, 'HEAD')).toMatchObject({ status: 200, text: '' });
});

test('paths do not lead out of the page, and strange ones do no harm', async () => {
  const cookie = await signIn();
  for (const path of ['/../secret.js', '/%2e%2e/secret.js', '/..%2fsecret.js', '/missing.js', '//', '//evil.example/', '/%', '/\\..\\secret.js'])
    expect([path, (await ask(path, { cookie })).status]).toEqual([path, expect.toSatisfy((status: number) => status === 404 || status === 400)]);
  for (const target of ['*', 'http://', 'x', '//[', '/\x7f']) {
    const status = await new Promise<string>((resolve) => {
      const socket = connect(Number(addresses[0]!.port), '127.0.0.1', () =>
        socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host()}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`),
      );
      let text = '';
      socket.on('data', (chunk) => (text += chunk)).on('close', () => resolve(text.split(' ')[1]!));
    });
    expect(status).toMatch(/^40/);
  }
  expect((await ask('/', { cookie })).status).toBe(200);
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

test('a WebSocket needs cookie and Origin, and one of the two paths', async () => {
  const cookie = await signIn();
  const origin = `http://${host()}`;
  await expect(upgrade('/ipc/main', { origin })).rejects.toThrow('403');
  await expect(upgrade('/ipc/main', { cookie })).rejects.toThrow('403');
  await expect(upgrade('/ipc/other', { cookie, origin })).rejects.toThrow('404');
  await expect(upgrade('//', { cookie, origin })).rejects.toThrow('404');
  for (const name of ['main', 'session']) (await upgrade(`/ipc/${name}`, { cookie, origin })).close();
  expect(ports.map(({ contract: name }) => name)).toEqual(['main', 'session']);
});

test('the contract works over it, bytes too, and a page that goes away is noticed', async () => {
  const socket = await upgrade('/ipc/main', { cookie: await signIn(), origin: `http://${host()}` });
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
  const headers = { cookie: await signIn(), origin: `http://${host()}` };
  const socket = await upgrade('/ipc/main', headers);
  const other = await upgrade('/ipc/main', headers);
  for (const garbage of ['', '{', 'null', '[]', Buffer.from([1]), Buffer.alloc(0)]) socket.send(garbage);
  await vi.waitFor(() => expect(refused).toHaveBeenCalledTimes(6));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  socket.send(Buffer.alloc(17 * 1024 * 1024));
  expect(await closed).toBe(1009);
  expect(await new Client(contract, webSocketServerPort(other)).call('double', { n: 2 })).toBe(4);
});
