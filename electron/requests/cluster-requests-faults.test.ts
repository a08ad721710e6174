import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type EmbeddedCluster, startCluster } from '../../test/cluster/index.ts';
import { Person, quickTimes } from '../../test/support/request-person.ts';
import { uncancelled } from '../clusters/testing/service.ts';
import { usualTimes } from './request-feed.ts';

/* The stream of changes drops, stalls and repeats; clocks differ; lists are long. Whoever looks sees what is true soon after. */
const hour = 3600_000;
let cluster: EmbeddedCluster;
/** How far the cluster's clock is ahead. */
let ahead = 0;
const people: Person[] = [];

beforeAll(async () => {
  cluster = await startCluster({ resources: 6, sshd: false, leaf: false, now: () => Date.now() + ahead });
});
afterAll(() => cluster.close());
afterEach(async () => {
  cluster.setFaults({});
  cluster.root.requests.faults.stream = null;
  await Promise.all(people.splice(0).map((person) => person.close()));
  for (const id of all()) cluster.root.requests.remove(id);
  ahead = 0;
});

const all = () => cluster.root.requests.all().map(({ Metadata }) => Metadata.Name);

async function come(name: string, times = quickTimes): Promise<Person> {
  const person = await Person.logIn(cluster, name, { times });
  people.push(person);
  return person;
}

it('an event of the cluster is in the topic within 200 ms', async () => {
  const [dana, rita] = await Promise.all([come('dana'), come('rita')]);
  const { id } = await dana.create({ roles: ['dba'] });
  await rita.until(({ counts }) => counts.waiting === 1);
  cluster.root.requests.setState(id, 2, 'fine');
  expect(await dana.until(({ counts }) => counts.approved === 1)).toBeLessThan(200);
});

it('a stream that ends is opened again; what was missed is there, deletions too', async () => {
  const times = { pollMs: 60_000, reconcileMs: 60_000, retryMs: [300, 300] } as const;
  const [dana, rita] = await Promise.all([come('dana'), come('rita', times)]);
  const [gone, kept] = [await dana.create({ roles: ['dba'] }), await dana.create({ roles: ['auditor'] })];
  await rita.until(({ counts }) => counts.waiting === 2);
  cluster.root.requests.faults.dropStreams();
  await rita.until(({ connection }) => connection === 'interrupted');
  cluster.root.requests.remove(gone.id);
  cluster.root.requests.setState(kept.id, 3, 'no');
  const late = await dana.create({ roles: ['production'] });
  await rita.until(({ connection }) => connection === 'live');
  await rita.until(async ({ counts }) => counts.waiting === 1 && (await rita.list({ scope: 'waiting' }))[0]?.id === late.id);
  expect((await rita.list()).map(({ id }) => id).toSorted()).toEqual([kept.id, late.id].toSorted());
});

it('is right 5 s after the stream is back, though the cluster answers lists from a cache that lags behind', async () => {
  const [dana, rita] = await Promise.all([come('dana'), come('rita', usualTimes)]);
  const { requests } = cluster.root;
  const [gone, decided] = [await dana.create({ roles: ['dba'] }), await dana.create({ roles: ['auditor'] })];
  await rita.until(({ counts }) => counts.waiting === 2);
  requests.listsFollow = false;
  requests.faults.dropStreams();
  await rita.until(({ connection }) => connection === 'interrupted');
  requests.remove(gone.id);
  requests.setState(decided.id, 3, 'no');
  const late = await dana.create({ roles: ['production'] });
  await rita.until(({ connection }) => connection === 'live');
  const back = performance.now();
  await delay(2000); // how far the cluster's cache lags: the test is about this time
  requests.listsFollow = true;
  const states = async () => Object.fromEntries((await rita.list()).map(({ id, state }) => [id, state]));
  const truth = { [decided.id]: 'denied', [late.id]: 'pending' };
  await rita.until(async () => isDeepStrictEqual(await states(), truth), 5000);
  expect(performance.now() - back).toBeLessThan(5000);
}, 15_000);

it('connections that are cut come back', async () => {
  const [dana, rita] = await Promise.all([come('dana'), come('rita')]);
  cluster.dropConnections();
  await Promise.all([dana, rita].map((one) => one.until(({ connection }) => connection !== 'live')));
  await dana.create({ roles: ['dba'] });
  await rita.until(({ counts, connection }) => counts.waiting === 1 && connection === 'live');
});

it('while the stream is refused, the list is read every few seconds', async () => {
  cluster.setFaults({ rpc: 'garbage', only: 'WatchEvents' });
  const rita = await Person.logIn(cluster, 'rita', { times: quickTimes, until: 'interrupted' });
  people.push(rita);
  const dana = await Person.logIn(cluster, 'dana', { times: quickTimes, until: 'interrupted' });
  people.push(dana);
  await dana.create({ roles: ['dba'] });
  await rita.until(({ counts, connection }) => counts.waiting === 1 && connection === 'interrupted');
  cluster.setFaults({});
  await rita.until(({ connection }) => connection === 'live');
});

it('whoever may not watch all requests is told of their own at once, and reads those of others at times; the words say which', async () => {
  const ron = await Person.logIn(cluster, 'ron', { times: { ...quickTimes, reconcileMs: 300 }, until: 'own' });
  people.push(ron);
  const [dana, rita] = await Promise.all([come('dana'), come('rita')]);
  const { id } = await dana.create({ roles: ['dba'] });
  await Promise.all([rita, ron].map((reviewer) => reviewer.until(({ counts }) => counts.waiting === 1)));
  await ron.review(id, 'approve');
  expect(await dana.until(({ counts }) => counts.approved === 1)).toBeLessThan(1000);
  expect([dana, rita, ron].map(({ overview }) => overview!.connection)).toEqual(['live', 'live', 'own']);
});

it('a silent stream is found out by reading the list', async () => {
  const rita = await come('rita', { ...quickTimes, reconcileMs: 300 });
  const dana = await come('dana');
  cluster.root.requests.faults.stream = 'stall';
  await dana.create({ roles: ['dba'] });
  await rita.until(({ counts, connection }) => counts.waiting === 1 && connection === 'live');
});

it('what is repeated changes nothing, and old news do not win', async () => {
  const [dana, rita] = await Promise.all([come('dana'), come('rita')]);
  cluster.root.requests.faults.stream = 'repeat';
  const { id } = await dana.create({ roles: ['dba'] });
  await rita.until(({ counts }) => counts.waiting === 1);
  await rita.review(id, 'approve', 'fine');
  await dana.until(({ counts }) => counts.approved === 1);
  const find = async (person: Person, wanted: string) => (await person.list()).find((request) => request.id === wanted);
  /** Until both have dealt with what was sent so far: they saw a later event, and have the answer to a later question. */
  const haveSeenAll = async () => {
    const later = await dana.create({ roles: ['auditor'] });
    cluster.root.requests.setState(later.id, 3, 'no');
    const see = async (person: Person) => {
      await person.until(async () => (await find(person, later.id))?.state === 'denied');
      await person.get(later.id);
    };
    await Promise.all([dana, rita].map(see));
  };
  await haveSeenAll();
  expect(await find(dana, id)).toMatchObject({ state: 'approved', reviews: [{ author: 'rita' }] });
  expect(await find(rita, id)).toMatchObject({ state: 'approved', reviewed: true });
  const notices = ({ notices: all }: Person) => all.filter(({ request }) => request === id).map(({ kind }) => kind);
  expect(notices(dana)).toEqual(['approved']);
  expect(notices(rita)).toEqual(['waiting']);
  cluster.root.requests.remove(id);
  await dana.until(async () => !(await find(dana, id)));
  await haveSeenAll();
  expect(await find(dana, id)).toBeUndefined();
});

it.each([25 * 60_000, -25 * 60_000])('a cluster whose clock is %d ms off', async (offset) => {
  ahead = offset;
  const [dana, rita] = await Promise.all([come('dana'), come('rita')]);
  await dana.until(({ clockOffset }) => Math.abs(clockOffset - offset) < 2000);
  const start = Date.now() + offset + hour;
  const run = await dana.dryRun({ roles: ['auditor'], assumeStart: start, duration: hour });
  expect(run.expires! - start).toBeCloseTo(hour, -4);
  const { id, created } = await dana.create({ roles: ['auditor'], duration: 10.5 * 60_000 });
  expect(Math.abs(created! - (Date.now() + offset))).toBeLessThan(3000);
  await rita.until(({ counts }) => counts.waiting === 1);
  await rita.review(id, 'approve');
  expect((await dana.get(id)).assumeBlocked).toBe('');
});

it('ten minutes before the end there is a warning, once', async () => {
  const [dana, rita] = await Promise.all([come('dana'), come('rita')]);
  const soon = await dana.create({ roles: ['auditor'], duration: 10 * 60_000 + 1500 });
  await rita.until(({ counts }) => counts.waiting === 1);
  await rita.review(soon.id, 'approve');
  await dana.assume(soon.id);
  const warnings = () => dana.notices.filter(({ kind }) => kind === 'expiring');
  expect(warnings()).toEqual([]);
  await dana.until(() => warnings().length === 1, 6000);
  expect(warnings()[0]).toMatchObject({ request: soon.id, title: 'Your access ends in 10 minutes', body: expect.stringContaining('Ask again') });
  // The end of another request is the next time at which warnings are due.
  cluster.root.requests.faults.stream = 'stall';
  const brief = await dana.create({ roles: ['dba'], requestTtl: 1500 });
  await dana.until(async () => (await dana.list()).every(({ id }) => id !== brief.id), 6000);
  expect(warnings()).toHaveLength(1);
});

it('a request vanishes when its time has come, without a word from the cluster', async () => {
  const dana = await come('dana');
  cluster.root.requests.faults.stream = 'stall';
  await dana.create({ roles: ['auditor'], requestTtl: 1500 });
  expect(dana.overview!.counts.total).toBe(1);
  await dana.until(({ counts }) => counts.total === 0, 6000);
});

it('5,000 requests: read, filtered, sorted, paged; one more is there at once', async () => {
  const large = await startCluster({ resources: 6, sshd: false, leaf: false, accessRequests: 5000 });
  try {
    const rita = await Person.logIn(large, 'rita', { times: { ...quickTimes, reconcileMs: 60_000 } });
    const dana = await Person.logIn(large, 'dana');
    people.push(rita, dana);
    await rita.until(({ counts }) => counts.total === 5000, 10_000);
    const query = { states: ['approved' as const], search: 'incident person-1', sort: { field: 'user' as const, descending: false } };
    const page = await rita.calls['requests.list']({ cluster: rita.key, scope: 'all', offset: 0, limit: 50, ...query }, uncancelled);
    expect(page.requests).toHaveLength(50);
    expect(page.requests.every(({ state, reason, user }) => state === 'approved' && reason.includes('incident') && user.startsWith('person-1'))).toBe(
      true,
    );
    expect(page.requests.map(({ user }) => user)).toEqual(page.requests.map(({ user }) => user).toSorted());
    const began = performance.now();
    for (let offset = 0; offset < 5000; offset += 100) await rita.list({ offset, sort: { field: 'state', descending: true } });
    expect((performance.now() - began) / 50).toBeLessThan(50);
    const before = rita.overview!.counts.waiting;
    await dana.create({ roles: ['dba'] });
    expect(await rita.until(({ counts }) => counts.waiting === before + 1)).toBeLessThan(500);
  } finally {
    await Promise.all(people.splice(0).map((person) => person.close()));
    await large.close();
  }
}, 30_000);

it('an open-source cluster: roles can be asked for, the rest is explained in one line', async () => {
  const oss = await startCluster({ resources: 6, sshd: false, leaf: false, edition: 'oss' });
  try {
    const [dana, rita] = [await Person.logIn(oss, 'dana'), await Person.logIn(oss, 'rita')];
    people.push(dana, rita);
    await dana.until(({ features }) => !features.reviews);
    expect(dana.overview!.features).toEqual({
      reviews: false,
      resourceRequests: false,
      startTimes: true,
      explanation: expect.stringMatching(/^[^\n]+open-source edition[^\n]+$/),
    });
    const node = { cluster: oss.name, kind: 'node', name: oss.nodes[0]!.uuid };
    await expect(dana.create({ resources: [node] })).rejects.toThrow(/search_as_roles.*On this cluster you can ask for roles/);
    const { id } = await dana.create({ roles: ['dba'] });
    expect(rita.overview!.counts.waiting).toBe(0);
    await expect(rita.review(id, 'approve')).rejects.toThrow(/cannot submit reviews.*an administrator decides/);
    oss.root.requests.setState(id, 2, 'by hand');
    await dana.until(({ counts }) => counts.approved === 1);
    await dana.assume(id);
    expect(dana.certificate.activeRequests).toEqual([id]);
  } finally {
    await Promise.all(people.splice(0).map((person) => person.close()));
    await oss.close();
  }
});

it.each(['14.0.0', '14.2.0', '14.3.0'])('Teleport %s: a start is asked for only where the cluster keeps it', async (serverVersion) => {
  const old = await startCluster({ serverVersion, resources: 6, sshd: false, leaf: false });
  try {
    const dana = await Person.logIn(old, 'dana');
    people.push(dana);
    const keeps = serverVersion === '14.3.0';
    await dana.until(({ features }) => features.startTimes === keeps);
    const assumeStart = Date.now() + hour;
    const draft = { roles: ['auditor'], assumeStart, duration: hour };
    if (keeps) expect((await dana.create(draft)).assumeStart).toBeCloseTo(assumeStart, -4);
    else await expect(dana.create(draft)).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('keeps no start times') });
    expect(old.root.requests.all()).toHaveLength(keeps ? 1 : 0);
  } finally {
    await Promise.all(people.splice(0).map((person) => person.close()));
    await old.close();
  }
});
