import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasSshd, startSshd } from '../../../test/ssh/sshd.ts';
import { type FileHost, startTeleportHost } from '../../../test/ssh/teleport-host.ts';
import { bytes, describeTree, type FilesWorld, filesWorld, local, makeTree, remote } from '../../../test/support/files-world.ts';
import { type TempFolder, tempFolder } from '../../../test/support/temp-folder.ts';

const hosts: { name: string; start: (() => Promise<FileHost>) | null }[] = [
  { name: 'a real OpenSSH server', start: hasSshd ? () => startSshd() : null },
  { name: 'a server like a Teleport node', start: () => startTeleportHost() },
];
const signal = new AbortController().signal;

describe.each(hosts)('files on $name', ({ name, start }) => {
  if (!start) return test.skip('sshd is not installed');
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
    host = await start();
    world = filesWorld(host);
  });
  afterEach(async () => {
    await world.close();
    await host.stop();
    await temp.remove();
  });

  test('what is done after rights were given back is done with the rights of now, and the connection of before ends', async () => {
    const look = async () => (await world.files.calls['files.stat']({ place: remote, path: there }, { signal })).kind;
    expect([await look(), await look()]).toEqual(['folder', 'folder']);
    expect(world.dials()).toBe(1);
    world.renew();
    expect(await look()).toBe('folder');
    expect(world.dials()).toBe(2);
  });

  test('a tree goes up and comes down again, equal in all', async () => {
    makeTree(join(here, 'tree'));
    const up = await world.enqueue({ direction: 'upload', sources: [join(here, 'tree')], folder: there });
    const row = await world.until(up);
    expect(row.problems).toEqual([]);
    expect(row.items.done).toBe(row.items.total);
    expect(row.bytes.done).toBe(row.bytes.total);
    expect(describeTree(join(there, 'tree'))).toEqual(describeTree(join(here, 'tree')));
    // Teleport's file server stores no relative targets, and the person is told.
    const isTeleport = name.includes('Teleport');
    expect(readlinkSync(join(there, 'tree/deep/link up'))).toBe(isTeleport ? join(there, 'tree/size-2') : '../size-2');
    expect(row.notes.some((note) => note.includes('whole paths'))).toBe(isTeleport);

    mkdirSync(join(here, 'back'));
    const down = await world.enqueue({ direction: 'download', sources: [join(there, 'tree')], folder: join(here, 'back') });
    expect((await world.until(down)).problems).toEqual([]);
    expect(describeTree(join(here, 'back/tree'))).toEqual(describeTree(join(here, 'tree')));
    expect(world.dials()).toBe(1);
    expect(world.told.filter(({ name }) => name === 'transfer.started').map(({ input }) => input)).toEqual([
      { cluster: 'one', upload: true },
      { cluster: 'one', upload: false },
    ]);
  });

  test.skipIf(process.platform === 'win32' || process.platform === 'darwin')('names that are not in UTF-8 go up with their own bytes', async () => {
    const name = Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x20, 0xff]);
    const at = (folder: string, ...names: Buffer[]) => Buffer.concat([Buffer.from(folder), ...names.flatMap((one) => [Buffer.from('/'), one])]);
    mkdirSync(join(here, 'odd'));
    mkdirSync(at(join(here, 'odd'), name));
    writeFileSync(at(join(here, 'odd'), name, name), 'content');
    symlinkSync(name, at(join(here, 'odd'), Buffer.from('link')));
    const id = await world.enqueue({ direction: 'upload', sources: [join(here, 'odd')], folder: there });
    const row = await world.until(id);
    expect(row.problems).toEqual([]);
    expect(readFileSync(at(join(there, 'odd'), name, name), 'utf8')).toBe('content');
    expect(
      readdirSync(join(there, 'odd'), 'buffer')
        .map((entry) => entry.toString('hex'))
        .sort(),
    ).toEqual(['6c696e6b', name.toString('hex')].sort());
    expect(readFileSync(at(join(there, 'odd/link'), name), 'utf8')).toBe('content');
  });

  test('a folder is listed, piece by piece, with links and where they lead', async () => {
    makeTree(join(there, 'tree'), { many: 700 });
    const list = (path: string) =>
      new Promise<{ path: string; names: Map<string, unknown> }>((resolve, reject) => {
        const names = new Map<string, unknown>();
        let folder = '';
        world.files.streams['files.list'](
          { place: remote, path },
          {
            credit: 0,
            write: () => {},
            onData: () => {},
            onMessage: () => {},
            onCredit: () => {},
            onClose: () => {},
            send: (message) => {
              if (message.type === 'folder') folder = message.path;
              if (message.type === 'entries') for (const entry of message.entries) names.set(entry.name, entry);
            },
            end: (error) => (error ? reject(error) : resolve({ path: folder, names })),
          },
        );
      });
    const { names } = await list(join(there, 'tree'));
    expect([...names.keys()].sort()).toEqual(readdirSync(join(there, 'tree')).sort());
    expect(names.get('link')).toMatchObject({ kind: 'link', target: 'size-1', targetKind: 'file', size: 1 });
    expect(names.get('link to folder')).toMatchObject({ kind: 'link', targetKind: 'folder' });
    expect(names.get('program')).toMatchObject({ kind: 'file', size: 12, mode: 0o755, modified: 1_600_000_012_000 });
    expect(names.get('deep')).toMatchObject({ kind: 'folder' });
    expect((await list(join(there, 'tree/many'))).names.size).toBe(700);
    await expect(list(join(there, 'none'))).rejects.toMatchObject({ code: 'not-found' });
    expect((await list('')).path).toMatch(/^\//);
  });

  test('paths are resolved and completed', async () => {
    makeTree(join(there, 'tree'), { many: 1 });
    const resolve = (path: string, base = there) => world.files.calls['files.resolve']({ place: remote, path, base }, { signal });
    expect(await resolve('tree/../tree/deep')).toEqual({ path: join(there, 'tree/deep'), kind: 'folder' });
    expect(await resolve('tree/link to folder')).toEqual({ path: join(there, 'tree/link to folder'), kind: 'folder' });
    await expect(resolve('nothing')).rejects.toMatchObject({ code: 'not-found' });
    expect((await resolve('~')).path).toBe((await resolve('')).path);
    expect(await world.files.calls['files.complete']({ place: remote, path: 'tree/link', base: there }, { signal })).toEqual({
      paths: [join(there, 'tree/link'), `${join(there, 'tree/link to folder')}/`],
    });
  });

  test('folders are made, names changed, modes set, trees counted and removed', async () => {
    const { calls } = world.files;
    makeTree(join(there, 'tree'), { many: 5 });
    writeFileSync(join(temp.path, 'outside'), 'stays');
    await calls['files.make-folder']({ place: remote, path: join(there, 'new') }, { signal });
    await expect(calls['files.make-folder']({ place: remote, path: join(there, 'new') }, { signal })).rejects.toMatchObject({ code: 'conflict' });
    await expect(
      calls['files.rename']({ place: remote, from: join(there, 'new'), to: join(there, 'tree'), replace: false }, { signal }),
    ).rejects.toMatchObject({ code: 'conflict' });
    await calls['files.rename']({ place: remote, from: join(there, 'new'), to: join(there, 'newer'), replace: false }, { signal });
    expect(readdirSync(there).sort()).toEqual(['newer', 'tree']);
    await calls['files.change-mode']({ place: remote, paths: [join(there, 'tree/many')], mode: 0o640, recursive: true }, { signal });
    expect(describeTree(join(there, 'tree'))['many/3']).toMatch(/^file 640/);
    expect(describeTree(join(there, 'tree')).many).toMatch(/^folder 750/);
    const count = await calls['files.count']({ place: remote, paths: [join(there, 'tree')] }, { signal });
    const found = Object.values(describeTree(join(there, 'tree')));
    expect(count).toMatchObject({
      files: found.filter((entry) => entry.startsWith('file')).length,
      folders: found.filter((entry) => entry.startsWith('folder')).length + 1,
      links: 3,
      others: 0,
    });
    const entries = count.files + count.folders + count.links;
    await expect(calls['files.delete']({ place: remote, paths: [join(there, 'tree')], entries: entries - 1 }, { signal })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await calls['files.delete']({ place: remote, paths: [join(there, 'tree')], entries }, { signal })).toEqual({ removed: entries });
    expect(readdirSync(there)).toEqual(['newer']);
  });

  test('text is shown, binaries are not', async () => {
    writeFileSync(join(there, 'text'), 'grüße\n'.repeat(10_000));
    writeFileSync(join(there, 'binary'), bytes('x', 5000));
    const read = (path: string, limit = 100) => world.files.calls['files.read-text']({ place: remote, path: join(there, path), limit }, { signal });
    expect(await read('text')).toMatchObject({ isCut: true, isBinary: false, size: 80_000 });
    expect((await read('text', 200_000)).text).toBe('grüße\n'.repeat(10_000));
    expect(await read('binary')).toMatchObject({ isBinary: true, text: '' });
  });

  test('what is there already is asked about, once for all or one by one', async () => {
    mkdirSync(join(here, 'set'));
    mkdirSync(join(there, 'set'));
    for (const name of ['a.txt', 'b.txt', 'c.txt', 'd.txt', 'e.txt']) {
      writeFileSync(join(here, 'set', name), `new ${name}`);
      if (name !== 'e.txt') writeFileSync(join(there, 'set', name), 'old');
    }
    const id = await world.enqueue({ direction: 'upload', sources: [join(here, 'set')], folder: there });
    const first = await world.until(id, 'asking');
    expect(first.question).toMatchObject({ existing: { kind: 'file', size: 3 }, source: { size: 9 } });
    world.files.calls['transfers.answer']({ id, answer: 'rename', forAll: false }, { signal });
    await world.until(id, 'asking');
    world.files.calls['transfers.answer']({ id, answer: 'skip', forAll: true }, { signal });
    expect(await world.until(id)).toMatchObject({ skipped: 3, failures: 0 });
    const found = readdirSync(join(there, 'set'));
    expect(found).toHaveLength(6);
    expect(found.filter((name) => name.includes('(2)'))).toHaveLength(1);
    expect(readFileSync(join(there, 'set/e.txt'), 'utf8')).toBe('new e.txt');

    const over = await world.enqueue({ direction: 'upload', sources: [join(here, 'set')], folder: there, conflicts: 'overwrite' });
    await world.until(over);
    expect(readFileSync(join(there, 'set/a.txt'), 'utf8')).toBe('new a.txt');
    writeFileSync(join(here, 'set/a.txt'), 'older');
    (await import('node:fs')).utimesSync(join(here, 'set/a.txt'), 1000, 1000);
    const newer = await world.enqueue({ direction: 'upload', sources: [join(here, 'set')], folder: there, conflicts: 'newer' });
    expect(await world.until(newer)).toMatchObject({ skipped: 5 });
    expect(readFileSync(join(there, 'set/a.txt'), 'utf8')).toBe('new a.txt');
  });

  test('cancelling removes the part file, and nothing half done stays', async () => {
    writeFileSync(join(here, 'big'), bytes('big', 200_000_000));
    for (const direction of ['upload', 'download'] as const) {
      const [from, to] = direction === 'upload' ? [here, there] : [there, here];
      if (direction === 'download') writeFileSync(join(there, 'big2'), bytes('big', 200_000_000));
      const source = join(from, direction === 'upload' ? 'big' : 'big2');
      const id = await world.enqueue({ direction, sources: [source], folder: to });
      await world.until(id, 'running');
      await world.files.calls['transfers.act']({ ids: [id], action: 'cancel' }, { signal });
      await world.until(id, 'cancelled');
      expect(readdirSync(to).filter((name) => name.includes('part'))).toEqual([]);
      expect(existsSync(join(to, direction === 'upload' ? 'big' : 'big2'))).toBe(false);
    }
  });

  test('a pause keeps what came over, and the rest follows', async () => {
    // Long enough to be caught under way on a fast machine.
    const large = bytes('big', 300_000_000);
    rmSync(join(here, 'big'), { force: true });
    writeFileSync(join(there, 'big'), large);
    const id = await world.enqueue({ direction: 'download', sources: [join(there, 'big')], folder: here });
    await world.until(id, 'running');
    await world.files.calls['transfers.act']({ ids: [id], action: 'pause' }, { signal });
    await world.until(id, 'paused');
    expect(existsSync(join(here, 'big'))).toBe(false);
    await world.files.calls['transfers.act']({ ids: [id], action: 'resume' }, { signal });
    await world.until(id);
    expect(readFileSync(join(here, 'big')).equals(large)).toBe(true);
    expect(local.kind).toBe('local');
  });
});
