import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ClusterKey } from '../../shared/model/cluster.ts';
import { resourceQuerySchema } from '../../shared/model/resource.ts';
import { type EmbeddedCluster, startCluster } from '../../test/cluster/index.ts';
import { checkProfile } from '../../test/support/profile-checker.ts';
import { sshTicketSchema } from '../host-contract/ticket.ts';
import { Homes } from './profiles/homes.ts';
import { logInAs } from './testing/log-in.ts';
import { TestService, uncancelled } from './testing/service.ts';

let cluster: EmbeddedCluster;
let test: TestService;
let clock = Date.now();
beforeAll(async () => {
  cluster = await startCluster({ resources: 20, sshd: false, motd: 'Hello' });
});
afterAll(() => cluster.close());
beforeEach(async () => {
  clock = Date.now();
  cluster.setFaults({});
  test = await TestService.start({ now: () => clock });
});
afterEach(() => test.close());

async function add(): Promise<ClusterKey> {
  await test.calls['clusters.trust']({ address: cluster.address, fingerprint: cluster.fingerprint }, uncancelled);
  return (await test.calls['clusters.add']({ address: cluster.address }, uncancelled)).key;
}

async function logIn(key: ClusterKey, name = 'alice'): Promise<ClusterKey> {
  return logInAs(test.service, key, cluster.user(name));
}

const list = (key: ClusterKey, leaf = '') => test.calls['resources.list'](resourceQuerySchema.parse({ cluster: key, leaf, limit: 5 }), uncancelled);
const home = () => join(test.own, 'home');

describe('adding a cluster', () => {
  it('asks about an unknown certificate, once for this proxy', async () => {
    const refused = test.calls['clusters.add']({ address: cluster.address }, uncancelled);
    await expect(refused).rejects.toMatchObject({ code: 'untrusted-certificate', details: { fingerprint: cluster.fingerprint } });
    expect(test.clusters).toEqual([]);
    const key = await add();
    expect(test.cluster(key)).toMatchObject({
      address: cluster.address,
      name: cluster.name,
      user: '',
      status: 'signed-out',
      trustedFingerprint: cluster.fingerprint,
      home: 'own',
    });
    expect((await test.calls['clusters.add']({ address: ` https://${cluster.address}/web ` }, uncancelled)).key).toBe(key);
    expect(test.clusters).toHaveLength(1);
    await test.restart();
    expect(test.cluster(key)).toMatchObject({ name: cluster.name, trustedFingerprint: cluster.fingerprint });
  });

  it('does not take a fingerprint for another one', async () => {
    const other = cluster.fingerprint.replace(/^../, (first) => (first === 'AA' ? 'BB' : 'AA'));
    await test.calls['clusters.trust']({ address: cluster.address, fingerprint: other }, uncancelled);
    await expect(test.calls['clusters.add']({ address: cluster.address }, uncancelled)).rejects.toMatchObject({ code: 'untrusted-certificate' });
    await expect(test.calls['clusters.trust']({ address: cluster.address, fingerprint: 'AA:BB' }, uncancelled)).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });

  it('stops when it is cancelled', async () => {
    cluster.setFaults({});
    const controller = new AbortController();
    controller.abort();
    await expect(test.calls['clusters.add']({ address: cluster.address }, { signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('tells how one can log in', async () => {
    const settings = await test.calls['clusters.auth-settings']({ key: await add() }, uncancelled);
    expect(settings).toMatchObject({
      address: cluster.address,
      clusterName: cluster.name,
      localAuth: true,
      secondFactor: 'otp',
      motd: 'Hello',
      versionWarning: null,
    });
  });
});

describe('logging in', () => {
  it('stores a profile that holds to tsh-profile §2, with leaves and facts', async () => {
    const events: unknown[] = [];
    test.service.onLogin((event) => events.push([event, test.cluster(event.cluster)?.authClusterId]));
    const key = await logIn(await add());
    expect(key).toBe(`alice@${cluster.address}`);
    expect(test.clusters).toHaveLength(1);
    expect(test.cluster(key)).toMatchObject({
      status: 'signed-in',
      user: 'alice',
      name: cluster.name,
      serverVersion: '19.0.0',
      leaves: [{ name: 'leaf', online: true }],
      problem: null,
    });
    expect(test.cluster(key)?.roles.sort()).toEqual(['access', 'developer']);
    expect(test.cluster(key)?.authClusterId).toMatch(/^[0-9a-f-]{36}$/);
    expect(events).toEqual([[{ cluster: key, connector: 'local' }, test.cluster(key)?.authClusterId]]);
    expect(checkProfile({ home: home(), profile: '127.0.0.1', user: 'alice', cluster: cluster.name, leaves: ['leaf'] })).toEqual([]);
    expect(test.notes).toEqual([]);
    await test.restart();
    expect(test.cluster(key)).toMatchObject({ status: 'signed-in', user: 'alice' });
  });

  it('says what a refusal means', async () => {
    const key = await add();
    const alice = cluster.user('alice');
    await expect(logInAs(test.service, key, { ...alice, totp: () => '000000' })).rejects.toMatchObject({ code: 'invalid-credentials' });
    await expect(logInAs(test.service, key, { ...alice, password: 'wrong' })).rejects.toMatchObject({
      code: 'invalid-credentials',
      message: expect.stringContaining('or the account is locked'),
    });
    cluster.user('bob').lock('audit pending');
    await expect(logInAs(test.service, key, cluster.user('bob'))).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining('audit pending'),
    });
    cluster.user('bob').lock(null);
    expect(readdirSync(join(home(), 'keys/127.0.0.1'))).toEqual([]);
  });

  it('gives a second user a home of their own beside the first', async () => {
    const alice = await logIn(await add());
    const again = await add();
    expect(again).toBe(`@${cluster.address}`);
    const bob = await logIn(again, 'bob');
    expect(test.clusters.map(({ key, status }) => [key, status]).sort()).toEqual([
      [alice, 'signed-in'],
      [bob, 'signed-in'],
    ]);
    const [more] = readdirSync(join(test.own, 'homes'));
    expect(
      checkProfile({ home: join(test.own, 'homes', more!), profile: '127.0.0.1', user: 'bob', cluster: cluster.name, leaves: ['leaf'] }),
    ).toEqual([]);
    expect(checkProfile({ home: home(), profile: '127.0.0.1', user: 'alice', cluster: cluster.name, leaves: ['leaf'] })).toEqual([]);
    await logIn(await add());
    expect(test.clusters).toHaveLength(2);
    expect(readdirSync(join(test.own, 'homes'))).toEqual([more]);
    await test.calls['clusters.forget']({ key: bob }, uncancelled);
    expect(readdirSync(join(test.own, 'homes'))).toEqual([]);
    expect(test.cluster(alice)?.trustedFingerprint).toBe(cluster.fingerprint);
  });

  it('leaves no password or code in the log or on disk', async () => {
    await logIn(await add());
    const all = readdirSync(test.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const entry of all) expect(readFileSync(join(entry.parentPath, entry.name), 'utf8')).not.toContain(cluster.user('alice').password);
    expect(test.notes.join()).not.toContain(cluster.user('alice').password);
  });
});

describe('using a cluster', () => {
  it('lists the root and a leaf', async () => {
    const key = await logIn(await add());
    const page = await list(key);
    expect(page.resources).toHaveLength(5);
    expect(page.resources[0]?.cluster).toBe(cluster.name);
    expect((await list(key, 'leaf')).resources[0]?.cluster).toBe('leaf');
  });

  it('asks for a login when the certificate has run out, and flips the status on time', async () => {
    const key = await logIn(await add());
    clock = test.cluster(key)!.expires! + 1;
    await expect(list(key)).rejects.toMatchObject({ code: 'expired', details: { cluster: key } });
    await test.calls['clusters.refresh']({ key }, uncancelled);
    expect(test.cluster(key)?.status).toBe('expired');
    clock = Date.now();
    expect(await logIn(key)).toBe(key);
    expect(test.cluster(key)?.status).toBe('signed-in');
    expect((await list(key)).resources).toHaveLength(5);
  });

  it('a list that a person waits for asks for a login, and comes after it; when they decline or log out, it fails as any other', async () => {
    const key = await logIn(await add());
    clock = test.cluster(key)!.expires! + 1;
    const query = resourceQuerySchema.parse({ cluster: key, limit: 5, loginReason: 'to see its resources' });
    const asked = async () => {
      const page = Promise.resolve(test.calls['resources.list'](query, uncancelled));
      await vi.waitFor(() => expect(test.service.questions.get()).toMatchObject([{ kind: 'login', cluster: key, reason: 'to see its resources' }]));
      return { page };
    };
    const declined = await asked();
    const failed = expect(declined.page).rejects.toMatchObject({ code: 'expired' });
    await test.calls['questions.answer']({ id: test.service.questions.get()[0]!.id, answer: 'declined' }, uncancelled);
    await failed;
    const { page } = await asked();
    clock = Date.now();
    await logIn(key);
    expect((await page).resources).toHaveLength(5);
    expect(test.service.questions.get()).toEqual([]);
    clock = test.cluster(key)!.expires! + 1;
    const left = await asked();
    const refused = expect(left.page).rejects.toMatchObject({ code: 'expired' });
    await test.calls['clusters.logout']({ key }, uncancelled);
    await refused;
  });

  it('asks for a login when there is none', async () => {
    const key = await add();
    await expect(list(key)).rejects.toMatchObject({ code: 'expired', details: { cluster: key } });
    await expect(list('x@nowhere:1')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('logs out, keeps the profile, and forgets', async () => {
    const key = await logIn(await add());
    await list(key);
    await test.calls['clusters.logout']({ key }, uncancelled);
    expect(test.cluster(key)).toMatchObject({ status: 'signed-out', user: 'alice', roles: [], leaves: [] });
    expect(existsSync(join(home(), 'keys/127.0.0.1/alice.key'))).toBe(false);
    await test.calls['clusters.forget']({ key }, uncancelled);
    expect(test.clusters).toEqual([]);
    await expect(test.calls['clusters.add']({ address: cluster.address }, uncancelled)).rejects.toMatchObject({ code: 'untrusted-certificate' });
  });

  it('makes tickets for servers by UUID and by typed name, at the root and at a leaf', async () => {
    const key = await logIn(await add());
    const node = cluster.nodes.find((candidate) => candidate.cluster === cluster.name)!;
    const login = cluster.user('alice').logins[0]!;
    const ticket = sshTicketSchema.parse(
      await test.service.tickets['ticket.ssh']({ cluster: key, leaf: '', node: node.uuid, hostname: node.hostname, login }, uncancelled),
    );
    expect(ticket.dial).toEqual({ hostPort: `${node.uuid}:0`, cluster: cluster.name });
    expect(ticket).toMatchObject({
      hostPrincipal: node.uuid,
      login,
      proxy: { host: '127.0.0.1', port: cluster.port, upgrade: false, version: '19.0.0' },
    });
    expect(ticket.privateKey).toContain('OPENSSH PRIVATE KEY');
    const typed = await test.service.tickets['ticket.ssh'](
      { cluster: key, leaf: 'leaf', node: 'leaf-server:3022', hostname: 'leaf-server', login },
      uncancelled,
    );
    expect(typed).toMatchObject({ dial: { hostPort: 'leaf-server:3022', cluster: 'leaf' }, hostPrincipal: 'leaf-server' });
    expect(typed.hostCas).not.toEqual(ticket.hostCas);
    expect(typed.connectionKey).not.toBe(ticket.connectionKey);
    await test.calls['clusters.logout']({ key }, uncancelled);
    await expect(
      test.service.tickets['ticket.ssh']({ cluster: key, leaf: '', node: node.uuid, hostname: '', login }, uncancelled),
    ).rejects.toMatchObject({ code: 'expired' });
  });

  it('makes tickets that are asked for before the profiles were read, as local ports of the last run are', async () => {
    const key = await logIn(await add());
    const node = cluster.nodes.find((candidate) => candidate.cluster === cluster.name)!;
    const server = { cluster: key, leaf: '', node: node.uuid, hostname: node.hostname, login: cluster.user('alice').logins[0]! };
    const kube = { kind: 'kube' as const, cluster: key, leaf: '', name: 'nowhere' };
    const { started } = await test.beginRestart();
    const [ticket, gateway] = await Promise.allSettled([
      test.service.tickets['ticket.ssh'](server, uncancelled),
      test.service.tickets['ticket.gateway'](kube, uncancelled),
    ]);
    expect(ticket).toMatchObject({ status: 'fulfilled', value: { hostPrincipal: node.uuid } });
    // The cluster itself was asked: it knows no such Kubernetes cluster.
    expect(gateway).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('no Kubernetes cluster nowhere') } });
    await started;
  });

  it('remembers that a cluster cannot be reached, until it can', async () => {
    const short = await startCluster({ resources: 1, sshd: false, leaf: false });
    const port = short.port;
    await test.calls['clusters.trust']({ address: short.address, fingerprint: short.fingerprint }, uncancelled);
    const { key } = await test.calls['clusters.add']({ address: short.address }, uncancelled);
    await short.close();
    await expect(test.calls['clusters.refresh']({ key }, uncancelled)).rejects.toMatchObject({ code: 'unreachable' });
    expect(test.cluster(key)).toMatchObject({ problem: { code: 'unreachable' }, name: short.name });
    const again = await startCluster({ resources: 1, sshd: false, leaf: false, port });
    await test.calls['clusters.trust']({ address: again.address, fingerprint: again.fingerprint }, uncancelled);
    await test.calls['clusters.refresh']({ key }, uncancelled);
    expect(test.cluster(key)?.problem).toBeNull();
    await again.close();
  });
});

describe('what happens outside', () => {
  it('shows the tsh home by choice, and follows it', async () => {
    const key = await logIn(await add());
    await test.service.close();
    const { renameSync } = await import('node:fs');
    renameSync(home(), test.tsh);
    await test.restart();
    expect(test.clusters).toEqual([]);
    test.useTsh(true);
    await test.until((clusters) => clusters.length === 1);
    expect(test.cluster(key)).toMatchObject({ home: 'tsh', status: 'signed-in' });
    expect((await list(key)).resources).toHaveLength(5);
    rmSync(join(test.tsh, 'keys'), { recursive: true });
    await test.until((clusters) => clusters[0]?.status === 'signed-out');
    await logIn(key);
    expect(checkProfile({ home: test.tsh, profile: '127.0.0.1', user: 'alice', cluster: cluster.name, leaves: ['leaf'] })).toEqual([]);
    test.useTsh(false);
    await test.until((clusters) => clusters.length === 0);
  });

  it('does not believe a moment without certificate', async () => {
    const key = await logIn(await add());
    const path = join(home(), `keys/127.0.0.1/alice-ssh/${cluster.name}-cert.pub`);
    const text = readFileSync(path, 'utf8');
    const seen = new Set<string>();
    test.service.topic.onChange((clusters) => seen.add(clusters[0]?.status ?? 'gone'));
    const reading = vi.spyOn(Homes.prototype, 'list');
    onTestFinished(() => reading.mockRestore());
    const readings = () => reading.mock.settledResults.filter(({ type }) => type === 'fulfilled').length;
    rmSync(path);
    await vi.waitFor(() => expect(readings()).toBeGreaterThan(0), { timeout: 5000 });
    const before = readings();
    writeFileSync(path, text, { mode: 0o600 });
    // One reading follows the file's return, and one looks once more for what the first missed.
    await vi.waitFor(() => expect(readings()).toBeGreaterThanOrEqual(before + 2), { timeout: 5000 });
    await nextTurn();
    expect(seen.has('signed-out')).toBe(false);
    expect(test.cluster(key)?.status).toBe('signed-in');
    rmSync(path);
    await test.until((clusters) => clusters[0]?.status === 'signed-out');
    expect(test.cluster(key)?.problem?.message).toContain('Log in again');
  });

  it('starts with a spoilt state file, says so, and keeps it', async () => {
    const key = await add();
    await test.service.close();
    writeFileSync(join(test.own, 'proxies.json'), '{"version":1,"prox');
    await test.restart();
    expect(test.service.problems[0]).toContain('last good copy');
    expect(test.cluster(key)?.trustedFingerprint).toBe(cluster.fingerprint);
    await test.service.close();
    writeFileSync(
      join(test.own, 'proxies.json'),
      JSON.stringify({ version: 1, proxies: { [cluster.address]: { trustedFingerprint: 'x' }, other: 5 } }),
    );
    await test.restart();
    expect(test.cluster(key)?.trustedFingerprint).toBeNull();
  });
});
