import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { seal } from '../../../../test/cluster/web/single-sign-on.ts';
import { type CallbackServer, listenForCallback } from './callback-server.ts';

let server: CallbackServer;
let key: Buffer;
let settled: unknown;
beforeEach(async () => {
  server = await listenForCallback('teleport.example.com');
  key = Buffer.from(new URL(server.redirectUrl).searchParams.get('secret_key')!, 'hex');
  settled = 'waiting';
  server.answer.then(
    (plain) => {
      settled = plain;
    },
    (error) => {
      settled = AppError.from(error).message;
    },
  );
});
afterEach(() => server.close());

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** One request, the query beside the path of `base`; `follow: false` of fetch would still refuse long addresses. */
function call(path: string, { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
  const { hostname, port } = new URL(server.redirectUrl);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers }, async (response) => {
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part as Buffer);
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString() });
    });
    sent.on('error', reject).end();
  });
}
const callback = (query: Record<string, string>, options = {}) => call(`/callback?${new URLSearchParams(query)}`, options);
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('the short address leads on, once it is known where to', async () => {
  const { pathname } = new URL(server.startUrl);
  expect((await call(pathname)).status).toBe(503);
  server.leadTo({ url: 'https://idp.example.com/authorize?state=1' });
  const answer = await call(pathname);
  expect([answer.status, answer.headers.location]).toEqual([302, 'https://idp.example.com/authorize?state=1']);
  expect(answer.headers['referrer-policy']).toBe('no-referrer');
});

test('a form is served so that it can do nothing but be posted', async () => {
  server.leadTo({ form: '<form method="post" action="https://idp.example.com"></form>' });
  const answer = await call(new URL(server.startUrl).pathname);
  expect(answer.body).toContain('idp.example.com');
  expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
});

test.each([
  ['a page of another site', { origin: 'https://evil.example.com', 'sec-fetch-site': 'cross-site' }],
  ['a name that was bound anew', { host: 'evil.example.com' }],
])('the short address leads %s nowhere', async (_who, headers) => {
  server.leadTo({ url: 'https://idp.example.com/' });
  const answer = await call(new URL(server.startUrl).pathname, { headers: headers as Record<string, string> });
  expect([403, 421]).toContain(answer.status);
  expect(answer.headers.location).toBeUndefined();
});

test.each([
  ['nothing', {}],
  ['no JSON', { response: '{' }],
  ['a list', { response: '[]' }],
  ['fields that are no Base64', { response: '{"ciphertext":"%%","nonce":"%%"}' }],
  ['less than a tag', { response: '{"ciphertext":"AAAA","nonce":"AAAAAAAAAAAAAAAA"}' }],
  ['another key', { response: seal('{}', randomBytes(32)) }],
  ['a failure without the key', { err: 'denied' }],
  ['a failure with another key', { err: 'denied', secret_key: 'ab'.repeat(32) }],
  ['a failure with half a key', { err: 'denied', secret_key: 'ab' }],
])('%s is refused, and the waiting goes on', async (_what, query) => {
  const answer = await callback(query as Record<string, string>);
  expect(answer.status).toBe(400);
  await turn();
  expect(settled).toBe('waiting');
  await callback({ response: seal('{"a":1}', key) });
  expect(settled).toBe('{"a":1}');
});

test('a sealed answer that was changed is refused', async () => {
  const sealed = JSON.parse(seal('{"username":"ann"}', key)) as { ciphertext: string; nonce: string };
  const bytes = Buffer.from(sealed.ciphertext, 'base64');
  bytes[0] = bytes[0]! ^ 1;
  expect((await callback({ response: JSON.stringify({ ...sealed, ciphertext: bytes.toString('base64') }) })).status).toBe(400);
  expect(settled).toBe('waiting');
});

test('the first sealed answer counts, and the browser is sent to a page of the cluster', async () => {
  const first = await callback({ response: seal('one', key) });
  expect([first.status, first.headers.location]).toEqual([302, 'https://teleport.example.com/web/msg/info/login_success']);
  await callback({ response: seal('two', key) });
  expect(settled).toBe('one');
});

test('a failure that names the key ends the waiting with the cluster’s words, cleaned', async () => {
  const answer = await callback({ err: `nobody\u0007 knows\u202e you ${'x'.repeat(1000)}`, secret_key: key.toString('hex') });
  expect(answer.headers.location).toBe('https://teleport.example.com/web/msg/error/login');
  expect(settled).toMatch(/^The login in the browser failed: nobody.* knows.* you x+….*\. Try again/);
  expect(settled).not.toMatch(/[\u0007\u202e]/);
  expect(String(settled).length).toBeLessThan(450);
});

test('an answer of 200 KB is taken, one of 10 MB is not and ends nothing', async () => {
  const status = await callback({ response: 'x'.repeat(10_000_000) }).then(
    (answer) => answer.status,
    () => 431, // the connection was closed while the rest was still being sent
  );
  expect(status).toBe(431);
  const plain = 'y'.repeat(140_000);
  await callback({ response: seal(plain, key) });
  expect(settled).toBe(plain);
});

test('scripts of the proxy’s page may ask; other methods and paths get nothing', async () => {
  expect((await callback({}, { method: 'OPTIONS' })).headers['access-control-allow-origin']).toBe('*');
  expect((await callback({}, { method: 'DELETE' })).status).toBe(405);
  expect((await call('/')).status).toBe(404);
  expect((await call('/callback/x')).status).toBe(404);
  expect((await callback({ response: seal('posted', key) }, { method: 'POST' })).status).toBe(302);
  expect(settled).toBe('posted');
});
