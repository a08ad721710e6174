import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ListFolderDown } from '../../../shared/model/files.ts';
import { startTeleportHost } from '../../../test/ssh/teleport-host.ts';
import { bytes, type FilesWorld, filesWorld, remote } from '../../../test/support/files-world.ts';
import { type TempFolder, tempFolder } from '../../../test/support/temp-folder.ts';
import { waitUntil } from '../../../test/support/wait-until.ts';

const signal = new AbortController().signal;
let host: Awaited<ReturnType<typeof startTeleportHost>>;
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
  vi.restoreAllMocks();
  await world.close();
  await host.stop();
  await temp.remove();
});

const list = (path: string) =>
  new Promise<ListFolderDown[]>((resolve, reject) => {
    const messages: ListFolderDown[] = [];
    const silent = { credit: 0, write: () => {}, onData: () => {}, onMessage: () => {}, onCredit: () => {}, onClose: () => {} };
    world.files.streams['files.list'](
      { place: remote, path },
      { ...silent, send: (message) => void messages.push(message), end: (error) => (error ? reject(error) : resolve(messages)) },
    );
  });

test('names that are none are not shown, the others are marked', async () => {
  host.fault('names');
  const messages = await list(there);
  const names = messages.flatMap((message) => (message.type === 'entries' ? message.entries : []));
  expect(names.map(({ name }) => name)).toEqual([
    'line\nbreak',
    'right\u202eleft',
    'CON',
    'trailing.',
    'Case',
    'case',
    'twice',
    'twice',
    '\u001b[31mred',
  ]);
  expect(names.filter(({ oddity }) => oddity).map(({ name }) => name)).toEqual(['line\nbreak', 'right\u202eleft', '\u001b[31mred']);
  expect(messages.at(-1)).toEqual({ type: 'done', more: false, dropped: 4 });
});

test('whatever a server lists, nothing is written outside of the folder', async () => {
  mkdirSync(join(there, 'tree'));
  host.fault('names');
  const id = await world.enqueue({ direction: 'download', sources: [join(there, 'tree')], folder: here });
  const row = await world.until(id, 'failed');
  expect(row.failures).toBeGreaterThan(4);
  expect(readdirSync(temp.path).sort()).toEqual(['here', 'there']);
  expect(readdirSync(here)).toEqual(['tree']);
  expect(existsSync('/etc/escaped')).toBe(false);
});

test('a million entries are cut off in the listing', { timeout: 60_000 }, async () => {
  host.fault('million');
  const messages = await list(there);
  expect(messages.at(-1)).toEqual({ type: 'done', more: true, dropped: 0 });
  expect(messages.reduce((sum, message) => sum + (message.type === 'entries' ? message.entries.length : 0), 0)).toBe(250_000);
});

test.each(['length', 'unasked', 'stranger', 'too-much'] as const)(
  'an answer that breaks the protocol (%s) ends the channel, with a sentence',
  async (fault) => {
    writeFileSync(join(there, 'file'), bytes('file', 200_000));
    host.fault(fault);
    const read = world.files.calls['files.read-text']({ place: remote, path: join(there, 'file'), limit: 100_000 }, { signal });
    await expect(read).rejects.toMatchObject({ code: 'bad-response' });
    host.fault(undefined);
    expect(await world.files.calls['files.stat']({ place: remote, path: join(there, 'file') }, { signal })).toMatchObject({ size: 200_000 });
  },
);

test('a size that lies does not make a file', async () => {
  writeFileSync(join(there, 'small'), bytes('small', 5000));
  writeFileSync(join(there, 'large'), bytes('large', 500_000));
  mkdirSync(join(there, 'tree'));
  for (const name of ['small', 'large']) writeFileSync(join(there, 'tree', name), readFileSync(join(there, name)));
  host.fault('size');
  const id = await world.enqueue({ direction: 'download', sources: [join(there, 'tree')], folder: here });
  // The second look tells the truth here, so the second try succeeds.
  const row = await world.until(id);
  expect(row.failures).toBe(0);
  expect(readFileSync(join(here, 'tree/large')).equals(bytes('large', 500_000))).toBe(true);
  expect(readdirSync(join(here, 'tree')).sort()).toEqual(['large', 'small']);
});

test('links that lead out are left out, links within stay links, loops end', async () => {
  mkdirSync(join(there, 'tree/inner'), { recursive: true });
  writeFileSync(join(there, 'secret'), 'secret');
  writeFileSync(join(there, 'tree/file'), 'file');
  symlinkSync('/etc/passwd', join(there, 'tree/absolute'));
  symlinkSync('../secret', join(there, 'tree/up'));
  symlinkSync('loop', join(there, 'tree/loop'));
  symlinkSync('.', join(there, 'tree/inner/self'));
  symlinkSync(join(there, 'tree/file'), join(there, 'tree/inner/whole'));
  const id = await world.enqueue({ direction: 'download', sources: [join(there, 'tree')], folder: here });
  const row = await world.until(id);
  expect(row.problems.map(({ path }) => path).sort()).toEqual(['tree/absolute', 'tree/up']);
  expect(lstatSync(join(here, 'tree/inner/whole')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(here, 'tree/inner/whole'), 'utf8')).toBe('file');
  expect(lstatSync(join(here, 'tree/loop')).isSymbolicLink()).toBe(true);
});

test('a link that stands where a folder should be is not written through', async () => {
  mkdirSync(join(there, 'tree/inner'), { recursive: true });
  writeFileSync(join(there, 'tree/inner/file'), 'file');
  mkdirSync(join(here, 'tree'));
  mkdirSync(join(temp.path, 'elsewhere'));
  symlinkSync(join(temp.path, 'elsewhere'), join(here, 'tree/inner'));
  const id = await world.enqueue({ direction: 'download', sources: [join(there, 'tree')], folder: here, conflicts: 'overwrite' });
  await expect(world.until(id)).rejects.toThrow(/a link stands where the folder should be/);
  expect(readdirSync(join(temp.path, 'elsewhere'))).toEqual([]);
});

test('a link planted at the part file is not followed', async () => {
  writeFileSync(join(there, 'file'), bytes('file', 300_000));
  writeFileSync(join(temp.path, 'victim'), 'victim');
  symlinkSync(join(temp.path, 'victim'), join(here, '.file.slipway-part'));
  const id = await world.enqueue({ direction: 'download', sources: [join(there, 'file')], folder: here });
  await world.until(id);
  expect(readFileSync(join(temp.path, 'victim'), 'utf8')).toBe('victim');
  expect(readFileSync(join(here, 'file')).equals(bytes('file', 300_000))).toBe(true);
});

test('a folder where a file should be, a file where a folder should be, a target that is no folder', async () => {
  mkdirSync(join(there, 'tree/name'), { recursive: true });
  writeFileSync(join(there, 'tree/name/x'), 'x');
  writeFileSync(join(there, 'tree/other'), 'other');
  mkdirSync(join(here, 'tree/other'), { recursive: true });
  writeFileSync(join(here, 'tree/name'), 'a file');
  writeFileSync(join(there, 'tree/good'), 'good');
  const id = await world.enqueue({ direction: 'download', sources: [join(there, 'tree')], folder: here, conflicts: 'overwrite' });
  const row = await world.until(id);
  expect(row.failures).toBeGreaterThanOrEqual(2);
  expect(readFileSync(join(here, 'tree/name'), 'utf8')).toBe('a file');
  expect(readFileSync(join(here, 'tree/good'), 'utf8')).toBe('good');
  const bad = await world.enqueue({ direction: 'download', sources: [join(there, 'tree')], folder: join(here, 'tree/good') });
  await expect(world.until(bad)).rejects.toThrow(/not a folder/);
});

test('a role without file copy is explained, and an old agent by the version that is needed', async () => {
  host.fault('refused');
  await expect(list(there)).rejects.toMatchObject({ code: 'access-denied', message: expect.stringMatching(/ssh_file_copy/) });
  const id = await world.enqueue({ direction: 'upload', sources: [here], folder: there });
  expect((await world.until(id, 'failed')).error).toMatchObject({ code: 'access-denied', message: expect.stringMatching(/ssh_file_copy/) });
  host.fault('unknown');
  await expect(list(there)).rejects.toMatchObject({ code: 'unsupported', message: expect.stringMatching(/10\.3/) });
});

test('a list without end or entries is given up', async () => {
  host.fault('endless');
  await expect(list(there)).rejects.toMatchObject({ code: 'bad-response', message: expect.stringMatching(/does not end/) });
});

test.each(['upload', 'download'] as const)('a link put in the place of a folder in the middle of an %s is not written through', async (direction) => {
  const [from, to] = direction === 'upload' ? [here, there] : [there, here];
  const elsewhere = join(temp.path, 'elsewhere');
  for (const folder of [join(from, 'tree/inner'), join(to, 'tree/inner'), elsewhere]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(from, 'tree/inner/file'), 'content');
  writeFileSync(join(to, 'tree/inner/file'), 'old');
  const id = await world.enqueue({ direction, sources: [join(from, 'tree')], folder: to });
  await world.until(id, 'asking');
  // The clock jumps beyond the time for which a look at the folder counts.
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + 300);
  renameSync(join(to, 'tree/inner'), join(to, 'tree/before'));
  symlinkSync(elsewhere, join(to, 'tree/inner'));
  world.files.calls['transfers.answer']({ id, answer: 'overwrite', forAll: false }, { signal });
  const row = await world.until(id, 'failed');
  expect(row.problems[0]!.message).toMatch(/is a link now/);
  expect(readdirSync(elsewhere)).toEqual([]);
  expect(readFileSync(join(to, 'tree/before/file'), 'utf8')).toBe('old');
});

test.each(['upload', 'download'] as const)('a link put in the place of a folder while an %s is paused is not written through', async (direction) => {
  const [from, to] = direction === 'upload' ? [here, there] : [there, here];
  const elsewhere = join(temp.path, 'elsewhere');
  mkdirSync(join(from, 'tree/inner'), { recursive: true });
  mkdirSync(elsewhere);
  writeFileSync(join(from, 'tree/inner/large'), bytes('large', 8_000_000));
  world.cutAfter(3_000_000);
  const id = await world.enqueue({ direction, sources: [join(from, 'tree')], folder: to });
  await world.until(id, 'waiting');
  world.cutAfter(null);
  await world.files.calls['transfers.act']({ ids: [id], action: 'pause' }, { signal });
  renameSync(join(to, 'tree/inner'), join(to, 'tree/before'));
  symlinkSync(elsewhere, join(to, 'tree/inner'));
  await world.files.calls['transfers.act']({ ids: [id], action: 'resume' }, { signal });
  const row = await world.until(id, 'failed');
  expect(row.problems[0]!.message).toMatch(/a link stands where the folder should be/);
  expect(readdirSync(elsewhere)).toEqual([]);
});

test('rights beyond reading, writing and running are not taken from a server, and halves of files are left out', async () => {
  mkdirSync(join(there, 'tree'));
  for (const name of ['small', 'large']) {
    writeFileSync(join(there, 'tree', name), bytes(name, name === 'small' ? 10 : 300_000));
    chmodSync(join(there, 'tree', name), 0o6755);
  }
  chmodSync(join(there, 'tree'), 0o3750);
  writeFileSync(join(there, 'tree/.small.slipway-part'), 'half of another transfer');
  const id = await world.enqueue({ direction: 'download', sources: [join(there, 'tree')], folder: here });
  const row = await world.until(id);
  expect(row.problems).toEqual([{ path: 'tree/.small.slipway-part', message: expect.stringMatching(/half of a file/) }]);
  expect(readdirSync(join(here, 'tree')).sort()).toEqual(['large', 'small']);
  expect(['', 'large', 'small'].map((name) => (lstatSync(join(here, 'tree', name)).mode & 0o7777).toString(8))).toEqual(['750', '755', '755']);
});

test.each(['upload', 'download'] as const)('two transfers of an %s to one name do not mix', async (direction) => {
  const [from, to] = direction === 'upload' ? [here, there] : [there, here];
  writeFileSync(join(from, 'file'), bytes('one', 60_000_000));
  mkdirSync(join(from, 'other'));
  writeFileSync(join(from, 'other/file'), bytes('two', 60_000_000));
  const ids = await Promise.all(
    [join(from, 'file'), join(from, 'other/file')].map((source) => world.enqueue({ direction, sources: [source], folder: to })),
  );
  const isOver = (id: string) => ['done', 'failed'].includes(world.row(id).state);
  await waitUntil(() => ids.every((id) => world.files.topics.transfers.get().rows[id] && isOver(id)), 'both ends');
  const rows = ids.map((id) => world.row(id));
  expect(rows.map(({ state }) => state).sort()).toEqual(['done', 'failed']);
  const done = rows[0]!.state === 'done' ? 'one' : 'two';
  expect(rows.find(({ state }) => state === 'failed')!.error!.message).toMatch(/another transfer|there already/);
  expect(readFileSync(join(to, 'file')).equals(bytes(done, 60_000_000))).toBe(true);
  expect(readdirSync(to).filter((name) => name.includes('part'))).toEqual([]);
});
