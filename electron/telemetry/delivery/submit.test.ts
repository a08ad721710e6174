import type { RequestListener } from 'node:http';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type ConnectProxyOptions, startConnectProxy } from '../../../test/support/connect-proxy.ts';
import { loadCodec } from '../codec.ts';
import { exampleEvent } from '../testing/example-events.ts';
import { type Fixture, listen, selfSigned, startHttps } from '../testing/https-fixture.ts';
import { parseCollector } from './collector-address.ts';
import { type Submission, Submitter, type SubmitterOptions } from './submit.ts';

const never = new AbortController().signal;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
let certificate: { cert: string; key: string };
beforeAll(async () => {
  certificate = await selfSigned('collector.example.com');
  await loadCodec();
});
const rejections: unknown[] = [];
const onRejection = (reason: unknown) => rejections.push(reason);
process.on('unhandledRejection', onRejection);
afterAll(() => {
  process.off('unhandledRejection', onRejection);
  expect(rejections).toEqual([]);
});

/** A web proxy that leads to this port by the collector's name, and by another's. */
const proxyTo = async (port: number, more: Partial<ConnectProxyOptions> = {}) => {
  const proxy = await startConnectProxy({ hosts: { 'collector.example.com:443': port, 'other.example.com:443': port }, ...more });
  closing.push(() => proxy.close());
  return proxy;
};
const keep = (fixture: Fixture) => {
  closing.push(() => fixture.close());
  return fixture.port;
};
const http = async (handler: RequestListener) => keep(await listen(createServer(handler)));
const submitter = (address: string, more: Partial<SubmitterOptions> = {}) => {
  const parsed = parseCollector(address);
  if (!parsed || !('url' in parsed)) throw new Error('a bad address in a test');
  const made = new Submitter({ url: parsed.url, environment: {}, userAgent: 'slipway/0.1.0', ...more });
  closing.push(() => made.close());
  return made;
};
const answer = async (handler: RequestListener, more: Partial<SubmitterOptions> = {}): Promise<Submission> =>
  submitter(`http://127.0.0.1:${await http(handler)}`, more).submit(exampleEvent(1), never);
const accept: RequestListener = (_, response) => response.writeHead(200, { 'content-type': 'application/proto' }).end();

test('one event is one unary request of the Connect protocol', async () => {
  const seen: { request: IncomingMessage; body: Buffer }[] = [];
  const result = await answer(async (request, response) => {
    seen.push({ request, body: await buffer(request) });
    accept(request, response);
  });
  expect(result).toEqual({ result: 'sent' });
  const [{ request, body } = { request: {} as IncomingMessage, body: Buffer.alloc(0) }] = seen;
  expect([request.method, request.url]).toEqual(['POST', '/prehog.v1alpha.ConnectReportingService/SubmitConnectEvent']);
  expect(request.headers).toMatchObject({
    'content-type': 'application/proto',
    'connect-protocol-version': '1',
    'content-length': '177',
    'user-agent': 'slipway/0.1.0',
  });
  expect(body).toEqual(Buffer.from((await loadCodec()).encode(exampleEvent(1))));
});

test('a batch goes over one connection', async () => {
  const sockets = new Set();
  const port = await http((request, response) => {
    sockets.add(request.socket);
    accept(request, response);
  });
  const one = submitter(`http://127.0.0.1:${port}`);
  for (let nth = 0; nth < 5; nth++) expect((await one.submit(exampleEvent(nth), never)).result).toBe('sent');
  expect(sockets.size).toBe(1);
});

const json =
  (status: number, body: unknown, headers = {}): RequestListener =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));

test.each([401, 403, 404, 405, 409, 410, 301, 501])('%i: the collector takes nothing from here, and that is said', async (status) => {
  expect(await answer((_, response) => response.writeHead(status).end())).toMatchObject({
    result: 'retry',
    isUnwelcome: true,
    detail: expect.stringMatching(/takes nothing from here.*once a day/),
  });
});

test.each([408, 425, 429, 500, 502, 503, 302])('%i passes by itself', async (status) => {
  expect(await answer((_, response) => response.writeHead(status).end())).not.toHaveProperty('isUnwelcome');
});

test.each<[string, RequestListener, Submission['result']]>([
  ['400 invalid_argument', json(400, { code: 'invalid_argument', message: 'no event' }), 'refused'],
  ['400 without a code', (_, response) => response.writeHead(400).end(), 'refused'],
  ['413', (_, response) => response.writeHead(413).end(), 'refused'],
  ['415', (_, response) => response.writeHead(415).end(), 'refused'],
  ['401', json(401, { code: 'unauthenticated' }), 'retry'],
  ['403', (_, response) => response.writeHead(403).end(), 'retry'],
  ['404', json(404, { code: 'unimplemented' }), 'retry'],
  ['408', (_, response) => response.writeHead(408).end(), 'retry'],
  ['409 aborted', json(409, { code: 'aborted' }), 'retry'],
  ['429', json(429, { code: 'resource_exhausted' }), 'retry'],
  ['500', json(500, { code: 'internal' }), 'retry'],
  ['503', (_, response) => response.writeHead(503).end(), 'retry'],
  ['a JSON error that is no JSON', json(500, '{'), 'retry'],
  ['a JSON error of another shape', json(500, '[1]'), 'retry'],
  ['200 with a login page', (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'), 'retry'],
  [
    '200 with bytes that are no message',
    (_, response) => response.writeHead(200, { 'content-type': 'application/proto' }).end(Buffer.from([0x0a, 0x7f])),
    'retry',
  ],
  [
    '200 with fields of a newer schema',
    (_, response) => response.writeHead(200, { 'content-type': 'application/proto' }).end(Buffer.from([0x08, 0x01])),
    'sent',
  ],
  [
    'an endless answer',
    (_, response) => void response.writeHead(200, { 'content-type': 'application/proto' }).end(Buffer.alloc(1024 * 1024)),
    'retry',
  ],
  [
    'endless headers',
    (_, response) =>
      void response.writeHead(200, { 'content-type': 'application/proto', more: 'x'.repeat(15_000), 'and-more': 'x'.repeat(15_000) }).end(),
    'retry',
  ],
  [
    'an answer that is cut off',
    (_, response) => void response.writeHead(200, { 'content-type': 'application/proto', 'content-length': 10 }).write('x', () => response.destroy()),
    'retry',
  ],
  ['a connection that closes', (request) => void request.socket.destroy(), 'retry'],
])('%s', async (_, handler, result) => expect((await answer(handler)).result).toBe(result));

test('a redirect is a failure, and is not followed', async () => {
  let followed = 0;
  const elsewhere = await http((request, response) => {
    followed += 1;
    accept(request, response);
  });
  for (const status of [301, 302, 303, 307, 308])
    expect(await answer((_, response) => response.writeHead(status, { location: `http://127.0.0.1:${elsewhere}/` }).end())).toMatchObject({
      result: 'retry',
      detail: expect.stringMatching(new RegExp(`^the collector answered ${status}($|\\. It takes nothing from here)`)),
    });
  expect(followed).toBe(0);
});

test('the collector’s own words are one short line', async () => {
  const result = await answer(json(400, { code: 'invalid_argument', message: `no\u0000\n\u001b[31m event ${'x'.repeat(1000)}` }));
  expect(result).toMatchObject({ detail: expect.stringMatching(/^the collector answered 400 invalid_argument: no \[31m event x{180,190}$/) });
});

test('a time to wait is passed on', async () => {
  expect(await answer(json(429, {}, { 'retry-after': '120' }))).toMatchObject({ result: 'retry', afterMs: 120_000 });
  expect(await answer(json(503, {}, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }))).not.toHaveProperty('afterMs');
});

test('one that never answers is given up, and so is one that answers a byte at a time', async () => {
  const started = Date.now();
  expect(await answer(() => {}, { timeoutMs: 150 })).toEqual({ result: 'retry', detail: 'the collector did not answer in time' });
  const drip: RequestListener = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/proto' });
    const timer = setInterval(() => response.write('\b'), 30);
    response.on('close', () => clearInterval(timer));
  };
  expect((await answer(drip, { timeoutMs: 150 })).result).toBe('retry');
  expect(Date.now() - started).toBeLessThan(2000);
});

test('nobody there', async () => {
  expect(await submitter('http://127.0.0.1:1').submit(exampleEvent(1), never)).toEqual({
    result: 'retry',
    detail: 'the collector could not be reached (ECONNREFUSED)',
  });
  const gone = new AbortController();
  gone.abort();
  expect((await submitter('http://127.0.0.1:1').submit(exampleEvent(1), gone.signal)).result).toBe('retry');
});

test('TLS is verified', async () => {
  let asked = 0;
  const port = keep(
    await startHttps(certificate, (request, response) => {
      asked += 1;
      accept(request, response);
    }),
  );
  expect(await submitter(`https://127.0.0.1:${port}`).submit(exampleEvent(1), never)).toMatchObject({
    result: 'retry',
    detail: expect.stringMatching(/not signed by anybody this computer knows/),
  });
  expect(await submitter(`https://127.0.0.1:${port}`, { ca: [certificate.cert] }).submit(exampleEvent(1), never)).toMatchObject({
    result: 'retry',
    detail: expect.stringMatching(/made for another name/),
  });
  expect(asked).toBe(0);
});

test('https goes through the proxy’s CONNECT, with its credentials, several events over one tunnel', async () => {
  const port = keep(await startHttps(certificate, accept));
  const proxy = await proxyTo(port, { credentials: 'alice:p@ss' });
  const one = submitter('https://collector.example.com', {
    ca: [certificate.cert],
    environment: { HTTPS_PROXY: `http://alice:p%40ss@127.0.0.1:${proxy.port}` },
  });
  expect(await one.submit(exampleEvent(1), never)).toEqual({ result: 'sent' });
  expect(await one.submit(exampleEvent(2), never)).toEqual({ result: 'sent' });
  expect(proxy.seen.map(({ method, url }) => [method, url])).toEqual([['CONNECT', 'collector.example.com:443']]);
});

test('a proxy that speaks TLS itself is verified, against the same roots', async () => {
  const port = keep(await startHttps(certificate, accept));
  const tls = await selfSigned('localhost');
  const proxy = await proxyTo(port, { tls });
  const through = (ca: string[]) =>
    submitter('https://collector.example.com', { ca, environment: { HTTPS_PROXY: `https://localhost:${proxy.port}` } }).submit(
      exampleEvent(1),
      never,
    );
  expect(await through([certificate.cert, tls.cert])).toEqual({ result: 'sent' });
  expect(await through([certificate.cert])).toMatchObject({
    result: 'retry',
    detail: expect.stringMatching(/not signed by anybody this computer knows/),
  });
});

test('TLS is verified inside the tunnel too', async () => {
  const port = keep(await startHttps(certificate, accept));
  const proxy = await proxyTo(port);
  const environment = { HTTPS_PROXY: `127.0.0.1:${proxy.port}` };
  expect(await submitter('https://collector.example.com', { environment }).submit(exampleEvent(1), never)).toMatchObject({
    result: 'retry',
    detail: expect.stringMatching(/not signed by anybody this computer knows/),
  });
  expect(await submitter('https://other.example.com', { environment, ca: [certificate.cert] }).submit(exampleEvent(1), never)).toMatchObject({
    detail: expect.stringMatching(/made for another name/),
  });
});

test('a proxy that refuses, is not there, says nothing, is of an unknown kind or no address is a passing failure', async () => {
  const refusing = await proxyTo(1, { refuse: 407 });
  const silent = await http(() => {});
  const muted = await proxyTo(1, { mute: true });
  const through = (proxy: string) =>
    submitter('https://collector.example.com', { timeoutMs: 200, environment: { HTTPS_PROXY: proxy } }).submit(exampleEvent(1), never);
  expect(await through(`http://127.0.0.1:${refusing.port}`)).toMatchObject({ result: 'retry', detail: expect.stringMatching(/proxy answered 407/) });
  expect((await through('http://127.0.0.1:1')).result).toBe('retry');
  expect((await through(`http://127.0.0.1:${silent}`)).result).toBe('retry');
  expect((await through(`http://127.0.0.1:${muted.port}`)).result).toBe('retry');
  expect(await through('socks5://127.0.0.1:1080')).toMatchObject({ result: 'retry', detail: expect.stringMatching(/kind socks5/) });
  expect(await through('http://[bad')).toMatchObject({ result: 'retry', detail: expect.stringMatching(/is no address/) });
});
