import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasSshd, startSshd } from '../../../test/ssh/sshd.ts';
import { type FileHost, startTeleportHost } from '../../../test/ssh/teleport-host.ts';
import { bytes, describeTree, type FilesWorld, filesWorld } from '../../../test/support/files-world.ts';
import { type TempFolder, tempFolder } from '../../../test/support/temp-folder.ts';
import { waitUntil } from '../../../test/support/wait-until.ts';

/** Cuts at random points: 20 in all, or as many as SLIPWAY_FAULT_RUNS says. */
const runs = Number(process.env.SLIPWAY_FAULT_RUNS ?? 20);
const signal = new AbortController().signal;

/** A sequence that a printed seed brings back. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const hosts: { name: string; start: (() => Promise<FileHost>) | null }[] = [
  { name: 'a real OpenSSH server', start: hasSshd ? () => startSshd() : null },
  { name: 'a server like a Teleport node', start: () => startTeleportHost() },
];

describe.each(hosts)('connections to $name that are lost', ({ name, start }) => {
  if (!start) return test.skip('sshd is not installed');
  let host: FileHost;
  let temp: TempFolder;
  let source: string;
  beforeAll(async () => {
    temp = await tempFolder();
    host = await start();
    source = join(temp.path, 'source');
    mkdirSync(join(source, 'small'), { recursive: true });
    writeFileSync(join(source, 'large'), bytes('large', 6_000_000));
    writeFileSync(join(source, 'middling'), bytes('middling', 300_000));
    for (let index = 0; index < 30; index++) writeFileSync(join(source, 'small', String(index)), bytes(`small ${index}`, index * 500));
  });
  afterAll(async () => {
    await host.stop();
    await temp.remove();
  });

  test.each(['upload', 'download'] as const)(
    'at random points of an %s: after going on, the bytes are equal',
    { timeout: runs * 15_000 },
    async (direction) => {
      const seed = Number(process.env.SLIPWAY_FAULT_SEED ?? Date.now() % 1_000_000);
      const next = random(seed);
      const share = Math.ceil(runs / 4);
      let cuts = 0;
      for (let run = 0; run < share; run++) {
        const folder = join(temp.path, `${direction} ${run}`);
        mkdirSync(folder);
        const world = filesWorld(host);
        world.cutAfter(Math.floor(next() * 7_000_000));
        const id = await world.enqueue({ direction, sources: [source], folder });
        // A few lost connections one after the other, then one that holds.
        for (let tries = 0; tries < 3; tries++) {
          if ((await settled(world, id)) === 'done') break;
          cuts++;
          world.cutAfter(tries < 2 ? Math.floor(next() * 7_000_000) : null);
          // The list says what came of it with its next change.
          const told = nextChange(world);
          await world.files.calls['transfers.act']({ ids: [id], action: 'retry' }, { signal });
          await told;
        }
        world.cutAfter(null);
        const row = await world.until(id);
        expect(row.problems, `seed ${seed}, run ${run}`).toEqual([]);
        expect(describeTree(join(folder, 'source')), `seed ${seed}, run ${run}`).toEqual(describeTree(source));
        await world.close();
      }
      console.log(`${direction} on ${name}: ${share} transfers, ${cuts} cuts, all equal in the end (seed ${seed})`);
    },
  );

  test('a download goes on after what is there, and starts over when the two ends differ', async () => {
    const folder = join(temp.path, 'go on');
    mkdirSync(folder);
    const world = filesWorld(host);
    world.cutAfter(4_000_000);
    const id = await world.enqueue({ direction: 'download', sources: [join(source, 'large')], folder });
    await world.until(id, 'waiting');
    world.cutAfter(null);
    const kept = world.row(id).bytes.done;
    expect(kept).toBeGreaterThan(1_000_000);
    const part = join(folder, readdirSync(folder).find((entry) => entry.endsWith('.slipway-part'))!);
    const half = readFileSync(part);
    expect(half.length).toBe(kept);
    half[half.length - 10]! ^= 1;
    writeFileSync(part, half);
    await world.files.calls['transfers.act']({ ids: [id], action: 'retry' }, { signal });
    const row = await world.until(id);
    expect(row.notes.join()).toMatch(/starts over/);
    expect(readFileSync(join(folder, 'large')).equals(readFileSync(join(source, 'large')))).toBe(true);
    await world.close();
  });

  test('a source that changed in the break starts over', async () => {
    const folder = join(temp.path, 'changed');
    mkdirSync(folder);
    const changing = join(temp.path, `changing`);
    writeFileSync(changing, bytes('one', 6_000_000));
    const world = filesWorld(host);
    world.cutAfter(4_000_000);
    const id = await world.enqueue({ direction: 'upload', sources: [changing], folder });
    await world.until(id, 'waiting');
    world.cutAfter(null);
    writeFileSync(changing, bytes('two', 6_500_000));
    await world.files.calls['transfers.act']({ ids: [id], action: 'retry' }, { signal });
    await world.until(id);
    expect(readFileSync(join(folder, 'changing')).equals(bytes('two', 6_500_000))).toBe(true);
    await world.close();
  });

  test('the queue survives a restart, and what was half there goes on', async () => {
    const folder = join(temp.path, 'restart');
    const data = join(temp.path, 'data');
    mkdirSync(folder);
    mkdirSync(data);
    const first = filesWorld(host, data);
    first.cutAfter(4_000_000);
    const id = await first.enqueue({ direction: 'download', sources: [source], folder });
    await first.until(id, 'waiting');
    await first.close();
    const second = filesWorld(host, data);
    const row = await second.until(id);
    expect(row.problems).toEqual([]);
    expect(describeTree(join(folder, 'source'))).toEqual(describeTree(source));
    expect(second.told.filter(({ name: call }) => call === 'transfer.started')).toEqual([]);
    await second.close();
    const third = filesWorld(host, data);
    expect(third.row(id).state).toBe('done');
    await third.close();
  });
});

/** The state in which a transfer ends or waits. */
function settled(world: FilesWorld, id: string): Promise<string> {
  const stateOf = () => world.files.topics.transfers.get().rows[id]?.state ?? '';
  return waitUntil(() => (['waiting', 'done', 'failed'].includes(stateOf()) ? stateOf() : null), 'the transfer to end or to wait', 30_000);
}

function nextChange({ files: { topics } }: FilesWorld): Promise<void> {
  return new Promise((resolve) => {
    const stop = topics.transfers.onChange(() => {
      stop();
      resolve();
    });
  });
}
