import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startCluster } from '../../test/cluster/index.ts';
import { AuthClient } from './auth/auth-client.ts';
import type { AuthRoute } from './auth/auth-route.ts';
import { parseUserCertificate } from './certs/certificates.ts';
import { generateKeys } from './certs/keys.ts';
import { splitAddress } from './connect/address.ts';
import { needsUpgrade } from './connect/tls.ts';
import { loginKeyForm } from './connect/versions.ts';
import { findProxy } from './web/find-proxy.ts';
import { WebApi } from './web/webapi.ts';

const open: { close(): unknown }[] = [];
const query = { kinds: [], search: '', predicate: '', labels: [], sort: { field: 'name' as const, descending: false }, startKey: '', limit: 1000 };
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error) => `${error.name} ${error.code}`,
  );

/** The whole way of a login, by the parts under test. */
async function logIn(cluster: EmbeddedCluster): Promise<AuthRoute> {
  const { ping } = await findProxy(cluster.address, { trustedFingerprint: cluster.fingerprint });
  const api = new WebApi({ address: cluster.address, trust: cluster.fingerprint });
  const person = cluster.user('alice');
  const challenge = await api.loginBegin({ user: person.name, password: person.password }, ping);
  const keys = await generateKeys(ping.suite, loginKeyForm(ping.serverVersion));
  const login = { user: person.name, password: person.password, totp: challenge.totp ? person.totp() : '', ttl: 3_600_000, ...keys };
  const result = await api.loginFinish(login, ping);
  expect(parseUserCertificate(result.tlsCertificate)).toMatchObject({
    user: 'alice',
    cluster: cluster.name,
    roles: expect.arrayContaining(['access']),
    logins: expect.arrayContaining(['root']),
  });
  const route: AuthRoute = {
    ...splitAddress(cluster.sshAddress ?? cluster.address),
    tlsRouting: ping.tlsRouting,
    upgrade: false,
    trustedFingerprint: cluster.fingerprint,
    version: ping.serverVersion,
    rootCluster: cluster.name,
    targetCluster: cluster.name,
    ca: result.hostSigners[0]!.tlsCertificates,
    cert: result.tlsCertificate,
    key: keys.tlsPrivateKey,
  };
  return route;
}

function clientOf(route: AuthRoute): AuthClient {
  const client = new AuthClient(route);
  open.push(client);
  return client;
}

afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

describe.each(['14.3.3', '15.0.2', '16.4.0', '17.2.1', '18.0.0', '19.0.0'])('a cluster of version %s', (serverVersion) => {
  let cluster: EmbeddedCluster;
  let route: AuthRoute;
  beforeAll(async () => {
    cluster = await startCluster({ serverVersion, resources: 20, sshd: false, hostileNames: true });
    route = await logIn(cluster);
  });
  afterAll(() => cluster.close());

  it('tells who I am, its name, its leaves and its authorities', async () => {
    const client = clientOf(route);
    expect(await client.ping()).toEqual({ clusterName: cluster.name, serverVersion });
    expect(await client.currentUser()).toMatchObject({ name: 'alice', roles: expect.arrayContaining(['access', 'developer']) });
    expect((await client.currentRoles()).map((role) => role.name)).toContain('access');
    expect((await client.clusterName()).name).toBe(cluster.name);
    const cas = await client.hostCas();
    expect(cas.map((ca) => ca.cluster).sort()).toEqual([cluster.leaf!, cluster.name].sort());
    const leaf = clientOf({ ...route, targetCluster: cluster.leaf!, ca: cas.flatMap((ca) => ca.tlsCertificates) });
    expect(await leaf.ping()).toMatchObject({ clusterName: cluster.leaf });
    expect((await leaf.listUnifiedResources(query)).resources.every((resource) => resource.cluster === cluster.leaf)).toBe(true);
  });

  it('lists everything page by page, cleaned', async () => {
    const client = clientOf(route);
    const names: string[] = [];
    let startKey = '';
    do {
      const page = await client.listUnifiedResources({ ...query, startKey, limit: 17 });
      expect(page.resources.length).toBeLessThanOrEqual(17);
      names.push(...page.resources.map((resource) => resource.name));
      startKey = page.nextKey;
    } while (startKey !== '');
    expect(names).toContain('demo-server');
    expect(names.length).toBeGreaterThan(60);
    expect(names.join('')).not.toMatch(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/);
    expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(1000);
  });

  it('is reached through a connection upgrade as well', async () => {
    expect(await needsUpgrade(cluster.address, { trustedFingerprint: cluster.fingerprint })).toBe(false);
    const client = clientOf({ ...route, upgrade: true });
    expect(await client.ping()).toMatchObject({ clusterName: cluster.name });
    expect((await client.listUnifiedResources(query)).resources.length).toBeGreaterThan(60);
  });
});

describe.each([
  ['straight', true, false],
  ['through an upgrade', true, true],
  ['without TLS routing', false, false],
])('%s', (_name, tlsRouting, upgrade) => {
  it('a certificate that ran out is told as such, and garbage does no harm', async () => {
    let ahead = 0;
    const cluster = await startCluster({ tlsRouting, resources: 5, sshd: false, now: () => Date.now() + ahead });
    try {
      const route = await logIn(cluster);
      cluster.setFaults({ rpc: 'garbage' });
      const client = clientOf({ ...route, upgrade });
      expect(await code(client.listUnifiedResources(query))).toBe('AppError bad-response');
      cluster.setFaults({ rpc: 'huge' });
      expect(await code(client.listUnifiedResources(query))).toBe('AppError bad-response');
      cluster.setFaults({ drop: ['rpc'] });
      expect(await code(client.currentUser())).toBe('AppError offline');
      cluster.setFaults({ refuse: 'access denied' });
      expect(await code(client.currentUser())).toBe('AppError access-denied');
      cluster.setFaults({ expire: 60_000 });
      const short = await logIn(cluster);
      ahead = 61_000;
      expect(await code(clientOf({ ...short, upgrade }).ping())).toBe('AppError expired');
    } finally {
      for (const one of open.splice(0)) one.close();
      await cluster.close();
    }
  });
});

describe('a cluster without TLS routing', () => {
  it('is reached through the proxy’s transport service, and so is its leaf', async () => {
    const cluster = await startCluster({ tlsRouting: false, resources: 300, sshd: false });
    try {
      const route = await logIn(cluster);
      expect(route.tlsRouting).toBe(false);
      const client = clientOf(route);
      expect(await client.ping()).toMatchObject({ clusterName: cluster.name });
      const cas = await client.hostCas();
      expect((await client.listUnifiedResources(query)).resources).toHaveLength(1000);
      const leaf = clientOf({ ...route, targetCluster: cluster.leaf!, ca: cas.flatMap((ca) => ca.tlsCertificates) });
      expect(await leaf.ping()).toMatchObject({ clusterName: cluster.leaf });
      const pem = cas[0]!.tlsCertificates;
      expect(await code(clientOf({ ...route, targetCluster: 'nowhere', ca: [...route.ca, ...pem] }).ping())).toBe('AppError untrusted-certificate');
    } finally {
      for (const one of open.splice(0)) one.close();
      await cluster.close();
    }
  });
});
