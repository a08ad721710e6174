import { appendFileSync, chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FileHost, startTeleportHost } from '../../../test/ssh/teleport-host.ts';
import { bytes, type FilesWorld, filesWorld, target } from '../../../test/support/files-world.ts';
import { type TempFolder, tempFolder } from '../../../test/support/temp-folder.ts';
import { waitUntil } from '../../../test/support/wait-until.ts';
import { LocalFile } from './transfers/one-file/local-file.ts';

const signal = new AbortController().signal;
let host: FileHost;
let world: FilesWorld;
let temp: TempFolder;
let here: string;
let there: string;

beforeEach(async () => {
  temp = await tempFolder();
  here = join(temp.path, 'here');
  there = join(temp.path, 'there');
  mkdirSync(here);
  mkdirSync(there);
  host = await startTeleportHost();
  world = filesWorld(host);
});
afterEach(async () => {
  await world.close();
  await host.stop();
  await temp.remove();
});

test.skipIf(!existsSync('/dev/full'))('no space left is said in words', async () => {
  const file = await LocalFile.open('/dev/full', 'continue');
  await expect(file.write(Buffer.alloc(10), 10, 0)).rejects.toMatchObject({ code: 'disk' });
  await expect(file.write(Buffer.alloc(10), 10, 0)).rejects.toThrow(/no space left on the disk/);
  await file.close();
});

test('a name that is too long fails with a sentence, and the rest goes on', async () => {
  writeFileSync(join(there, 'file'), 'file');
  const id = await world.enqueue({ direction: 'download', sources: [join(there, 'file')], folder: here, rename: 'x'.repeat(300) });
  await expect(world.until(id)).rejects.toThrow(/longer than this computer allows/);
  expect(readdirSync(here)).toEqual([]);
});

// The administrator may write everywhere, so there the stand-in below is all there is to try.
if (process.getuid?.() !== 0)
  test('a folder that may not be written to', async () => {
    writeFileSync(join(there, 'file'), 'file');
    chmodSync(here, 0o500);
    const id = await world.enqueue({ direction: 'download', sources: [join(there, 'file')], folder: here });
    await expect(world.until(id)).rejects.toThrow(/may not do this there/);
    chmodSync(here, 0o700);
  });

test('a read-only place, a folder that is gone, a source that is gone', async () => {
  writeFileSync(join(there, 'file'), 'file');
  for (const folder of ['/proc/self', join(here, 'none')]) {
    const id = await world.enqueue({ direction: 'download', sources: [join(there, 'file')], folder });
    await expect(world.until(id)).rejects.toThrow(/On this computer/);
  }
  const id = await world.enqueue({ direction: 'upload', sources: [join(here, 'none')], folder: there });
  await expect(world.until(id)).rejects.toThrow(/no such file/);
});

test('a file is edited here and saved back, unless it changed over there', async () => {
  const path = join(there, 'settings.txt');
  writeFileSync(path, 'one', { mode: 0o640 });
  const { id, localPath } = await world.files.calls['edits.open']({ target, path }, { signal });
  const row = () => world.files.topics.edits.get()[id]!;
  expect(readFileSync(localPath, 'utf8')).toBe('one');
  writeFileSync(localPath, 'two, longer');
  await waitUntil(() => row().savedAt, 'the save');
  expect(readFileSync(path, 'utf8')).toBe('two, longer');
  writeFileSync(path, 'theirs');
  utimesSync(path, 5000, 5000);
  writeFileSync(localPath, 'mine, at the same time');
  await waitUntil(() => row().state === 'conflict', 'the conflict');
  expect(readFileSync(path, 'utf8')).toBe('theirs');
  await world.files.calls['edits.settle']({ id, answer: 'overwrite' }, { signal });
  expect(readFileSync(path, 'utf8')).toBe('mine, at the same time');
  await world.files.calls['edits.close']({ id }, { signal });
  expect(existsSync(localPath)).toBe(false);
  expect(world.files.topics.edits.get()).toEqual({});
});

test('a copy that was changed and not saved outlives the app, by its end and by its death; others do not', async () => {
  const data = join(temp.path, 'data');
  mkdirSync(data);
  const [changed, untouched] = [join(there, 'changed.txt'), join(there, 'untouched.txt')];
  for (const path of [changed, untouched]) writeFileSync(path, 'one');
  const first = filesWorld(host, data);
  const open = (path: string) => first.files.calls['edits.open']({ target, path }, { signal });
  const [{ id, localPath }, other] = [await open(changed), await open(untouched)];
  writeFileSync(changed, 'theirs');
  writeFileSync(localPath, 'mine');
  await waitUntil(() => first.files.topics.edits.get()[id]!.state === 'conflict', 'the conflict');
  const asAtDeath = join(temp.path, 'as-at-death');
  cpSync(data, asAtDeath, { recursive: true, preserveTimestamps: true });
  await first.close();
  expect(existsSync(other.localPath)).toBe(false);

  for (const folder of [data, asAtDeath]) {
    writeFileSync(changed, 'theirs');
    // Of a copy that this version knows nothing about.
    mkdirSync(join(folder, 'edited-files/unknown'));
    const later = filesWorld(host, folder);
    const rows = () => Object.values(later.files.topics.edits.get());
    await waitUntil(() => rows().length > 0, 'the copy');
    expect(rows()).toMatchObject([
      { id, path: changed, state: 'failed', error: { message: expect.stringMatching(/not saved on its server before Slipway ended/) } },
    ]);
    expect(readFileSync(rows()[0]!.localPath, 'utf8')).toBe('mine');
    // It still knows what was fetched: the server's is not written over unasked.
    await later.files.calls['edits.settle']({ id, answer: 'retry' }, { signal });
    expect(rows()[0]!.state).toBe('conflict');
    await later.files.calls['edits.settle']({ id, answer: 'overwrite' }, { signal });
    expect(readFileSync(changed, 'utf8')).toBe('mine');
    await later.close();
    expect(readdirSync(join(folder, 'edited-files')).filter((name) => !name.startsWith('edits.json'))).toEqual(['unknown']);
  }
});

test('a file that grows while it is sent is not kept half', async () => {
  const path = join(here, 'growing');
  writeFileSync(path, bytes('g', 200_000_000));
  const id = await world.enqueue({ direction: 'upload', sources: [path], folder: there });
  await world.until(id, 'running');
  writeFileSync(path, 'more', { flag: 'a' });
  await world.until(id);
  const sent = readFileSync(join(there, 'growing'));
  // All of it as it was at one time, before or after it grew.
  const whole = readFileSync(path);
  expect(sent.equals(whole) || sent.equals(whole.subarray(0, 200_000_000))).toBe(true);
});

test.each([
  ['upload', 3_000],
  ['upload', 20_000_000],
  ['download', 3_000],
  ['download', 20_000_000],
] as const)('%s of a file of %i bytes that is written all the time, as a log, has what was there', async (direction, size) => {
  const [from, to] = direction === 'upload' ? [here, there] : [there, here];
  const path = join(from, 'log');
  writeFileSync(path, bytes('log', size));
  // Longer by a page at each look, so that it grows in every try.
  const timer = setInterval(() => appendFileSync(path, bytes('more', 1000)), 1);
  const id = await world.enqueue({ direction, sources: [path], folder: to });
  const row = await world.until(id);
  clearInterval(timer);
  expect(row).toMatchObject({ state: 'done', failures: 0 });
  const copy = readFileSync(join(to, 'log'));
  expect(copy.length).toBeGreaterThanOrEqual(size);
  expect(readFileSync(path).subarray(0, copy.length).equals(copy)).toBe(true);
  expect(readdirSync(to)).toEqual(['log']);
  if (size > 1_000_000) expect(row.notes.join()).toMatch(/log grew while it was copied/);
});

test('a file of the server that is written anew in the middle, at the same size, is not mixed', async () => {
  const path = join(there, 'anew');
  const [before, after] = [bytes('before', 200_000_000), bytes('after', 200_000_000)];
  writeFileSync(path, before);
  utimesSync(path, 1_000_000_000, 1_000_000_000);
  const id = await world.enqueue({ direction: 'download', sources: [path], folder: here });
  await world.until(id, 'running');
  writeFileSync(path, after);
  await world.until(id);
  expect(readFileSync(join(here, 'anew')).equals(after)).toBe(true);
});

test('names that differ only in case are different files where the disk says so, also fileSystem by fileSystem', async () => {
  const folder = join(here, 'set');
  mkdirSync(folder);
  for (let index = 0; index < 200; index++)
    for (const name of [`File-${index}`, `file-${index}`]) writeFileSync(join(folder, name), bytes(name, index % 50 === 0 ? 300_000 : 3000));
  for (const [direction, source, to] of [
    ['upload', folder, there],
    ['download', join(there, 'set'), temp.path],
  ] as const) {
    const id = await world.enqueue({ direction, sources: [source], folder: to });
    expect(await world.until(id)).toMatchObject({ failures: 0, problems: [] });
    expect(readdirSync(join(to, 'set')).sort()).toEqual(readdirSync(folder).sort());
    for (const name of readdirSync(folder)) expect(readFileSync(join(to, 'set', name)).equals(readFileSync(join(folder, name)))).toBe(true);
  }
});
