import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { usageEventNames } from '../../shared/model/telemetry.ts';
import { type Collector, startCollector } from '../../test/cluster/collector.ts';
import { emitters } from './emitters.ts';
import type { Telemetry } from './index.ts';
import { exampleCluster } from './testing/example-cluster.ts';
import { hour, review, signal, World } from './testing/world.ts';

const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let world: World<Collector>;
beforeEach(async () => {
  world = new World(await startCollector());
  world.settings.values.consent = 'allowed';
});
afterEach(() => world.close());

test('events are hidden, queued, sent in a batch, and shown with what became of them', async () => {
  const telemetry = world.start();
  await world.loaded();
  telemetry.loggedIn({ cluster: exampleCluster().key, connector: 'local' });
  for (let nth = 0; nth < 14; nth++)
    telemetry.ticketCalls['session.opened']({ cluster: exampleCluster().key, protocol: 'ssh', origin: 'resource_table' });
  await world.until(() => world.collector.events().length === 15);
  await world.loaded();
  expect(world.collector.counts().map(({ event, count }) => [event, count])).toEqual([
    ['cluster_login', 1],
    ['protocol_use', 14],
  ]);
  const [login, use] = world.collector.events();
  const names = { cluster_name: '6X5Zl5D8ZVyGsWDtJiU/V/bqK73jNpoR32+hOMc6dqQ=', user_name: 'aYdIO2OSDTRyXH5yEsU1aeZIOyOrRkjkvtICFx/0eTE=' };
  expect(login).toMatchObject({
    distinct_id: expect.stringMatching(uuid4),
    fields: { ...names, connector_type: 'local', app_version: '0.1.0', os: process.platform },
  });
  expect(use).toMatchObject({ fields: { ...names, protocol: 'ssh', origin: 'resource_table', access_through: 'proxy_service' } });
  expect(world.state(telemetry)).toMatchObject({
    waiting: 0,
    installationId: login?.distinct_id,
    hashes: [{ cluster: exampleCluster().key, clusterHash: names.cluster_name, userHash: names.user_name }],
  });
  const shown = world.events(telemetry);
  expect(shown).toHaveLength(15);
  expect(shown[0]).toMatchObject({ event: 'cluster_login', state: 'sent', reason: null, fields: login?.fields, distinctId: login?.distinct_id });
  const { hex } = await telemetry.calls['telemetry.bytes']({ id: shown[0]?.id ?? '' }, { signal });
  expect(hex).toBe(world.collector.bodies[0]?.toString('hex'));
});

test('each use says which protocol, from where and through what', async () => {
  const telemetry = world.start();
  await world.loaded();
  const { key: cluster } = exampleCluster();
  const opened = telemetry.ticketCalls['session.opened'];
  opened({ cluster, protocol: 'ssh', origin: 'search_bar' });
  opened({ cluster, protocol: 'db', origin: 'resource_table' });
  opened({ cluster, protocol: 'kube', origin: 'connection_list' });
  opened({ cluster, protocol: 'app', origin: 'reopened_session' });
  telemetry.calls['telemetry.app-opened']({ cluster, origin: 'resource_table' }, { signal });
  for (let nth = 0; nth < 10; nth++) opened({ cluster, protocol: 'ssh', origin: 'search_bar' });
  await world.until(() => world.collector.events().length === 15);
  const uses = world.collector.events().map(({ fields }) => [fields.protocol, fields.origin, fields.access_through]);
  expect(uses.slice(0, 5)).toEqual([
    ['ssh', 'search_bar', 'proxy_service'],
    ['db', 'resource_table', 'local_proxy'],
    ['kube', 'connection_list', 'local_proxy'],
    ['app', 'reopened_session', 'local_proxy'],
    ['app', 'resource_table', 'proxy_service'],
  ]);
});

test('every emitter emits', async () => {
  world.settings.values.jobRoleAsked = false;
  const exercise: Record<string, (telemetry: Telemetry) => unknown> = {
    cluster_login: (telemetry) => telemetry.loggedIn({ cluster: exampleCluster().key, connector: 'local' }),
    protocol_use: (telemetry) => telemetry.ticketCalls['session.opened']({ cluster: exampleCluster().key, protocol: 'ssh', origin: 'search_bar' }),
    file_transfer_run: (telemetry) => telemetry.ticketCalls['transfer.started']({ cluster: exampleCluster().key, upload: true }),
    user_job_role_update: (telemetry) => world.jobRole(telemetry, 'DevOps Engineer'),
    // What the service of access requests reports goes straight into the record; its own tests hold when it does.
    access_request_create: (telemetry) => telemetry.record({ event: 'access_request_create', cluster: exampleCluster().key, resources: 2 }),
    access_request_review: (telemetry) => telemetry.record({ event: 'access_request_review', cluster: exampleCluster().key }),
    access_request_assume_role: (telemetry) => telemetry.record({ event: 'access_request_assume_role', cluster: exampleCluster().key }),
  };
  const emitted = usageEventNames.filter((name) => 'from' in emitters[name]);
  expect(Object.keys(exercise).sort()).toEqual([...emitted].sort());
  for (const name of emitted) {
    const telemetry = world.start({ folder: join(world.base, name) });
    await world.loaded();
    await exercise[name]?.(telemetry);
    expect(world.events(telemetry).map(({ event }) => event)).toEqual([name]);
  }
});

test('nothing leaves without a collector; with one, what waited does', async () => {
  world.settings.values.collector = '';
  const telemetry = world.start();
  await world.loaded();
  for (let nth = 0; nth < 20; nth++) telemetry.record(review);
  await world.clock.pass(3 * hour);
  expect(world.state(telemetry)).toMatchObject({ waiting: 20, collector: '', collectorProblem: null });
  world.settings.change({ collector: 'http://collector.example.com' });
  expect(world.state(telemetry).collectorProblem).toMatch(/https/);
  await world.clock.pass(3 * hour);
  world.settings.change({ collector: world.collector.address });
  await world.clock.pass(60_000);
  await world.until(() => world.collector.events().length === 20);
});

test('the address for development serves while no setting names one', async () => {
  world.settings.values.collector = '';
  expect(world.state(world.start({ collector: world.collector.address })).collector).toBe(world.collector.address);
  world.settings.values.collector = 'https://collector.example.com';
  expect(world.state(world.start({ collector: world.collector.address })).collector).toBe('https://collector.example.com');
});

test('a restart keeps the id and what waits, also after a crash', async () => {
  const first = world.start();
  await world.loaded();
  for (let nth = 0; nth < 3; nth++) first.record(review);
  await world.until(() => world.onDisk().split(review.event).length - 1 === 3);
  const second = world.start();
  await world.loaded();
  expect(world.state(second)).toMatchObject({ installationId: world.state(first).installationId, waiting: 3 });
});

test('closing sends what waits', async () => {
  const telemetry = world.start();
  await world.loaded();
  for (let nth = 0; nth < 40; nth++) telemetry.record(review);
  await telemetry.close();
  expect(world.collector.events()).toHaveLength(40);
  expect(world.state(world.start()).waiting).toBe(0);
});

test('closing takes no more than 2 s with a collector that hangs, and keeps what it could not send', async () => {
  world.collector.fail({ kind: 'hang' });
  const telemetry = world.start();
  await world.loaded();
  for (let nth = 0; nth < 5; nth++) telemetry.record(review);
  const began = Date.now();
  await telemetry.close();
  expect(Date.now() - began).toBeLessThan(2500);
  const next = world.start();
  await world.loaded();
  expect(world.state(next).waiting).toBe(5);
});

test('a collector that is down or misbehaves is told on the page, not in anybody’s way, and nothing is lost', async () => {
  const telemetry = world.start();
  await world.loaded();
  for (const [fault, words] of [
    [{ kind: 'status', status: 503 }, /answered 503/],
    [{ kind: 'garbage' }, /other than a collector/],
    [{ kind: 'redirect', to: 'http://127.0.0.1:1' }, /answered 307/],
    [{ kind: 'cut' }, /could not be reached/],
  ] as const) {
    world.collector.fail(fault);
    const before = world.collector.requests;
    for (let nth = 0; nth < 15; nth++) telemetry.record(review);
    await world.until(() => {
      void world.clock.pass(hour);
      return world.collector.requests > before && words.test(world.state(telemetry).problem ?? '');
    });
  }
  expect(world.state(telemetry).waiting).toBe(60);
  world.collector.fail(null);
  await world.until(() => {
    void world.clock.pass(hour);
    return world.collector.events().length === 60;
  });
  await world.loaded();
  expect(world.state(telemetry)).toMatchObject({ waiting: 0, problem: null });
  expect(new Set(world.notes).size).toBe(world.notes.length);
});

test('an event that the collector refuses is dropped with its words', async () => {
  world.collector.fail({ kind: 'status', status: 400, code: 'invalid_argument', message: 'not today' });
  const telemetry = world.start();
  await world.loaded();
  for (let nth = 0; nth < 15; nth++) telemetry.record(review);
  await world.until(() => world.collector.requests === 15);
  await world.loaded();
  expect(world.events(telemetry)[0]).toMatchObject({
    state: 'dropped',
    reason: 'refused',
    detail: 'the collector answered 400 invalid_argument: not today',
  });
});

test('a login is reported once its cluster has told its id, at its own time', async () => {
  const { key } = exampleCluster();
  world.clusters.set([exampleCluster({ authClusterId: null })]);
  const telemetry = world.start();
  await world.loaded();
  const when = world.clock.now();
  telemetry.loggedIn({ cluster: key, connector: 'local' });
  await world.clock.pass(20_000);
  expect(world.events(telemetry)).toEqual([]);
  world.clusters.set([exampleCluster()]);
  expect(world.events(telemetry)).toMatchObject([{ event: 'cluster_login', time: when }]);
  world.clusters.set([exampleCluster({ authClusterId: null })]);
  telemetry.loggedIn({ cluster: key, connector: 'local' });
  await world.clock.pass(61_000);
  world.clusters.set([exampleCluster()]);
  expect(world.events(telemetry)).toHaveLength(1);
  expect(world.notes.at(-1)).toMatch(/did not tell its id/);
});

test('a cluster with an id that is no UUID, or an unknown cluster, has no events and harms nobody', async () => {
  world.clusters.set([exampleCluster({ authClusterId: 'not-a-uuid' })]);
  const telemetry = world.start();
  await world.loaded();
  telemetry.record(review);
  telemetry.record({ event: 'access_request_review', cluster: 'nobody@nowhere:1' });
  expect([world.events(telemetry), world.state(telemetry).hashes]).toEqual([[], []]);
  expect(world.notes.join()).toMatch(/no UUID/);
  expect(world.notes.join()).not.toMatch(/not-a-uuid|nowhere|alice|teleport/);
});

test('names of any kind and size leave no trace', async () => {
  for (const name of ['', ' ', 'zażółć-gęślą', '\u0000', '\ud800', '👩‍🚀'.repeat(10), 'x'.repeat(1024 * 1024)]) {
    world.clusters.set([exampleCluster({ name: `cluster${name}`, user: `user${name}` })]);
    const telemetry = world.start({ folder: join(world.base, 'names') });
    await world.loaded();
    telemetry.record(review);
    expect(Object.values(world.events(telemetry).at(-1)?.fields ?? {})).toEqual([
      expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
    ]);
    await telemetry.close();
  }
});

test('the export holds what the page shows', async () => {
  const telemetry = world.start();
  await world.loaded();
  telemetry.record(review);
  await world.loaded();
  const { json } = await telemetry.calls['telemetry.export'](null, { signal });
  expect(JSON.parse(json)).toEqual({
    installationId: world.state(telemetry).installationId,
    consent: 'allowed',
    collector: world.collector.address,
    droppedByLimit: 0,
    events: world.events(telemetry),
  });
});

test('more than the limit is counted and said', async () => {
  world.settings.values.collector = '';
  const telemetry = world.start();
  await world.loaded();
  for (let nth = 0; nth < 1005; nth++) telemetry.record(review);
  await world.loaded();
  expect(world.state(telemetry)).toMatchObject({ waiting: 1000, droppedByLimit: 5 });
  expect(world.events(telemetry).filter(({ reason }) => reason === 'limit')).toHaveLength(5);
});

test('the page’s list changes in small steps, and main is told at most ten times a second', async () => {
  const telemetry = world.start();
  await world.loaded();
  const list = telemetry.topics['telemetry-events'];
  const told: Record<string, unknown>[] = [];
  list.get();
  list.onChange((value) => told.push(value));
  await world.loaded();
  told.length = 0;
  for (let nth = 0; nth < 10; nth++) telemetry.record(review);
  await world.clock.pass(100);
  expect(told).toHaveLength(1);
  telemetry.record(review);
  await world.clock.pass(100);
  const [before = {}, after = {}] = told;
  for (const id of Object.keys(before)) expect(after[id]).toBe(before[id]);
  expect(Object.keys(after)).toHaveLength(11);
});

test('no plain name, of cluster or person, stands in anything telemetry wrote, sent or noted', async () => {
  const { key } = exampleCluster();
  const telemetry = world.start();
  await world.loaded();
  telemetry.loggedIn({ cluster: key, connector: 'local' });
  for (let nth = 0; nth < 30; nth++) telemetry.ticketCalls['session.opened']({ cluster: key, protocol: 'ssh', origin: 'search_bar' });
  await world.until(() => world.collector.events().length >= 15);
  world.clusters.set([exampleCluster({ authClusterId: 'bad' })]);
  telemetry.record(review);
  world.collector.fail({ kind: 'status', status: 500 });
  world.clusters.set([exampleCluster()]);
  for (let nth = 0; nth < 20; nth++) telemetry.record(review);
  await world.clock.pass(2 * hour);
  await world.loaded();
  const { json } = await telemetry.calls['telemetry.export'](null, { signal });
  await telemetry.close();
  const everything = [world.onDisk(), json, world.notes.join('\n'), ...world.collector.bodies.map((body) => body.toString('latin1'))].join('\n');
  expect(world.onDisk().length).toBeGreaterThan(5000);
  expect(everything).not.toMatch(/alice|example\.com|teleport\.|e4f80f77/);
});
