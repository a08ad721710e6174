import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { resourceQuerySchema } from '../../shared/model/resource.ts';
import { type EmbeddedCluster, localLogin, startCluster } from '../../test/cluster/index.ts';
import { checkProfile } from '../../test/support/profile-checker.ts';
import { Person } from '../../test/support/request-person.ts';
import { uncancelled } from '../clusters/testing/service.ts';
import { parseUserCertificate } from '../teleport/certs/certificates.ts';

let cluster: EmbeddedCluster;
let dana: Person;
let rita: Person;
let ron: Person;
const people: Person[] = [];
const node = () => cluster.nodes.find(({ hostname }) => hostname === 'demo-server')!;
const nodeId = () => ({ cluster: cluster.name, kind: 'node', name: node().uuid });

async function come(name: string): Promise<Person> {
  // Ron may not watch the requests of others.
  const person = await Person.logIn(cluster, name, { until: name === 'ron' ? 'own' : 'live' });
  people.push(person);
  return person;
}

beforeAll(async () => {
  cluster = await startCluster({
    resources: 6,
    sshd: false,
    users: [
      { name: 'tess', password: 'x', roles: ['trusted-requester'] },
      { name: 'wim', password: 'x', roles: ['reason-giver'] },
      { name: 'adele', password: 'x', roles: ['request-admin'] },
    ],
  });
});
afterAll(() => cluster.close());
beforeEach(async () => {
  cluster.setFaults({});
  [dana, rita, ron] = await Promise.all([come('dana'), come('rita'), come('ron')]);
});
afterEach(async () => {
  await Promise.all(people.splice(0).map((person) => person.close()));
  cluster.root.requests.faults.stream = null;
  for (const request of cluster.root.requests.all()) cluster.root.requests.remove(request.Metadata.Name);
});

/** The certificate as it stands on disk, read by its fields. */
function onDisk(person: Person) {
  const folder = join(person.clusters.own, 'home', 'keys', cluster.host);
  return parseUserCertificate(readFileSync(join(folder, `${person.name}.crt`), 'utf8'));
}

describe('the whole way', () => {
  it('ask for a server, be approved, assume, reach it, give it back', async () => {
    const ticket = () =>
      dana.clusters.service.tickets['ticket.ssh']({ cluster: dana.key, leaf: '', node: node().uuid, hostname: '', login: localLogin }, uncancelled);
    const before = await ticket();
    expect(dana.overview).toMatchObject({ features: { reviews: true, resourceRequests: true, startTimes: true, explanation: '' }, assumed: [] });
    const run = await dana.dryRun({ resources: [nodeId()] });
    expect(run).toMatchObject({
      roles: ['server-access'],
      reviewers: ['rita', 'ron'],
      reasonRequired: false,
      reasonPrompts: ['Which ticket is this for?'],
    });
    expect(run.maxDuration).toBeGreaterThan(7.9 * 3600_000);

    const asked = await dana.create({ resources: [nodeId()], reason: 'ticket 7', duration: 3600_000 });
    expect(asked).toMatchObject({ state: 'pending', own: true, waiting: false, reason: 'ticket 7', resources: [{ id: { kind: 'node' } }] });
    await rita.until(({ counts }) => counts.waiting === 1);
    expect(rita.notices).toMatchObject([{ kind: 'waiting', request: asked.id, title: 'dana asks for access' }]);
    await rita.until(async () => (await rita.list())[0]?.resources[0]?.display === 'demo-server');

    const detail = await rita.get(asked.id);
    expect(detail).toMatchObject({ reviewBlocked: '', request: { waiting: true, thresholds: [{ approve: 1, deny: 1, approvals: 0 }] } });
    expect(detail.grants).toMatchObject([{ role: 'server-access', logins: ['{{internal.logins}}'] }]);
    await rita.review(asked.id, 'approve', 'go ahead');
    await dana.until(({ counts }) => counts.approved === 1);
    expect(dana.notices).toMatchObject([{ kind: 'approved', request: asked.id, body: expect.stringContaining('by rita: go ahead') }]);
    expect(Object.values(dana.overview!.resources)).toEqual([{ state: 'granted', request: asked.id }]);

    await dana.assume(asked.id);
    expect(onDisk(dana)).toMatchObject({
      activeRequests: [asked.id],
      roles: expect.arrayContaining(['requester', 'server-access']),
      allowedResources: [`/${cluster.name}/node/${node().uuid}`],
      expires: expect.closeTo((await dana.list())[0]!.expires!, -4),
    });
    expect(dana.overview!.assumed).toMatchObject([{ id: asked.id, known: true, resources: [{ display: 'demo-server' }] }]);
    const during = await ticket();
    expect(during.connectionKey).not.toBe(before.connectionKey);
    const visible = await dana.clusters.calls['resources.list'](resourceQuerySchema.parse({ cluster: dana.key }), uncancelled);
    expect(visible.resources.map(({ name }) => name)).toEqual(['demo-server']);

    await dana.drop(asked.id);
    expect(onDisk(dana)).toMatchObject({ activeRequests: [], allowedResources: [], roles: ['requester', 'careful-requester'] });
    expect(dana.overview!.assumed).toEqual([]);
    const after = await dana.clusters.calls['resources.list'](resourceQuerySchema.parse({ cluster: dana.key }), uncancelled);
    expect(after.resources).toEqual([]);
    expect(dana.uses.map(({ event }) => event)).toEqual(['access_request_create', 'access_request_assume_role']);
    expect(dana.uses[0]).toMatchObject({ resources: 1 });
    expect(rita.uses.map(({ event }) => event)).toEqual(['access_request_review']);
  });

  it('two people must approve production, one can refuse it', async () => {
    const asked = await dana.create({ roles: ['production'], reason: 'x' });
    await rita.until(({ counts }) => counts.waiting === 1);
    expect(await rita.review(asked.id, 'approve')).toMatchObject({
      state: 'pending',
      thresholds: [{ name: 'two people', approve: 2, approvals: 1 }],
      reviewed: true,
    });
    expect(rita.overview!.counts).toMatchObject({ reviewed: 1 });
    await expect(dana.assume(asked.id)).rejects.toThrow(/awaiting approval\. Wait for its reviewers/);
    expect(await ron.review(asked.id, 'approve', 'two')).toMatchObject({
      state: 'approved',
      reviews: [{ author: 'rita' }, { author: 'ron', reason: 'two' }],
    });
    const other = await dana.create({ roles: ['production'] });
    await ron.until(({ counts }) => counts.waiting === 1);
    expect(await ron.review(other.id, 'deny', 'no')).toMatchObject({ state: 'denied' });
    await dana.until(() => dana.notices.length === 2);
    expect(dana.notices.map(({ kind }) => kind)).toEqual(['approved', 'denied']);
    await expect(dana.assume(other.id)).rejects.toThrow(/has been denied\. Ask again/);
  });

  it('several roles are assumed beside each other, and given back one by one', async () => {
    const first = await dana.create({ roles: ['auditor'] });
    const second = await dana.create({ roles: ['dba'] });
    await rita.until(({ counts }) => counts.waiting === 2);
    for (const { id } of [first, second]) await rita.review(id, 'approve');
    await dana.assume(first.id);
    await dana.assume(second.id);
    expect(onDisk(dana).activeRequests.toSorted()).toEqual([first.id, second.id].toSorted());
    await dana.drop(first.id);
    expect(onDisk(dana)).toMatchObject({ activeRequests: [second.id], roles: expect.not.arrayContaining(['auditor']) });
    await dana.drop();
    expect(onDisk(dana).activeRequests).toEqual([]);
  });

  it('only one request for resources is in force at a time', async () => {
    const first = await dana.create({ resources: [nodeId()] });
    const second = await dana.create({ resources: [nodeId()] });
    await rita.until(({ counts }) => counts.waiting === 2);
    for (const { id } of [first, second]) await rita.review(id, 'approve');
    await expect(dana.assume(first.id, second.id)).rejects.toMatchObject({ code: 'invalid-argument' });
    await dana.assume(first.id);
    await expect(dana.assume(second.id)).rejects.toThrow(/Only one request for resources/);
    expect((await dana.get(second.id)).assumeBlocked).toMatch(/Drop that first/);
  });

  it('is approved at once where the cluster trusts who asks', async () => {
    const tess = await come('tess');
    const { id } = await tess.create({ roles: ['auditor'] });
    await tess.until(({ counts }) => counts.approved === 1);
    await tess.assume(id);
    expect(onDisk(tess).activeRequests).toEqual([id]);
  });

  it('a reviewer may promote to an access list', async () => {
    const asked = await dana.create({ roles: ['auditor'] });
    await rita.until(({ counts }) => counts.waiting === 1);
    expect((await rita.get(asked.id)).promotions).toEqual([{ name: 'auditors', title: 'Auditors, all year' }]);
    const promoted = await rita.calls['requests.promote'](
      { cluster: rita.key, id: asked.id, accessList: 'auditors', reason: 'all year' },
      uncancelled,
    );
    expect(promoted).toMatchObject({ state: 'promoted', accessList: 'Auditors, all year' });
    await dana.until(() => dana.notices.some(({ kind }) => kind === 'promoted'));
    expect((await dana.get(asked.id)).assumeBlocked).toMatch(/Log in again/);
  });
});

it('namespaces of a Kubernetes cluster that could be asked for, and a request for one', async () => {
  const kube = cluster.root.inventory.byName.find(({ kind }) => kind === 'kube_cluster')!.id;
  const whole = { cluster: cluster.name, kind: 'kube_cluster', name: kube, subResource: '' };
  const namespaces = (search = '', of = whole) => dana.calls['requests.namespaces']({ cluster: dana.key, kube: of, search }, uncancelled);
  expect(await namespaces()).toEqual(['default', 'kube-system']);
  expect(await namespaces(' Kube ')).toEqual(['kube-system']);
  expect(await namespaces('', { ...whole, name: 'no-such-one' })).toBeNull();
  const asked = await dana.create({ resources: [{ ...whole, kind: 'namespace', subResource: 'default' }] });
  await rita.until(({ counts }) => counts.waiting === 1);
  await rita.review(asked.id, 'approve');
  await dana.assume(asked.id);
  expect(onDisk(dana).allowedResources).toEqual([`/${cluster.name}/namespace/${kube}/default`]);
});

describe('files of the login', () => {
  it('keys stay, certificates change, what was issued for single resources goes; tsh finds all in order', async () => {
    const { id } = await dana.create({ roles: ['dba'] });
    await rita.until(({ counts }) => counts.waiting === 1);
    await rita.review(id, 'approve');
    const folder = join(dana.clusters.own, 'home', 'keys', cluster.host);
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    const keys = ['dana.key', 'dana', 'dana.pub'].map(read);
    const certificate = read('dana.crt');
    mkdirSync(join(folder, 'dana-db', cluster.name), { recursive: true });
    writeFileSync(join(folder, 'dana-db', cluster.name, 'orders.crt'), 'old');
    writeFileSync(join(folder, 'dana-ssh', 'leaf-cert.pub'), 'old');
    await dana.assume(id);
    expect(['dana.key', 'dana', 'dana.pub'].map(read)).toEqual(keys);
    expect(read('dana.crt')).not.toBe(certificate);
    expect(existsSync(join(folder, 'dana-db'))).toBe(false);
    expect(readdirSync(join(folder, 'dana-ssh'))).toEqual([`${cluster.name}-cert.pub`]);
    expect(
      checkProfile({ home: join(dana.clusters.own, 'home'), profile: cluster.host, user: 'dana', cluster: cluster.name, leaves: ['leaf'] }),
    ).toEqual([]);
  });

  it('the assumed state is there after a restart, read from the certificate', async () => {
    const { id } = await dana.create({ roles: ['dba'] });
    await rita.until(({ counts }) => counts.waiting === 1);
    await rita.review(id, 'approve');
    await dana.assume(id);
    await dana.restart();
    expect(dana.overview!.assumed).toMatchObject([{ id, roles: ['dba'] }]);
  });
});

it('who asked is told that somebody else has to review it only while that is so', async () => {
  const { id } = await rita.create({ roles: ['dba'] });
  expect((await rita.get(id)).reviewBlocked).toMatch(/somebody else has to review it/);
  await ron.review(id, 'deny');
  await vi.waitFor(async () => expect((await rita.get(id)).request.state).toBe('denied'), 5000);
  expect((await rita.get(id)).reviewBlocked).toBe('');
});

describe('refusals in the words of the server', () => {
  it('a review of the own request, a second one, one that came too late, one of a request that is gone', async () => {
    const own = await rita.create({ roles: ['dba'] });
    await expect(rita.review(own.id, 'approve')).rejects.toMatchObject({
      code: 'access-denied',
      message: expect.stringContaining('cannot review their own access request'),
    });
    expect((await rita.get(own.id)).reviewBlocked).toMatch(/yourself/);
    const asked = await dana.create({ roles: ['production'] });
    await rita.until(({ counts }) => counts.waiting === 1);
    await rita.review(asked.id, 'approve');
    await expect(rita.review(asked.id, 'deny')).rejects.toThrow(/already reviewed this request\. Your first review counts/);
    await ron.review(asked.id, 'deny');
    const late = await dana.create({ roles: ['dba'] });
    await ron.until(({ counts }) => counts.waiting === 2);
    const both = await Promise.allSettled([rita.review(late.id, 'approve'), ron.review(late.id, 'deny')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(String((both.find(({ status }) => status === 'rejected') as PromiseRejectedResult).reason)).toMatch(
      /already (approved|denied)\. Somebody else was faster/,
    );
    const gone = await dana.create({ roles: ['dba'] });
    cluster.root.requests.remove(gone.id);
    await expect(ron.review(gone.id, 'approve')).rejects.toThrow(/not found\. It was withdrawn, deleted, or has run out/);
    await expect(ron.get(gone.id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('requests that may not be made', async () => {
    await expect(dana.create({ roles: ['access'] })).rejects.toThrow(/can not request role "access"\. Choose among/);
    await expect(dana.create({})).rejects.toThrow(/Nothing is asked for yet/);
    const wim = await come('wim');
    expect(await wim.dryRun({ roles: ['auditor'] })).toMatchObject({
      reasonRequired: true,
      reasonPrompts: ['Say what broke, and the incident’s number'],
    });
    await expect(wim.create({ roles: ['auditor'] })).rejects.toThrow(/reason must be specified/);
    expect(await wim.create({ roles: ['auditor'], reason: 'it broke' })).toMatchObject({ state: 'pending' });
  });

  it('only an administrator can delete; others learn why not', async () => {
    const { id } = await dana.create({ roles: ['dba'] });
    const remove = (person: Person) => person.calls['requests.delete']({ cluster: person.key, id }, uncancelled);
    await expect(remove(dana)).rejects.toThrow(/Only an administrator may do that/);
    await dana.until(({ counts }) => counts.pending === 1);
    await remove(await come('adele'));
    await dana.until(({ counts }) => counts.pending === 0);
  });

  it('an action that wants a second factor', async () => {
    const { id } = await dana.create({ roles: ['dba'] });
    await rita.until(({ counts }) => counts.waiting === 1);
    cluster.setFaults({ refuse: 'admin-level API request requires MFA verification' });
    await expect(rita.review(id, 'approve')).rejects.toMatchObject({
      code: 'session-mfa',
      message: expect.stringMatching(/^The cluster refused your review: admin-level API request requires MFA verification\. .*second factor/),
    });
  });

  it('an approval whose certificate is refused', async () => {
    const { id } = await dana.create({ roles: ['dba'] });
    await rita.until(({ counts }) => counts.waiting === 1);
    await rita.review(id, 'approve');
    await dana.until(({ counts }) => counts.approved === 1);
    const folder = join(dana.clusters.own, 'home', 'keys', cluster.host);
    const certificate = readFileSync(join(folder, 'dana.crt'), 'utf8');
    cluster.root.requests.faults.stream = 'stall';
    cluster.root.requests.setState(id, 3, 'changed my mind');
    await expect(dana.assume(id)).rejects.toThrow(
      /could not be assumed, because the cluster refused the certificate: access request ".*" has been denied\. Ask again/,
    );
    expect(readFileSync(join(folder, 'dana.crt'), 'utf8')).toBe(certificate);
    // What is true was asked for, though the stream said nothing.
    await dana.until(async () => (await dana.list())[0]?.state === 'denied');
  });

  it('a request deleted while it is assumed: the rest needs it given back first', async () => {
    const [first, second] = [await dana.create({ roles: ['dba'] }), await dana.create({ roles: ['auditor'] })];
    await rita.until(({ counts }) => counts.waiting === 2);
    for (const { id } of [first, second]) await rita.review(id, 'approve');
    await dana.assume(first.id);
    cluster.root.requests.remove(first.id);
    await dana.until(({ assumed }) => assumed[0]?.known === false);
    await expect(dana.assume(second.id)).rejects.toThrow(/not found.*drop it first/);
    await dana.drop(first.id);
    await dana.assume(second.id);
    expect(onDisk(dana).activeRequests).toEqual([second.id]);
  });
});

describe('reasons', () => {
  it('4,096 bytes of markup, marks that turn the text round and control characters', async () => {
    const nasty = `<b>\u202Egnp.exe\u0007\u001b[31m\u0000\r\n`;
    const reason = nasty + 'é'.repeat((4096 - Buffer.byteLength('<b>\u202Egnp.exe[31m\n')) / 2);
    const { id } = await dana.create({ roles: ['dba'], reason });
    await rita.until(({ counts }) => counts.waiting === 1);
    const shown = (await rita.get(id)).request.reason;
    expect(shown).toMatch(/^<b>gnp\.exe\[31m\né+$/);
    expect(rita.notices[0]!.body).not.toMatch(/[\p{Cc}\u202E]/u);
    await expect(dana.create({ roles: ['dba'], reason: 'é'.repeat(2049) })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('4098 bytes'),
    });
    await expect(rita.review(id, 'approve', 'x'.repeat(4097))).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});
