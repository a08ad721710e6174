import { afterEach, describe, expect, it } from 'vitest';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { type LocalServer, startHttps } from '../../../test/wire/servers.ts';
import { exchangesOf, vectorNames, versionVectors, type WebExchange } from '../../../test/wire/vectors.ts';
import { WebApi } from './webapi.ts';

const server = { serverVersion: '19.0.0', secondFactor: 'on' } as const;
const credentials = { user: 'alice', password: 'correct-horse-battery' };
const finish = { ...credentials, totp: '123456', sshPublicKey: 'ssh-ed25519 AAAA\n', tlsPublicKey: 'PEM', keyForm: 'pair' as const, ttl: 43_200_000 };

const sso = { connector: { type: 'github', name: 'x' }, redirectUrl: 'http://127.0.0.1:1/callback?secret_key=00', verifier: 'v' } as const;

let running: LocalServer | undefined;
afterEach(() => running?.close());

/** Answers every request as recorded. */
async function replay(exchange: WebExchange): Promise<WebApi> {
  running = await startHttps((_request, response) => {
    response.writeHead(exchange.response.status, exchange.response.headers);
    response.end(exchange.response.body_text ?? JSON.stringify(exchange.response.json));
  });
  return new WebApi({ address: running.address, trust: running.fingerprint });
}

function call(api: WebApi, { request }: WebExchange): Promise<unknown> {
  if (request.path.startsWith('/webapi/ping')) return api.ping();
  if (request.path === '/webapi/find') return api.find();
  if (request.path === '/webapi/motd') return api.motd();
  if (request.path === '/web/config.js') return api.config();
  if (request.path.endsWith('/login/console')) return api.ssoBegin({ ...finish, ...sso }, server);
  if (request.path.endsWith('/begin')) return api.loginBegin(credentials, server);
  return api.loginFinish(finish, server);
}

const webOf = (age: '14' | '16') => versionVectors(age).filter((name) => name.includes('/web-'));

async function failure(promise: Promise<unknown>): Promise<AppError> {
  return promise.then(
    () => Promise.reject(new Error('it should have failed')),
    (error: AppError) => error,
  );
}

describe('recorded answers of the web API', () => {
  it('reads a ping', async () => {
    const api = await replay(exchangesOf<WebExchange>('web-ping-otp-only')[0]!);
    expect(await api.ping()).toEqual({
      clusterName: 'root.test',
      serverVersion: '19.0.0-prealpha.2',
      minClientVersion: '18.0.0-aa',
      edition: 'oss',
      authType: 'local',
      secondFactor: 'otp',
      allowPasswordless: false,
      privateKeyPolicy: 'none',
      hasMotd: true,
      loadAllCas: false,
      defaultSessionTtl: 8 * 3_600_000,
      suite: 'balanced-v1',
      tlsRouting: true,
      webPublicAddress: 'localhost:4180',
      sshPublicAddress: '',
      sshListenAddress: '127.0.0.1:4180',
      kube: { publicAddress: '', listenAddress: '127.0.0.1:4180' },
      postgres: { publicAddress: '', listenAddress: '127.0.0.1:4180' },
      mysql: { publicAddress: '', listenAddress: '127.0.0.1:4180' },
      mongo: { publicAddress: '', listenAddress: '' },
    });
  });

  it.each(['web-ping', 'web-ping-webauthn-only', 'web-ping-local', 'web-ping-passwordless'])('reads %s', async (name) => {
    const api = await replay(exchangesOf<WebExchange>(name)[0]!);
    expect(await api.ping()).toMatchObject({
      serverVersion: '19.0.0-prealpha.2',
      tlsRouting: true,
      secondFactor: name === 'web-ping-webauthn-only' ? 'webauthn' : 'on',
    });
  });

  it('reads find, motd and config.js', async () => {
    const find = exchangesOf<WebExchange>('web-find')[0]!;
    expect(await (await replay(find)).find()).toMatchObject({
      clusterName: (find.response.json as { cluster_name: string }).cluster_name,
      suite: 'balanced-v1',
    });
    await running!.close();
    const motd = exchangesOf<WebExchange>('web-motd')[0]!;
    expect(await (await replay(motd)).motd()).toBe((motd.response.json as { Text: string }).Text);
    await running!.close();
    expect(await (await replay(exchangesOf<WebExchange>('web-motd-empty')[0]!)).motd()).toBe('');
    await running!.close();
    expect(await (await replay(exchangesOf<WebExchange>('web-config-js')[0]!)).config()).toEqual({
      localAuth: true,
      connectors: [],
      showsRequestable: true,
    });
  });

  it('logs in with password and code, sending what was recorded', async () => {
    const [begin, end] = exchangesOf<WebExchange>('web-login-totp');
    expect(await (await replay(begin!)).loginBegin(credentials, server)).toEqual({ totp: true, webauthn: false });
    await running!.close();
    const recorded = end!.request.json as Record<string, string | number>;
    const text = (field: string) => Buffer.from(recorded[field] as string, 'base64').toString();
    let sent: unknown;
    running = await startHttps((_request, response, body) => {
      sent = JSON.parse(body);
      response.end(JSON.stringify(end!.response.json));
    });
    const api = new WebApi({ address: running.address, trust: running.fingerprint });
    const login = {
      ...credentials,
      totp: recorded.totp_code as string,
      sshPublicKey: text('ssh_pub_key'),
      tlsPublicKey: text('tls_pub_key'),
      keyForm: 'pair' as const,
      ttl: 43_200_000,
    };
    const result = await api.loginFinish(login, server);
    expect(sent).toEqual(recorded);
    expect(result.user).toBe('alice');
    expect(result.sshCertificate).toMatch(/^ssh-ed25519-cert-v01@openssh\.com AAAA/);
    expect(result.tlsCertificate).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(result.hostSigners).toHaveLength(1);
    expect(result.hostSigners[0]).toMatchObject({
      cluster: 'real.test',
      sshKeys: [expect.stringMatching(/^ssh-/)],
      tlsCertificates: [expect.stringMatching(/^-----BEGIN/)],
    });
  });

  it.each([
    ['web-login-begin-both-factors', { totp: true, webauthn: true }],
    ['web-login-begin-no-usable-device', { totp: false, webauthn: false }],
    ['web-login-begin-browser', { webauthn: true }],
  ])('reads the challenge of %s', async (name, expected) => {
    const [exchange] = exchangesOf<WebExchange>(name);
    expect(await (await replay(exchange!)).loginBegin(credentials, server)).toMatchObject(expected);
  });

  it.each([
    ['web-login-begin-wrong-password', 0, 'invalid-credentials', /locked/],
    ['web-login-begin-unknown-user', 0, 'invalid-credentials', /user name or the password/],
    ['web-login-finish-wrong-password', -1, 'invalid-credentials', /code/],
    ['web-login-totp-wrong', -1, 'invalid-credentials', /code/],
    ['web-login-totp-reused', -1, 'invalid-credentials', /used before/],
    ['web-login-no-second-factor', -1, 'second-factor-required', /second factor/],
    ['web-login-lockout', -1, 'locked', /^This account is locked for a while (?!.*minutes)/],
    ['web-login-admin-lock', -1, 'locked', /administrator/],
    ['web-rate-limited', 0, 'rate-limited', /3 seconds/],
    ['web-legacy-ssh-certs', 0, 'unsupported', /version of Teleport/],
    ['web-login-begin-passwordless-unavailable', 0, 'unsupported', /passwordless/],
    ['web-ping-unknown-connector', 0, 'invalid-argument', /connector/],
    ['web-unknown-route', 0, 'unsupported', /version/],
    ['web-login-no-keys', -1, 'unsupported', /key/],
    ['web-login-malformed-json', 0, 'invalid-argument', /./],
    ['web-sso-github-unknown-connector', 0, 'access-denied', /could not begin this single sign-on/],
    ['web-sso-oidc-oss', 0, 'unsupported', /GitHub only/],
  ])('%s (step %i) is %s', async (name, step, code, sentence) => {
    const exchange = exchangesOf<WebExchange>(name).at(step)!;
    const error = await failure(call(await replay(exchange), exchange));
    expect(error).toMatchObject({ name: 'AppError', code });
    expect(error.message).toMatch(sentence);
  });

  it.each(['14', '16'])('reads what a server of %s says of itself, and its login', async (age) => {
    const read = async (name: string) => {
      const exchange = exchangesOf<WebExchange>(`versions/${age}/${name}`)[0]!;
      return { api: await replay(exchange), exchange };
    };
    expect(await (await read('web-ping')).api.ping()).toMatchObject({
      serverVersion: age === '14' ? '14.0.0-dev' : '17.0.0-dev',
      clusterName: age === '14' ? 'real14.example' : 'real17.example',
      secondFactor: 'on',
      tlsRouting: true,
      defaultSessionTtl: 12 * 3_600_000,
      edition: '',
    });
    await running!.close();
    expect(await (await read('web-config')).api.config()).toMatchObject({ localAuth: true, showsRequestable: true });
    await running!.close();
    expect(await (await read('web-motd')).api.motd()).toBe(age === '14' ? 'Only for work.\nBe careful.' : '');
    await running!.close();
    expect(await (await read('web-login-begin')).api.loginBegin(credentials, server)).toEqual({ totp: true, webauthn: false });
    await running!.close();
    const login = await (await read('web-login-finish')).api.loginFinish(finish, server);
    expect(login).toMatchObject({ user: 'ann', sshCertificate: expect.stringMatching(/^ssh-rsa-cert-v01@openssh\.com /) });
  });

  const groups = { 19: vectorNames('web-'), 14: webOf('14'), 16: webOf('16') };
  it.each(Object.entries(groups))(
    'makes an AppError or a value of every web answer of a server of %s, and never shows what was typed',
    async (_age, names) => {
      for (const name of names) {
        for (const exchange of exchangesOf<WebExchange>(name)) {
          const outcome = await call(await replay(exchange), exchange).catch((error: unknown) => error);
          await running!.close();
          if (!(outcome instanceof Error)) continue;
          expect(outcome, name).toMatchObject({ name: 'AppError', code: expect.not.stringMatching(/^internal$/) });
          expect(JSON.stringify((outcome as AppError).toData()), name).not.toContain(credentials.password);
          expect(outcome.message, name).toMatch(/[.]$/);
        }
      }
    },
  );
});
