import { afterAll, beforeAll, expect, it } from 'vitest';
import { readVector, vectorNames, type WebExchange } from '../../wire/vectors.ts';
import { type EmbeddedCluster, startCluster } from '../index.ts';
import { web } from '../testing/plain-client.ts';

/*
 * Recorded exchanges of the web API, replayed against the embedded cluster. Words, codes and the set of keys must be the same; values that
 * name a cluster, an address or a time may differ. What needs a WebAuthn device or an SSO connector waits for those.
 */
const passwords = {
  alice: 'correct-horse-battery',
  bob: 'battery-staple-horse-9',
  carol: 'good-password-carol-1',
  dave: 'long-pass-phrase-77',
  erin: 'long-pass-phrase-77',
};
const waiting =
  /webauthn|passwordless|browser|both-factors|enrol|admin-lock|tls-key-only|legacy-and-new|legacy-key|no-keys|no-second-factor|login-totp$|totp-reused|lockout|rate-limited|ping-webauthn|motd$/;
let cluster: EmbeddedCluster;

beforeAll(async () => {
  const users = Object.entries(passwords)
    .filter(([name]) => name !== 'alice' && name !== 'bob')
    .map(([name, password]) => ({ name, password, roles: ['access'], totp: name !== 'dave' }));
  cluster = await startCluster({ edition: 'oss', serverVersion: '19.0.0-prealpha.2', resources: 1, sshd: false, leaf: false, users });
});
afterAll(() => cluster.close());

const send = ({ request }: WebExchange) => web(cluster, request.method, request.path, request.json ?? request.body_text, request.headers);

it.each(vectorNames('web-').filter((name) => !waiting.test(name)))('%s', async (name) => {
  const exchange = readVector<WebExchange>(name);
  const body = exchange.request.json ?? exchange.request.body_text;
  const contentType = exchange.request.headers['content-type'];
  const answer = await web(cluster, exchange.request.method, exchange.request.path, body, { 'content-type': contentType ?? '' });
  expect(answer.status).toBe(exchange.response.status);
  for (const header of ['content-type', 'x-content-type-options', 'strict-transport-security', 'cache-control']) {
    expect(answer.headers[header]).toBe(exchange.response.headers[header]);
  }
  if (exchange.response.status !== 200) expect(firstWords(answer.json)).toEqual(firstWords(exchange.response.json));
  else if (exchange.response.json !== undefined) expect(withoutWebauthn(shape(answer.json))).toEqual(withoutWebauthn(shape(exchange.response.json)));
  else
    expect(shape(scriptOf(answer.text))).toEqual(
      expect.objectContaining({ auth: (shape(scriptOf(exchange.response.body_text!)) as { auth: unknown }).auth }),
    );
});

it('login by password and code, then the same code again (web-login-totp, web-login-totp-reused)', async () => {
  const [begin, finish] = readVector<{ steps: WebExchange[] }>('web-login-totp').steps as [WebExchange, WebExchange];
  const user = cluster.user('alice');
  const started = await send({ ...begin, request: { ...begin.request, json: { ...(begin.request.json as object), pass: user.password } } });
  expect([started.status, started.json]).toEqual([200, begin.response.json]);
  const body = { ...(finish.request.json as object), password: user.password, totp_code: user.totp() };
  const done = await send({ ...finish, request: { ...finish.request, json: body } });
  expect(done.status).toBe(200);
  expect(shape(done.json)).toEqual(shape(finish.response.json));
  const again = await send({ ...finish, request: { ...finish.request, json: body } });
  const recorded = readVector<WebExchange>('web-login-totp-reused').response;
  expect([again.status, again.json]).toEqual([recorded.status, recorded.json]);
});

it('lockout after five failures; begin never tells (web-login-lockout)', async () => {
  for (const step of readVector<{ steps: WebExchange[] }>('web-login-lockout').steps) {
    const answer = await send(step);
    expect([answer.status, answer.json]).toEqual([step.response.status, step.response.json]);
  }
});

it.each(['web-login-no-keys', 'web-login-no-second-factor', 'web-login-legacy-key-only', 'web-login-admin-lock'])('%s', async (name) => {
  const exchange = readVector<WebExchange>(name);
  const recorded = exchange.request.json as { user: string };
  const user = cluster.user(recorded.user);
  if (name === 'web-login-admin-lock') user.lock('audit pending');
  const proof = name === 'web-login-no-second-factor' ? {} : { totp_code: user.totp() };
  const answer = await send({
    ...exchange,
    request: { ...exchange.request, json: { ...recorded, password: user.password, webauthn_challenge_response: null, ...proof } },
  });
  user.lock(null);
  expect([answer.status, answer.json]).toEqual([exchange.response.status, exchange.response.json]);
});

it('a login with one key leaves the other certificate null (web-login-tls-key-only)', async () => {
  const exchange = readVector<WebExchange>('web-login-tls-key-only');
  const user = cluster.user('bob');
  const body = { ...(exchange.request.json as object), password: user.password, totp_code: user.totp(), webauthn_challenge_response: null };
  const answer = await send({ ...exchange, request: { ...exchange.request, json: body } });
  expect(shape(answer.json)).toEqual(shape(exchange.response.json));
});

it('the 41st quick call is told to wait (web-rate-limited)', async () => {
  const began = Date.now();
  const limited = await startCluster({ resources: 1, sshd: false, leaf: false, rateLimit: true, now: () => began });
  const exchange = readVector<WebExchange>('web-rate-limited');
  let last = await web(limited, 'POST', exchange.request.path, exchange.request.json);
  for (let call = 2; call <= 41; call++) last = await web(limited, 'POST', exchange.request.path, exchange.request.json);
  await limited.close();
  expect([last.status, last.json]).toEqual([exchange.response.status, exchange.response.json]);
});

/** The same structure with each value replaced by its type; long lists by their first entry. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])];
  if (value === null || typeof value !== 'object') return value === null ? null : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]));
}

/** The recorded cluster has WebAuthn, which adds a few keys to `auth`. */
function withoutWebauthn(value: unknown): unknown {
  const auth = (value as { auth?: Record<string, unknown> }).auth;
  for (const key of ['webauthn', 'allow_passwordless', 'allow_headless']) delete auth?.[key];
  return value;
}

/** Error messages of Go's JSON decoder are compared up to the part that names Go types. */
function firstWords(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json).replace(/(json: cannot unmarshal) [^"]*/, '$1'));
}

function scriptOf(text: string): unknown {
  return JSON.parse(text.replace(/^var GRV_CONFIG = /, '').replace(/;$/, ''));
}

it.each(['host', 'user', 'openssh', 'tls-host', 'tls-user', 'db', 'db-client'])('exports the %s authority', async (type) => {
  const { status, text } = await web(cluster, 'GET', `/webapi/auth/export?type=${type}`);
  expect(status).toBe(200);
  expect(text).toMatch(/^(@?cert-authority .*ssh-ed25519 |-----BEGIN CERTIFICATE-----)/);
});
