import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type EmbeddedCluster, startCluster } from '../../../test/cluster/index.ts';
import { createWebCertificate } from '../../../test/cluster/pki/x509.ts';
import { type ConnectProxyOptions, startConnectProxy } from '../../../test/support/connect-proxy.ts';
import { listen } from '../../../test/wire/servers.ts';
import { AuthClient } from '../auth/auth-client.ts';
import { generateKeys } from '../certs/keys.ts';
import { findProxy } from '../web/find-proxy.ts';
import { WebApi } from '../web/webapi.ts';
import { splitAddress } from './address.ts';
import { httpProxyFor } from './http-proxy.ts';
import { dialTls, needsUpgrade } from './tls.ts';
import { loginKeyForm } from './versions.ts';

const address = 'teleport.example.com:443';
let cluster: EmbeddedCluster;
const open: { close(): unknown }[] = [];
beforeAll(async () => {
  cluster = await startCluster({ resources: 3, sshd: false, leaf: false, gateways: true });
}, 60_000);
afterAll(() => cluster.close());
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const one of open.splice(0).reverse()) await one.close();
});

async function proxied(options: Partial<ConnectProxyOptions> = {}, user = '') {
  const proxy = await startConnectProxy({ hosts: { [address]: cluster.port }, ...options });
  open.push(proxy);
  vi.stubEnv('HTTPS_PROXY', `${options.tls ? 'https' : 'http'}://${user}127.0.0.1:${proxy.port}`);
  return proxy;
}

async function failure(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await work.then(
    () => expect.fail('it worked'),
    (caught) => caught,
  );
  expect(error.name).toBe('AppError');
  expect(JSON.stringify({ message: error.message, details: error.details })).not.toContain('hunter2');
  return error;
}

const dial = (more: object = {}) =>
  dialTls({ host: 'teleport.example.com', port: 443, alpn: ['http/1.1'], trustedFingerprint: cluster.fingerprint, ...more });

describe('everything goes through the web proxy that the environment names', () => {
  it('finding the cluster, logging in, gRPC, a gateway’s connections; the proxy knows the address only, its name is looked up there', async () => {
    const proxy = await proxied({ credentials: 'alice:p@ss' }, 'alice:p%40ss@');
    const { ping } = await findProxy(address, { trustedFingerprint: cluster.fingerprint });
    expect(await needsUpgrade(address, { trustedFingerprint: cluster.fingerprint })).toBe(false);
    const api = new WebApi({ address, trust: cluster.fingerprint });
    const person = cluster.user('alice');
    const challenge = await api.loginBegin({ user: person.name, password: person.password }, ping);
    const keys = await generateKeys(ping.suite, loginKeyForm(ping.serverVersion));
    const login = { user: person.name, password: person.password, totp: challenge.totp ? person.totp() : '', ttl: 3_600_000, ...keys };
    const result = await api.loginFinish(login, ping);
    const client = new AuthClient({
      ...splitAddress(address),
      webAddress: address,
      tlsRouting: true,
      upgrade: false,
      trustedFingerprint: cluster.fingerprint,
      version: ping.serverVersion,
      rootCluster: cluster.name,
      targetCluster: cluster.name,
      ca: result.hostSigners[0]!.tlsCertificates,
      cert: result.tlsCertificate,
      key: keys.tlsPrivateKey,
    });
    open.push(client);
    expect(await client.clusterName()).toMatchObject({ name: cluster.name });
    const socket = await dial({ alpn: ['teleport-postgres-ping', 'teleport-postgres'], cert: result.tlsCertificate, key: keys.tlsPrivateKey });
    expect(socket.alpnProtocol).toBe('teleport-postgres-ping');
    socket.destroy();
    expect(new Set(proxy.seen.map(({ method, url }) => `${method} ${url}`))).toEqual(new Set([`CONNECT ${address}`]));
    expect(proxy.seen.length).toBeGreaterThan(4);
    for (const secret of [person.password, '/webapi', 'alice']) expect(proxy.bytes()).not.toContain(secret);
  }, 30_000);

  it('through the load balancer’s upgrade as well, and through a proxy that speaks TLS where its certificate is good', async () => {
    await proxied();
    const socket = await dial({ upgrade: true, alpn: ['teleport-postgres'], version: '19.0.0' });
    expect(socket.alpnProtocol).toBe('teleport-postgres');
    socket.destroy();
    await proxied({ tls: await createWebCertificate(['127.0.0.1']) });
    expect(await failure(dial())).toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/web proxy at 127.*has a certificate that is not signed by anybody/),
    });
  });

  it('NO_PROXY and this computer’s own addresses are reached straight', async () => {
    const proxy = await proxied({ refuse: 403 });
    (await dialTls({ host: '127.0.0.1', port: cluster.port, alpn: ['http/1.1'], trustedFingerprint: cluster.fingerprint })).destroy();
    expect(proxy.seen).toEqual([]);
    expect(httpProxyFor('teleport.example.com', 443)).toMatchObject({ host: '127.0.0.1', port: proxy.port });
    vi.stubEnv('NO_PROXY', 'example.com');
    expect(httpProxyFor('teleport.example.com', 443)).toBeNull();
  });
});

describe('what goes wrong is said, without the password', () => {
  it.each([
    ['no user where one is wanted', { credentials: 'a:b' }, '', 'access-denied', /wants a user name and a password/],
    ['a wrong password', { credentials: 'a:b' }, 'a:hunter2@', 'access-denied', /did not take the user name and password/],
    [
      'a refusal',
      { refuse: 403 },
      'a:hunter2@',
      'unreachable',
      /does not let this computer through to teleport\.example\.com:443 \(it answered 403\)/,
    ],
    ['a server that the proxy cannot reach', { hosts: {} }, '', 'unreachable', /answered 502/],
  ] as const)('%s', async (_name, options, user, code, message) => {
    await proxied(options, user);
    expect(await failure(dial())).toMatchObject({ code, message: expect.stringMatching(message) });
    const api = new WebApi({ address, trust: cluster.fingerprint });
    expect(await failure(api.ping())).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('a proxy that is not there, speaks no HTTP, or is of another kind', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://a:hunter2@127.0.0.1:1');
    expect(await failure(dial())).toMatchObject({ code: 'unreachable', message: expect.stringMatching(/web proxy at 127\.0\.0\.1:1.*ECONNREFUSED/) });
    const other = await listen(createServer((socket) => socket.end('220 mail.example.com ESMTP\r\n')));
    open.push(other);
    vi.stubEnv('HTTPS_PROXY', `127.0.0.1:${other.port}`);
    expect(await failure(dial())).toMatchObject({ code: 'unreachable', message: expect.stringMatching(/does not answer as one/) });
    vi.stubEnv('HTTPS_PROXY', 'socks5://a:hunter2@127.0.0.1:1080');
    expect(await failure(dial())).toMatchObject({ code: 'unsupported', message: expect.stringMatching(/kind socks5/) });
    vi.stubEnv('HTTPS_PROXY', 'http://a:hunter2@[bad');
    expect(await failure(dial())).toMatchObject({ code: 'unsupported', message: expect.stringMatching(/is no address/) });
  });

  it('one that never answers is left when the caller does not wait any longer, and nothing stays open', async () => {
    const proxy = await proxied({ mute: true });
    const gone = new AbortController();
    const dialling = failure(dial({ signal: gone.signal }));
    for (const end = Date.now() + 5000; proxy.seen.length === 0 && Date.now() < end; ) await new Promise((resolve) => setTimeout(resolve, 10));
    const closed = once(proxy.seen[0]!.socket, 'end');
    gone.abort();
    expect(await dialling).toMatchObject({ code: 'cancelled' });
    await closed;
  });

  it('gRPC passes the sentence on', async () => {
    await proxied({ refuse: 403 });
    const { ca, cert, key } = { ca: [cluster.webCaPem], cert: '', key: '' };
    const client = new AuthClient({
      ...{ ...splitAddress(address), webAddress: address, tlsRouting: true, upgrade: false, trustedFingerprint: null, version: '19.0.0' },
      ...{ rootCluster: cluster.name, targetCluster: cluster.name, ca, cert, key },
    });
    open.push(client);
    expect(await failure(client.clusterName())).toMatchObject({ code: 'unreachable', message: expect.stringMatching(/it answered 403/) });
  });
});
