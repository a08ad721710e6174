import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { mainContract } from '../../shared/ipc/contract.ts';
import { Topic } from '../../shared/ipc/server.ts';
import type { Cluster } from '../../shared/model/cluster.ts';
import { usageEventNames } from '../../shared/model/telemetry.ts';
import { type Collector, startCollector } from '../../test/cluster/collector.ts';
import { emitters } from './emitters.ts';
import { Telemetry, type TelemetryOptions, type UsageEvent } from './index.ts';
import { exampleCluster } from './testing/example-cluster.ts';
import { FakeClock } from './testing/fake-clock.ts';
import { SettingsInMemory } from './testing/settings-in-memory.ts';

const signal = new AbortController().signal;
const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const review: UsageEvent = { event: 'access_request_review', cluster: exampleCluster().key };
const hour = 3_600_000;

let base: string;
let folder: string;
let settings: SettingsInMemory;
let clusters: Topic<Cluster[]>;
let clock: FakeClock;
let notes: string[];
let collector: Collector;
let open: Telemetry[];
beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'slipway-telemetry-'));
  folder = join(base, 'telemetry');
  clusters = new Topic([exampleCluster()]);
  clock = new FakeClock();
  notes = [];
  open = [];
  collector = await startCollector();
  settings = new SettingsInMemory({ collector: collector.address });
});
afterEach(async () => {
  await Promise.all(open.map((telemetry) => telemetry.close()));
  await collector.close();
  rmSync(base, { recursive: true, force: true });
});

function start(more: Partial<TelemetryOptions> = {}): Telemetry {
  const telemetry = new Telemetry({ folder, settings, clusters, appVersion: '0.1.0', note: (message) => notes.push(message), proxies: {}, clock, ...more });
  open.push(telemetry);
  return telemetry;
}
const state = (telemetry: Telemetry) => mainContract.topics.telemetry.value.parse(telemetry.topics.telemetry.get());
const events = (telemetry: Telemetry) => Object.values(mainContract.topics['telemetry-events'].value.parse(telemetry.topics['telemetry-events'].get()));
const decide = (telemetry: Telemetry, answer: 'allow' | 'decline' | 'later') => telemetry.calls['telemetry.decide']({ answer }, { signal });
const jobRole = (telemetry: Telemetry, role: string | null) => telemetry.calls['telemetry.job-role']({ role }, { signal });
/** Real files and sockets need real turns of the loop, however still the fake clock stands. */
const until = (condition: () => boolean) => expect.poll(condition, { interval: 10, timeout: 5000 }).toBe(true);
const loaded = async () => {
  await new Promise((resolve) => setTimeout(resolve, 50));
  await clock.pass(200);
};
const onDisk = () => (existsSync(folder) ? readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')).join('\n') : '');

describe('before an answer', () => {
  test('the question is open, and nothing is recorded, written or sent', async () => {
    const telemetry = start();
    for (let nth = 0; nth < 40; nth++) telemetry.record(review);
    telemetry.loggedIn({ cluster: exampleCluster().key, connector: 'local' });
    telemetry.ticketCalls['session.opened']({ cluster: exampleCluster().key, protocol: 'ssh', origin: 'search_bar' });
    await loaded();
    await clock.pass(2 * hour);
    expect(state(telemetry)).toMatchObject({ consent: 'undecided', ask: 'consent', waiting: 0, installationId: null });
    expect(events(telemetry)).toEqual([]);
    await telemetry.close();
    expect(readdirSync(base)).toEqual([]);
    expect(collector.connections).toBe(0);
  });

  test('closing decides nothing: not asked again in this run, but at the next start', async () => {
    const telemetry = start();
    await decide(telemetry, 'later');
    expect(state(telemetry)).toMatchObject({ consent: 'undecided', ask: null });
    telemetry.record(review);
    expect(state(telemetry).waiting).toBe(0);
    expect(settings.values.consent).toBeUndefined();
    expect(state(start()).ask).toBe('consent');
  });

  test('it is asked without a collector too', () => {
    settings.values.collector = '';
    expect(state(start())).toMatchObject({ ask: 'consent', collector: '' });
  });

  test('what happened before the answer is not made up for', async () => {
    const telemetry = start();
    telemetry.record(review);
    await decide(telemetry, 'allow');
    await loaded();
    expect(state(telemetry).waiting).toBe(0);
  });
});

test('declined: nothing is recorded, written or sent, in this run and the next', async () => {
  const telemetry = start();
  await decide(telemetry, 'decline');
  expect(settings.values.consent).toBe('declined');
  telemetry.record(review);
  const next = start();
  next.record(review);
  await clock.pass(2 * hour);
  expect(state(next)).toMatchObject({ consent: 'declined', ask: null, waiting: 0 });
  expect(readdirSync(base)).toEqual([]);
  expect(collector.connections).toBe(0);
});

describe('allowed', () => {
  beforeEach(() => {
    settings.values.consent = 'allowed';
  });

  test('events are hidden, queued, sent in a batch, and shown with what became of them', async () => {
    const telemetry = start();
    await loaded();
    telemetry.loggedIn({ cluster: exampleCluster().key, connector: 'local' });
    for (let nth = 0; nth < 14; nth++) telemetry.ticketCalls['session.opened']({ cluster: exampleCluster().key, protocol: 'ssh', origin: 'resource_table' });
    await until(() => collector.events().length === 15);
    await loaded();
    expect(collector.counts().map(({ event, count }) => [event, count])).toEqual([['cluster_login', 1], ['protocol_use', 14]]);
    const [login, use] = collector.events();
    const names = { cluster_name: '6X5Zl5D8ZVyGsWDtJiU/V/bqK73jNpoR32+hOMc6dqQ=', user_name: 'aYdIO2OSDTRyXH5yEsU1aeZIOyOrRkjkvtICFx/0eTE=' };
    expect(login).toMatchObject({ distinct_id: expect.stringMatching(uuid4), fields: { ...names, connector_type: 'local', app_version: '0.1.0', os: process.platform } });
    expect(use).toMatchObject({ fields: { ...names, protocol: 'ssh', origin: 'resource_table', access_through: 'proxy_service' } });
    expect(state(telemetry)).toMatchObject({ waiting: 0, installationId: login?.distinct_id, hashes: [{ cluster: exampleCluster().key, clusterHash: names.cluster_name, userHash: names.user_name }] });
    const shown = events(telemetry);
    expect(shown).toHaveLength(15);
    expect(shown[0]).toMatchObject({ event: 'cluster_login', state: 'sent', reason: null, fields: login?.fields, distinctId: login?.distinct_id });
    const { hex } = await telemetry.calls['telemetry.bytes']({ id: shown[0]?.id ?? '' }, { signal });
    expect(hex).toBe(collector.bodies[0]?.toString('hex'));
  });

  test('every emitter emits', async () => {
    settings.values.jobRoleAsked = false;
    const exercise: Record<string, (telemetry: Telemetry) => unknown> = {
      cluster_login: (telemetry) => telemetry.loggedIn({ cluster: exampleCluster().key, connector: 'local' }),
      protocol_use: (telemetry) => telemetry.ticketCalls['session.opened']({ cluster: exampleCluster().key, protocol: 'ssh', origin: 'search_bar' }),
      user_job_role_update: (telemetry) => jobRole(telemetry, 'DevOps Engineer'),
    };
    const emitted = usageEventNames.filter((name) => 'from' in emitters[name]);
    expect(Object.keys(exercise).sort()).toEqual([...emitted].sort());
    for (const name of emitted) {
      const telemetry = start({ folder: join(base, name) });
      await loaded();
      await exercise[name]?.(telemetry);
      expect(events(telemetry).map(({ event }) => event)).toEqual([name]);
    }
  });

  test('the job role is asked once, in the same visit, and a skip is remembered', async () => {
    delete settings.values.consent;
    const telemetry = start();
    expect(state(telemetry).ask).toBe('consent');
    await decide(telemetry, 'allow');
    expect(state(telemetry).ask).toBe('job-role');
    await loaded();
    await jobRole(telemetry, null);
    expect(state(telemetry)).toMatchObject({ ask: null, waiting: 0 });
    expect(state(start()).ask).toBeNull();
    await decide(telemetry, 'decline');
    await decide(telemetry, 'allow');
    expect(state(telemetry).ask).toBeNull();
    await expect(async () => jobRole(start({ settings: new SettingsInMemory() }), 'x')).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a job role is sent as it was given', async () => {
    const telemetry = start();
    await loaded();
    await jobRole(telemetry, 'Ciężarówkowy 🚚');
    expect(events(telemetry)).toMatchObject([{ event: 'user_job_role_update', fields: { job_role: 'Ciężarówkowy 🚚' } }]);
  });

  test('nothing leaves without a collector; with one, what waited does', async () => {
    settings.values.collector = '';
    const telemetry = start();
    await loaded();
    for (let nth = 0; nth < 20; nth++) telemetry.record(review);
    await clock.pass(3 * hour);
    expect(state(telemetry)).toMatchObject({ waiting: 20, collector: '', collectorProblem: null });
    settings.change({ collector: 'http://collector.example.com' });
    expect(state(telemetry).collectorProblem).toMatch(/https/);
    await clock.pass(3 * hour);
    settings.change({ collector: collector.address });
    await clock.pass(60_000);
    await until(() => collector.events().length === 20);
  });

  test('the address for development serves while no setting names one', async () => {
    settings.values.collector = '';
    expect(state(start({ collector: collector.address })).collector).toBe(collector.address);
    settings.values.collector = 'https://collector.example.com';
    expect(state(start({ collector: collector.address })).collector).toBe('https://collector.example.com');
  });

  test('switching off deletes the queue and the id at once; what waited is shown as dropped; on again is a new id', async () => {
    const telemetry = start();
    await loaded();
    for (let nth = 0; nth < 5; nth++) telemetry.record(review);
    await loaded();
    const first = state(telemetry).installationId ?? '';
    expect(onDisk()).toContain(first);
    const deciding = decide(telemetry, 'decline');
    expect(state(telemetry)).toMatchObject({ consent: 'declined', installationId: null, waiting: 0 });
    telemetry.record(review);
    await deciding;
    expect(readdirSync(folder)).toEqual(['history.jsonl']);
    expect(onDisk()).not.toContain(first);
    expect(events(telemetry).map(({ state, reason, distinctId }) => ({ state, reason, distinctId }))).toEqual(Array(5).fill({ state: 'dropped', reason: 'switched-off', distinctId: '' }));
    expect(await telemetry.calls['telemetry.bytes']({ id: events(telemetry)[0]?.id ?? '' }, { signal })).toEqual({ hex: null });
    await clock.pass(2 * hour);
    await decide(telemetry, 'allow');
    await loaded();
    telemetry.record(review);
    await loaded();
    const second = state(telemetry).installationId ?? '';
    expect(second).toMatch(uuid4);
    expect(second).not.toBe(first);
    expect(state(telemetry).waiting).toBe(1);
    expect(readFileSync(join(folder, 'installation_id'), 'utf8')).toBe(second);
    expect(collector.connections).toBe(0);
  });

  test('an event in flight is dropped when it is switched off', async () => {
    collector.fail({ kind: 'slow', ms: 300 });
    const telemetry = start();
    await loaded();
    for (let nth = 0; nth < 15; nth++) telemetry.record(review);
    await until(() => collector.requests === 1);
    await decide(telemetry, 'decline');
    await new Promise((resolve) => setTimeout(resolve, 500));
    await clock.pass(2 * hour);
    expect(collector.requests).toBe(1);
    expect(events(telemetry).every(({ state, reason }) => state === 'dropped' && reason === 'switched-off')).toBe(true);
  });

  test('a switch that cannot be saved still holds for this run', async () => {
    const telemetry = start();
    await loaded();
    telemetry.record(review);
    settings.refuse = new AppError('disk', 'The settings could not be saved.');
    await expect(async () => decide(telemetry, 'decline')).rejects.toMatchObject({ code: 'disk' });
    expect(state(telemetry)).toMatchObject({ consent: 'declined', waiting: 0 });
    expect(existsSync(join(folder, 'outbox.jsonl'))).toBe(false);
    await expect(async () => decide(telemetry, 'allow')).rejects.toMatchObject({ code: 'disk' });
    expect(state(telemetry).consent).toBe('declined');
  });

  test('what an earlier run could not delete is deleted at the next start', async () => {
    const telemetry = start();
    await loaded();
    telemetry.record(review);
    await telemetry.close();
    expect(readdirSync(folder).sort()).toEqual(['history.jsonl', 'installation_id', 'outbox.jsonl'].filter((name) => existsSync(join(folder, name))));
    settings.values.consent = 'declined';
    start();
    await until(() => !existsSync(join(folder, 'outbox.jsonl')) && !existsSync(join(folder, 'installation_id')));
  });

  test('an administrator’s file switches it off for good', async () => {
    const telemetry = start();
    await loaded();
    telemetry.record(review);
    await loaded();
    settings.change({ managed: { off: true, collector: false } });
    await until(() => !existsSync(join(folder, 'outbox.jsonl')));
    expect(state(telemetry)).toMatchObject({ consent: 'declined', ask: null, managed: { off: true }, installationId: null });
    await expect(async () => decide(telemetry, 'allow')).rejects.toMatchObject({ code: 'access-denied' });
    telemetry.record(review);
    expect(state(telemetry).waiting).toBe(0);
  });

  test('a restart keeps the id and what waits, also after a crash', async () => {
    const first = start();
    await loaded();
    for (let nth = 0; nth < 3; nth++) first.record(review);
    await loaded();
    const second = start();
    await loaded();
    expect(state(second)).toMatchObject({ installationId: state(first).installationId, waiting: 3 });
  });

  test('closing sends what waits', async () => {
    const telemetry = start();
    await loaded();
    for (let nth = 0; nth < 40; nth++) telemetry.record(review);
    await telemetry.close();
    expect(collector.events()).toHaveLength(40);
    expect(state(start()).waiting).toBe(0);
  });

  test('closing takes no more than 2 s with a collector that hangs, and keeps what it could not send', async () => {
    collector.fail({ kind: 'hang' });
    const telemetry = start();
    await loaded();
    for (let nth = 0; nth < 5; nth++) telemetry.record(review);
    const began = Date.now();
    await telemetry.close();
    expect(Date.now() - began).toBeLessThan(2500);
    const next = start();
    await loaded();
    expect(state(next).waiting).toBe(5);
  });

  test('a collector that is down or misbehaves is told on the page, not in anybody’s way, and nothing is lost', async () => {
    const telemetry = start();
    await loaded();
    for (const [fault, words] of [[{ kind: 'status', status: 503 }, /answered 503/], [{ kind: 'garbage' }, /other than a collector/], [{ kind: 'redirect', to: 'http://127.0.0.1:1' }, /answered 307/], [{ kind: 'cut' }, /could not be reached/]] as const) {
      collector.fail(fault);
      const before = collector.requests;
      for (let nth = 0; nth < 15; nth++) telemetry.record(review);
      await until(() => {
        void clock.pass(hour);
        return collector.requests > before && words.test(state(telemetry).problem ?? '');
      });
    }
    expect(state(telemetry).waiting).toBe(60);
    collector.fail(null);
    await until(() => {
      void clock.pass(hour);
      return collector.events().length === 60;
    });
    await loaded();
    expect(state(telemetry)).toMatchObject({ waiting: 0, problem: null });
    expect(new Set(notes).size).toBe(notes.length);
  });

  test('an event that the collector refuses is dropped with its words', async () => {
    collector.fail({ kind: 'status', status: 400, code: 'invalid_argument', message: 'not today' });
    const telemetry = start();
    await loaded();
    for (let nth = 0; nth < 15; nth++) telemetry.record(review);
    await until(() => collector.requests === 15);
    await loaded();
    expect(events(telemetry)[0]).toMatchObject({ state: 'dropped', reason: 'refused', detail: 'the collector answered 400 invalid_argument: not today' });
  });

  test('a login is reported once its cluster has told its id, at its own time', async () => {
    const { key } = exampleCluster();
    clusters.set([exampleCluster({ authClusterId: null })]);
    const telemetry = start();
    await loaded();
    const when = clock.now();
    telemetry.loggedIn({ cluster: key, connector: 'local' });
    await clock.pass(20_000);
    expect(events(telemetry)).toEqual([]);
    clusters.set([exampleCluster()]);
    expect(events(telemetry)).toMatchObject([{ event: 'cluster_login', time: when }]);
    clusters.set([exampleCluster({ authClusterId: null })]);
    telemetry.loggedIn({ cluster: key, connector: 'local' });
    await clock.pass(61_000);
    clusters.set([exampleCluster()]);
    expect(events(telemetry)).toHaveLength(1);
    expect(notes.at(-1)).toMatch(/did not tell its id/);
  });

  test('a cluster with an id that is no UUID, or an unknown cluster, has no events and harms nobody', async () => {
    clusters.set([exampleCluster({ authClusterId: 'not-a-uuid' })]);
    const telemetry = start();
    await loaded();
    telemetry.record(review);
    telemetry.record({ event: 'access_request_review', cluster: 'nobody@nowhere:1' });
    expect([events(telemetry), state(telemetry).hashes]).toEqual([[], []]);
    expect(notes.join()).toMatch(/no UUID/);
    expect(notes.join()).not.toMatch(/not-a-uuid|nowhere|alice|teleport/);
  });

  test('names of any kind and size leave no trace', async () => {
    for (const name of ['', ' ', 'zażółć-gęślą', '\u0000', '\ud800', '👩‍🚀'.repeat(10), 'x'.repeat(1024 * 1024)]) {
      clusters.set([exampleCluster({ name: `cluster${name}`, user: `user${name}` })]);
      const telemetry = start({ folder: join(base, 'names') });
      await loaded();
      telemetry.record(review);
      expect(Object.values(events(telemetry).at(-1)?.fields ?? {})).toEqual([expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/), expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/)]);
      await telemetry.close();
    }
  });

  test('delete all empties the page and the disk; the switch and the id stay', async () => {
    const telemetry = start();
    await loaded();
    for (let nth = 0; nth < 15; nth++) telemetry.record(review);
    await until(() => collector.events().length === 15);
    for (let nth = 0; nth < 3; nth++) telemetry.record(review);
    await loaded();
    const { installationId } = state(telemetry);
    await telemetry.calls['telemetry.delete-all'](null, { signal });
    expect(events(telemetry)).toEqual([]);
    expect(readdirSync(folder)).toEqual(['installation_id']);
    expect(state(telemetry)).toMatchObject({ consent: 'allowed', installationId, waiting: 0 });
    for (let nth = 0; nth < 15; nth++) telemetry.record(review);
    await until(() => collector.events().length === 30);
  });

  test('the export holds what the page shows', async () => {
    const telemetry = start();
    await loaded();
    telemetry.record(review);
    await loaded();
    const { json } = await telemetry.calls['telemetry.export'](null, { signal });
    expect(JSON.parse(json)).toEqual({ installationId: state(telemetry).installationId, consent: 'allowed', collector: collector.address, droppedByLimit: 0, events: events(telemetry) });
  });

  test('more than the limit is counted and said', async () => {
    settings.values.collector = '';
    const telemetry = start();
    await loaded();
    for (let nth = 0; nth < 1005; nth++) telemetry.record(review);
    await loaded();
    expect(state(telemetry)).toMatchObject({ waiting: 1000, droppedByLimit: 5 });
    expect(events(telemetry).filter(({ reason }) => reason === 'limit')).toHaveLength(5);
  });

  test('a damaged id is replaced; a folder that cannot be written costs nothing but memory', async () => {
    const first = start();
    await first.close();
    writeFileSync(join(folder, 'installation_id'), `${state(first).installationId}\n`);
    const second = start();
    expect(state(second).installationId).not.toBe(state(first).installationId);
    writeFileSync(join(base, 'plain'), '');
    const third = start({ folder: join(base, 'plain', 'telemetry') });
    await loaded();
    for (let nth = 0; nth < 15; nth++) third.record(review);
    await until(() => collector.events().length === 15);
    expect(notes.join('\n')).toMatch(/could not be written/);
  });

  test('the page’s list changes in small steps, and main is told at most ten times a second', async () => {
    const telemetry = start();
    await loaded();
    const list = telemetry.topics['telemetry-events'];
    const told: Record<string, unknown>[] = [];
    list.get();
    list.onChange((value) => told.push(value));
    await loaded();
    told.length = 0;
    for (let nth = 0; nth < 10; nth++) telemetry.record(review);
    await clock.pass(100);
    expect(told).toHaveLength(1);
    telemetry.record(review);
    await clock.pass(100);
    const [before = {}, after = {}] = told;
    for (const id of Object.keys(before)) expect(after[id]).toBe(before[id]);
    expect(Object.keys(after)).toHaveLength(11);
  });
});

test('no plain name, of cluster or person, stands in anything telemetry wrote, sent or noted', async () => {
  settings.values.consent = 'allowed';
  const { key } = exampleCluster();
  const telemetry = start();
  await loaded();
  telemetry.loggedIn({ cluster: key, connector: 'local' });
  for (let nth = 0; nth < 30; nth++) telemetry.ticketCalls['session.opened']({ cluster: key, protocol: 'ssh', origin: 'search_bar' });
  await until(() => collector.events().length >= 15);
  clusters.set([exampleCluster({ authClusterId: 'bad' })]);
  telemetry.record(review);
  collector.fail({ kind: 'status', status: 500 });
  clusters.set([exampleCluster()]);
  for (let nth = 0; nth < 20; nth++) telemetry.record(review);
  await clock.pass(2 * hour);
  await loaded();
  const { json } = await telemetry.calls['telemetry.export'](null, { signal });
  await telemetry.close();
  const everything = [onDisk(), json, notes.join('\n'), ...collector.bodies.map((body) => body.toString('latin1'))].join('\n');
  expect(onDisk().length).toBeGreaterThan(5000);
  expect(everything).not.toMatch(/alice|example\.com|teleport\.|e4f80f77/);
});
