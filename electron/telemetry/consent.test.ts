import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { type Collector, startCollector } from '../../test/cluster/collector.ts';
import { exampleCluster } from './testing/example-cluster.ts';
import { SettingsInMemory } from './testing/settings-in-memory.ts';
import { hour, review, signal, World } from './testing/world.ts';

const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let world: World<Collector>;
beforeEach(async () => {
  world = new World(await startCollector());
});
afterEach(() => world.close());

describe('before an answer', () => {
  test('the question is open, and nothing is recorded, written or sent', async () => {
    const telemetry = world.start();
    for (let nth = 0; nth < 40; nth++) telemetry.record(review);
    telemetry.loggedIn({ cluster: exampleCluster().key, connector: 'local' });
    telemetry.ticketCalls['session.opened']({ cluster: exampleCluster().key, protocol: 'ssh', origin: 'search_bar' });
    await world.loaded();
    await world.clock.pass(2 * hour);
    expect(world.state(telemetry)).toMatchObject({ consent: 'undecided', ask: 'consent', waiting: 0, installationId: null });
    expect(world.events(telemetry)).toEqual([]);
    await telemetry.close();
    expect(readdirSync(world.base)).toEqual([]);
    expect(world.collector.connections).toBe(0);
  });

  test('closing decides nothing: not asked again in this run, but at the next start', async () => {
    const telemetry = world.start();
    await world.decide(telemetry, 'later');
    expect(world.state(telemetry)).toMatchObject({ consent: 'undecided', ask: null });
    telemetry.record(review);
    expect(world.state(telemetry).waiting).toBe(0);
    expect(world.settings.values.consent).toBeUndefined();
    expect(world.state(world.start()).ask).toBe('consent');
  });

  test('it is asked without a collector too', () => {
    world.settings.values.collector = '';
    expect(world.state(world.start())).toMatchObject({ ask: 'consent', collector: '' });
  });

  test('what happened before the answer is not made up for', async () => {
    const telemetry = world.start();
    telemetry.record(review);
    await world.decide(telemetry, 'allow');
    await world.loaded();
    expect(world.state(telemetry).waiting).toBe(0);
  });
});

test('declined: nothing is recorded, written or sent, in this run and the next', async () => {
  const telemetry = world.start();
  await world.decide(telemetry, 'decline');
  expect(world.settings.values.consent).toBe('declined');
  telemetry.record(review);
  const next = world.start();
  next.record(review);
  await world.clock.pass(2 * hour);
  expect(world.state(next)).toMatchObject({ consent: 'declined', ask: null, waiting: 0 });
  expect(readdirSync(world.base)).toEqual([]);
  expect(world.collector.connections).toBe(0);
});

describe('allowed', () => {
  beforeEach(() => {
    world.settings.values.consent = 'allowed';
  });

  test('the job role is asked once, in the same visit, and a skip is remembered', async () => {
    delete world.settings.values.consent;
    const telemetry = world.start();
    expect(world.state(telemetry).ask).toBe('consent');
    await world.decide(telemetry, 'allow');
    expect(world.state(telemetry).ask).toBe('job-role');
    await world.loaded();
    await world.jobRole(telemetry, null);
    expect(world.state(telemetry)).toMatchObject({ ask: null, waiting: 0 });
    expect(world.state(world.start()).ask).toBeNull();
    await world.decide(telemetry, 'decline');
    await world.decide(telemetry, 'allow');
    expect(world.state(telemetry).ask).toBeNull();
    await expect(async () => world.jobRole(world.start({ settings: new SettingsInMemory() }), 'x')).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a job role is sent as it was given', async () => {
    const telemetry = world.start();
    await world.loaded();
    await world.jobRole(telemetry, 'Ciężarówkowy 🚚');
    expect(world.events(telemetry)).toMatchObject([{ event: 'user_job_role_update', fields: { job_role: 'Ciężarówkowy 🚚' } }]);
  });

  test('switching off deletes the queue and the id at once; what waited is shown as dropped; on again is a new id', async () => {
    const telemetry = world.start();
    await world.loaded();
    for (let nth = 0; nth < 5; nth++) telemetry.record(review);
    await world.loaded();
    const first = world.state(telemetry).installationId ?? '';
    expect(world.onDisk()).toContain(first);
    const deciding = world.decide(telemetry, 'decline');
    expect(world.state(telemetry)).toMatchObject({ consent: 'declined', installationId: null, waiting: 0 });
    telemetry.record(review);
    await deciding;
    expect(readdirSync(world.folder)).toEqual(['history.jsonl']);
    expect(world.onDisk()).not.toContain(first);
    expect(world.events(telemetry).map(({ state, reason, distinctId }) => ({ state, reason, distinctId }))).toEqual(
      Array(5).fill({ state: 'dropped', reason: 'switched-off', distinctId: '' }),
    );
    expect(await telemetry.calls['telemetry.bytes']({ id: world.events(telemetry)[0]?.id ?? '' }, { signal })).toEqual({ hex: null });
    await world.clock.pass(2 * hour);
    await world.decide(telemetry, 'allow');
    await world.loaded();
    telemetry.record(review);
    await world.loaded();
    const second = world.state(telemetry).installationId ?? '';
    expect(second).toMatch(uuid4);
    expect(second).not.toBe(first);
    expect(world.state(telemetry).waiting).toBe(1);
    expect(readFileSync(join(world.folder, 'installation_id'), 'utf8')).toBe(second);
    expect(world.collector.connections).toBe(0);
  });

  test('an event in flight is dropped when it is switched off', async () => {
    world.collector.fail({ kind: 'slow', ms: 300 });
    const telemetry = world.start();
    await world.loaded();
    for (let nth = 0; nth < 15; nth++) telemetry.record(review);
    await world.until(() => world.collector.requests === 1);
    await world.decide(telemetry, 'decline');
    await world.until(() => world.collector.events().length === 1); // the collector has answered
    await world.clock.pass(2 * hour);
    expect(world.collector.requests).toBe(1);
    expect(world.events(telemetry).every(({ state, reason }) => state === 'dropped' && reason === 'switched-off')).toBe(true);
  });

  test('a switch that cannot be saved still holds for this run', async () => {
    const telemetry = world.start();
    await world.loaded();
    telemetry.record(review);
    world.settings.refuse = new AppError('disk', 'The settings could not be saved.');
    await expect(async () => world.decide(telemetry, 'decline')).rejects.toMatchObject({ code: 'disk' });
    expect(world.state(telemetry)).toMatchObject({ consent: 'declined', waiting: 0 });
    expect(existsSync(join(world.folder, 'outbox.jsonl'))).toBe(false);
    await expect(async () => world.decide(telemetry, 'allow')).rejects.toMatchObject({ code: 'disk' });
    expect(world.state(telemetry).consent).toBe('declined');
  });

  test('what an earlier run could not delete is deleted at the next start', async () => {
    const telemetry = world.start();
    await world.loaded();
    telemetry.record(review);
    await telemetry.close();
    expect(readdirSync(world.folder).sort()).toEqual(
      ['history.jsonl', 'installation_id', 'outbox.jsonl'].filter((name) => existsSync(join(world.folder, name))),
    );
    world.settings.values.consent = 'declined';
    world.start();
    await world.until(() => !existsSync(join(world.folder, 'outbox.jsonl')) && !existsSync(join(world.folder, 'installation_id')));
  });

  test('an administrator’s file switches it off for good', async () => {
    const telemetry = world.start();
    await world.loaded();
    telemetry.record(review);
    await world.loaded();
    world.settings.change({ managed: { off: true, collector: false } });
    await world.until(() => !existsSync(join(world.folder, 'outbox.jsonl')));
    expect(world.state(telemetry)).toMatchObject({ consent: 'declined', ask: null, managed: { off: true }, installationId: null });
    await expect(async () => world.decide(telemetry, 'allow')).rejects.toMatchObject({ code: 'access-denied' });
    telemetry.record(review);
    expect(world.state(telemetry).waiting).toBe(0);
  });

  test('delete all empties the page and the disk; the switch and the id stay', async () => {
    const telemetry = world.start();
    await world.loaded();
    for (let nth = 0; nth < 15; nth++) telemetry.record(review);
    await world.until(() => world.collector.events().length === 15);
    for (let nth = 0; nth < 3; nth++) telemetry.record(review);
    await world.loaded();
    const { installationId } = world.state(telemetry);
    await telemetry.calls['telemetry.delete-all'](null, { signal });
    expect(world.events(telemetry)).toEqual([]);
    expect(readdirSync(world.folder)).toEqual(['installation_id']);
    expect(world.state(telemetry)).toMatchObject({ consent: 'allowed', installationId, waiting: 0 });
    for (let nth = 0; nth < 15; nth++) telemetry.record(review);
    await world.until(() => world.collector.events().length === 30);
  });

  test('a damaged id is replaced; a folder that cannot be written costs nothing but memory', async () => {
    const first = world.start();
    await first.close();
    writeFileSync(join(world.folder, 'installation_id'), `${world.state(first).installationId}\n`);
    const second = world.start();
    expect(world.state(second).installationId).not.toBe(world.state(first).installationId);
    writeFileSync(join(world.base, 'plain'), '');
    const third = world.start({ folder: join(world.base, 'plain', 'telemetry') });
    await world.loaded();
    for (let nth = 0; nth < 15; nth++) third.record(review);
    await world.until(() => world.collector.events().length === 15);
    expect(world.notes.join('\n')).toMatch(/could not be written/);
  });
});
