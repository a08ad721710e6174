import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { enqueueTransferSchema } from '../../../../shared/model/files.ts';
import { startTeleportHost } from '../../../../test/ssh/teleport-host.ts';
import { bytes, type FilesWorld, filesWorld, target } from '../../../../test/support/files-world.ts';
import { type TempFolder, tempFolder } from '../../../../test/support/temp-folder.ts';
import { waitUntil } from '../../../../test/support/wait-until.ts';
import { Speed } from './speed.ts';
import { TransferQueue } from './transfer-queue.ts';

const signal = new AbortController().signal;
let host: Awaited<ReturnType<typeof startTeleportHost>>;
let temp: TempFolder;
let data: string;
let here: string;
let there: string;
const worlds: FilesWorld[] = [];

beforeEach(async () => {
  temp = await tempFolder();
  [data, here, there] = ['data', 'here', 'there'].map((name) => join(temp.path, name)) as [string, string, string];
  for (const folder of [data, here, there]) mkdirSync(folder);
  host = await startTeleportHost();
});
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
  await host.stop();
  await temp.remove();
});

function open(): FilesWorld {
  const world = filesWorld(host, data);
  worlds.push(world);
  return world;
}
const file = () => join(data, 'transfers.json');
const saved = () => JSON.parse(readFileSync(file(), 'utf8'));
const act = (world: FilesWorld, id: string, action: 'pause' | 'resume' | 'cancel' | 'retry' | 'remove') =>
  world.files.calls['transfers.act']({ ids: [id], action }, { signal });
const halves = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('slipway-part'));

test.each(['upload', 'download'] as const)(
  'an %s that is cancelled at any moment leaves no half, neither on the disk nor in the file',
  async (direction) => {
    const [from, to] = direction === 'upload' ? [here, there] : [there, here];
    mkdirSync(join(from, 'tree'));
    for (const name of ['a', 'b']) writeFileSync(join(from, 'tree', name), bytes(name, 5_000_000));
    for (let index = 0; index < 300; index++) writeFileSync(join(from, 'tree', `small ${index}`), bytes(String(index), 3000));
    const world = open();
    for (let run = 0; run < 12; run++) {
      const id = await world.enqueue({ direction, sources: [join(from, 'tree')], folder: to, rename: `run ${run}` });
      // Each is cancelled when more of it is there, the first before anything is.
      const arrived = () => (existsSync(join(to, `run ${run}`)) ? readdirSync(join(to, `run ${run}`)).length : 0);
      await vi.waitFor(() => expect(arrived()).toBeGreaterThanOrEqual(run * 10), { interval: 1, timeout: 10_000 });
      await act(world, id, 'cancel');
      expect(halves(to), `run ${run}`).toEqual([]);
    }
    // What was late would be there once another has gone the same way to its end.
    await world.until(await world.enqueue({ direction, sources: [join(from, 'tree')], folder: to, rename: 'whole' }));
    expect(halves(to)).toEqual([]);
    await world.close();
    expect(halves(to)).toEqual([]);
    for (const { state, parts } of saved().transfers) if (state === 'cancelled') expect(parts).toEqual({});
    expect(saved().transfers).toHaveLength(13);
  },
);

test('a failed download that is taken off the list takes its half with it', async () => {
  writeFileSync(join(there, 'file'), bytes('file', 8_000_000));
  const world = open();
  world.cutAfter(4_000_000);
  const id = await world.enqueue({ direction: 'download', sources: [join(there, 'file')], folder: here });
  await world.until(id, 'waiting');
  world.cutAfter(null);
  renameSync(join(there, 'file'), join(there, 'gone'));
  await act(world, id, 'retry');
  await world.until(id, 'failed');
  await act(world, id, 'remove');
  await waitUntil(() => halves(here).length === 0, 'the half to go');
});

test.each(['upload', 'download'] as const)(
  'an %s that is paused and resumed in quick turns arrives whole',
  { timeout: 60_000 },
  async (direction) => {
    const [from, to] = direction === 'upload' ? [here, there] : [there, here];
    const content = bytes('content', 40_000_000);
    writeFileSync(join(from, 'file'), content);
    const world = open();
    const id = await world.enqueue({ direction, sources: [join(from, 'file')], folder: to });
    const bytesThere = () => Math.max(0, ...readdirSync(to).map((name) => statSync(join(to, name)).size));
    for (let turn = 0; turn < 25; turn++) {
      // By turns while bytes arrive, and a few turns of the event loop after it was resumed.
      if (turn % 2 === 0) await vi.waitFor(() => expect(bytesThere()).toBeGreaterThanOrEqual(turn * 1_000_000), { interval: 1, timeout: 30_000 });
      else for (let left = (turn * 7) % 40; left > 0; left--) await nextTurn();
      // Not waited for: the second comes while the first is under way.
      void act(world, id, 'pause');
      void act(world, id, 'resume');
    }
    const row = await world.until(id);
    expect(row.error).toBeNull();
    expect(readFileSync(join(to, 'file')).equals(content)).toBe(true);
    expect(halves(to)).toEqual([]);
  },
);

test('what another version saved stays in the file, is told, and the rest works', async () => {
  writeFileSync(join(there, 'file'), 'content');
  const first = open();
  const id = await first.enqueue({ direction: 'download', sources: [join(there, 'file')], folder: here });
  await first.until(id);
  await first.close();
  const strange = { id: 'x', state: 'teleported', spec: { some: 'thing' } };
  writeFileSync(file(), JSON.stringify({ ...saved(), perHost: 99, transfers: [strange, ...saved().transfers] }));
  const second = open();
  expect(second.files.topics.transfers.get()).toMatchObject({ perHost: 2, order: [id], problem: expect.stringMatching(/another version/) });
  await second.files.calls['transfers.limit']({ perHost: 3 }, { signal });
  await second.close();
  expect(saved()).toMatchObject({ perHost: 3, transfers: [{ id }], strange: [strange] });
  // A format of the future is kept aside as it was.
  const future = { ...saved(), version: 2, more: 'of it' };
  writeFileSync(file(), JSON.stringify(future));
  const third = open();
  expect(third.files.topics.transfers.get()).toMatchObject({ order: [id], problem: expect.stringMatching(/newer Slipway/) });
  await third.files.calls['transfers.limit']({ perHost: 4 }, { signal });
  await third.close();
  expect(JSON.parse(readFileSync(join(data, 'transfers.v2.json'), 'utf8'))).toEqual(future);
});

test.each(['', '{"version": 1, "transf', '[]', '{"version":1,"perHost":2,"transfers":7}'])(
  'a spoilt file (%s) gives way to the last good copy',
  async (text) => {
    writeFileSync(join(there, 'file'), 'content');
    const first = open();
    const id = await first.enqueue({ direction: 'download', sources: [join(there, 'file')], folder: here });
    await first.until(id);
    await first.close();
    writeFileSync(file(), text);
    expect(open().files.topics.transfers.get()).toMatchObject({ order: [id], problem: expect.stringMatching(/last good copy/) });
  },
);

test.each(['upload', 'download'] as const)(
  'after a crash between the last byte and the new name, or right after it, an %s ends whole',
  async (direction) => {
    const [from, to] = direction === 'upload' ? [here, there] : [there, here];
    const content = bytes('content', 2_000_000);
    for (const name of ['before', 'after']) {
      writeFileSync(join(from, name), content);
      utimesSync(join(from, name), 1_600_000_000, 1_600_000_000);
    }
    // The whole part file without its name, and the whole file whose end was not saved.
    writeFileSync(join(to, '.before.slipway-part'), content);
    writeFileSync(join(to, 'after'), content);
    utimesSync(join(to, 'after'), 1_600_000_000, 1_600_000_000);
    const part = { size: content.length, modified: 1_600_000_000_000, prefix: content.length };
    saveOne(
      { direction, sources: ['before', 'after'].map((name) => join(from, name)), folder: to },
      { [join(to, 'before')]: part, [join(to, 'after')]: part },
    );
    const world = open();
    const row = await world.until('one');
    expect(row).toMatchObject({ failures: 0, skipped: 0, items: { done: 2 } });
    expect(readdirSync(to).sort()).toEqual(['after', 'before']);
    for (const name of ['before', 'after']) expect(readFileSync(join(to, name)).equals(content)).toBe(true);
  },
);

test.each(['upload', 'download'] as const)('an %s of more than 4 GB goes on beyond that mark', { timeout: 60_000 }, async (direction) => {
  const [from, to] = direction === 'upload' ? [here, there] : [there, here];
  const prefix = 2 ** 32 + 500_000;
  const tail = bytes('tail', 3_000_000);
  const source = join(from, 'huge');
  const handle = openSync(source, 'w');
  writeSync(handle, tail, 0, tail.length, prefix);
  closeSync(handle);
  utimesSync(source, 1_600_000_000, 1_600_000_000);
  const half = openSync(join(to, '.huge.slipway-part'), 'w');
  ftruncateSync(half, prefix);
  closeSync(half);
  const size = prefix + tail.length;
  saveOne({ direction, sources: [source], folder: to }, { [join(to, 'huge')]: { size, modified: 1_600_000_000_000, prefix } });
  const world = open();
  const row = await world.until('one', 'done', 50_000);
  expect(row).toMatchObject({ notes: [], bytes: { done: size, total: size } });
  expect(statSync(join(to, 'huge')).size).toBe(size);
  const end = Buffer.alloc(tail.length);
  const read = openSync(join(to, 'huge'), 'r');
  (await import('node:fs')).readSync(read, end, 0, end.length, prefix);
  closeSync(read);
  expect(end.equals(tail)).toBe(true);
});

test('"newer only" leaves what is of the same second, or of no known time, as it is', async () => {
  const names = { older: -5, same: 0, 'a part of a second': 0.9, newer: 1 };
  mkdirSync(join(here, 'set'));
  mkdirSync(join(there, 'set'));
  for (const [name, seconds] of Object.entries(names)) {
    writeFileSync(join(here, 'set', name), 'new');
    writeFileSync(join(there, 'set', name), 'there');
    utimesSync(join(here, 'set', name), 1_600_000_000 + seconds, 1_600_000_000 + seconds);
    utimesSync(join(there, 'set', name), 1_600_000_000, 1_600_000_000);
  }
  const world = open();
  const id = await world.enqueue({ direction: 'upload', sources: [join(here, 'set')], folder: there, conflicts: 'newer' });
  expect(await world.until(id)).toMatchObject({ skipped: 3 });
  const found = Object.keys(names).map((name) => readFileSync(join(there, 'set', name), 'utf8'));
  expect(found).toEqual(['there', 'there', 'there', 'new']);
});

test('a clock that is put back an hour holds up neither the list nor the next try', async () => {
  let now = 1_700_000_000_000;
  let tries = 0;
  const { AppError } = await import('../../../../shared/errors/app-error.ts');
  const access = {
    use: async () => {
      if (++tries === 1) throw new AppError('closed', 'The line was lost.');
      throw new AppError('access-denied', 'No.');
    },
  };
  const queue = new TransferQueue({ folder: null, access: access as never, started: () => {}, failed: () => {}, now: () => now });
  const { id } = queue.enqueue(enqueueTransferSchema.parse({ direction: 'download', target, sources: ['/x'], folder: here }));
  await waitUntil(() => queue.topic.get().rows[id]?.state === 'waiting', 'the first try to fail');
  now -= 3_600_000;
  await waitUntil(() => queue.topic.get().rows[id]?.state === 'failed', 'the second try', 4000);
  expect(tries).toBe(2);
  await queue.close();
});

test('speed is told again soon after the clock was put back', () => {
  const speed = new Speed();
  for (let step = 0; step <= 10; step++) speed.note(10_000_000 + step * 250, step * 250);
  expect(speed.perSecond).toBe(1000);
  for (let step = 0; step <= 4; step++) speed.note(1000 + step * 250, 2500 + step * 500);
  expect(speed.perSecond).toBe(2000);
});

/** A queue file with one transfer that was cut off. */
function saveOne(spec: { direction: 'upload' | 'download'; sources: string[]; folder: string }, parts: Record<string, unknown>): void {
  const none = { skipped: 0, failures: 0, problems: [], notes: [], error: null, createdAt: 1, startedAt: 1, finishedAt: null };
  const row = { items: { done: 0, total: null }, bytes: { done: 0, total: null }, ...none };
  const one = { id: 'one', spec: enqueueTransferSchema.parse({ ...spec, target }), state: 'running', policy: 'ask', isAgain: true, parts, row };
  writeFileSync(file(), JSON.stringify({ version: 1, perHost: 2, transfers: [one] }));
}

test('a transfer during which the process died twice comes back paused, and resuming it begins to count anew', async () => {
  mkdirSync(join(there, 'tree'));
  host.fault('endless');
  const first = open();
  const id = await first.enqueue({ direction: 'download', sources: [join(there, 'tree')], folder: here });
  const deaths = () => saved().transfers[0].deaths;
  await waitUntil(() => existsSync(file()) && deaths() === 1, 'the first run to be known');
  const written = readFileSync(file());
  await first.close();
  expect(deaths()).toBe(0);
  // As the file stands after a kill: the end of a run is not in it.
  writeFileSync(file(), written);
  const second = open();
  expect(second.row(id).state).toBe('queued');
  await waitUntil(() => deaths() === 2, 'the second run to be known');
  const again = readFileSync(file());
  await second.close();
  writeFileSync(file(), again);
  host.fault(undefined);
  const third = open();
  expect(third.row(id)).toMatchObject({ state: 'paused', error: { message: expect.stringMatching(/ended twice while this was under way/) } });
  await act(third, id, 'resume');
  await third.until(id);
  await waitUntil(() => deaths() === 0, 'nothing to be counted any more');
});
