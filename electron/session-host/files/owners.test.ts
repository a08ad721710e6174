import { chmodSync, chownSync, linkSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasSshd, startSshd } from '../../../test/ssh/sshd.ts';
import { type FileHost, startTeleportHost } from '../../../test/ssh/teleport-host.ts';
import { bytes, type FilesWorld, filesWorld, target } from '../../../test/support/files-world.ts';
import { type TempFolder, tempFolder } from '../../../test/support/temp-folder.ts';
import { waitUntil } from '../../../test/support/wait-until.ts';

// Debian and its kin have this user everywhere.
const other = { name: 'www-data', id: 33 };
const isRoot = process.getuid?.() === 0;
const signal = new AbortController().signal;
let host: FileHost;
let world: FilesWorld;
let temp: TempFolder;
let here: string;
let there: string;

async function begin(start: () => Promise<FileHost>): Promise<void> {
  temp = await tempFolder();
  chmodSync(temp.path, 0o755);
  [here, there] = ['here', 'there'].map((name) => join(temp.path, name)) as [string, string];
  for (const folder of [here, there]) mkdirSync(folder);
  host = await start();
  world = filesWorld(host);
}
afterEach(async () => {
  await world.close();
  await host.stop();
  await temp.remove();
});

interface Owned {
  owner?: number;
  group?: number;
  mode?: number;
}
function put(path: string, content: string | Buffer, { owner = other.id, group = other.id, mode = 0o644 }: Owned = {}): string {
  writeFileSync(path, content);
  chownSync(path, owner, group);
  chmodSync(path, mode);
  return path;
}
const facts = (path: string) => {
  const { uid, gid, mode, nlink } = statSync(path);
  return [uid, gid, mode & 0o7777, nlink];
};
const read = (path: string) => readFileSync(path, 'utf8');
const copy = async (direction: 'upload' | 'download', source: string, folder: string) =>
  world.until(await world.enqueue({ direction, sources: [source], folder, conflicts: 'overwrite' }));
async function edit(path: string, content: string) {
  const { id, localPath } = await world.files.calls['edits.open']({ target, path }, { signal });
  writeFileSync(localPath, content);
  await waitUntil(() => {
    const row = world.files.topics.edits.get()[id];
    if (row?.state === 'failed') throw new Error(row.error?.message);
    return row?.savedAt !== null;
  }, 'the edit to be saved');
}

const hosts: { name: string; start: (() => Promise<FileHost>) | null }[] = [
  { name: 'a real OpenSSH server', start: hasSshd ? () => startSshd() : null },
  { name: 'a server like a Teleport node', start: () => startTeleportHost() },
];

describe.skipIf(!isRoot).each(hosts)('as root on $name', ({ start }) => {
  if (!start) return test.skip('sshd is not installed');
  beforeEach(() => begin(start));

  test('an edited file keeps owner, group, mode and its other name', async () => {
    const path = put(join(there, 'config'), 'old', { mode: 0o640 });
    linkSync(path, join(there, 'other name'));
    await edit(path, 'new');
    expect(facts(path)).toEqual([33, 33, 0o640, 2]);
    expect(read(join(there, 'other name'))).toBe('new');
  });

  test('an upload and a download over a file keep owner, group and mode, without leftovers and notes', async () => {
    for (const [direction, from, to] of [
      ['upload', here, there],
      ['download', there, here],
    ] as const)
      for (const size of [10, 300_000]) {
        const name = `${direction} ${size}`;
        const content = bytes(name, size);
        put(join(from, name), content, { owner: 0, group: 0, mode: 0o600 });
        put(join(to, name), 'old, and longer than the new one', { mode: 0o664 });
        const row = await copy(direction, join(from, name), to);
        expect(facts(join(to, name)), name).toEqual([33, 33, 0o664, 1]);
        expect(readFileSync(join(to, name)).equals(content)).toBe(true);
        expect(row.notes).toEqual([]);
      }
    expect(readdirSync(there).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('files with other names are written in place, both ways', async () => {
    for (const [direction, from, to] of [
      ['upload', here, there],
      ['download', there, here],
    ] as const) {
      const name = `linked ${direction}`;
      put(join(from, name), 'new', { owner: 0, group: 0 });
      put(join(to, name), 'old, and longer', { mode: 0o640 });
      linkSync(join(to, name), join(to, `${name} too`));
      const row = await copy(direction, join(from, name), to);
      expect(facts(join(to, name))).toEqual([33, 33, 0o640, 2]);
      expect(read(join(to, `${name} too`))).toBe('new');
      expect(row.notes.join()).toMatch(/written in place/);
      expect(readdirSync(to).filter((one) => one.startsWith('.'))).toEqual([]);
    }
  });
});

describe.skipIf(!isRoot || !hasSshd)('as another user on a real OpenSSH server', () => {
  beforeEach(() => begin(() => startSshd({ login: other.name })));

  test('a writable file in a folder that is not is written in place, by an upload and by an edit', async () => {
    const path = put(join(there, 'config'), 'old, and longer than the new one');
    writeFileSync(join(here, 'config'), 'new');
    const row = await copy('upload', join(here, 'config'), there);
    expect(read(path)).toBe('new');
    expect(row.notes.join()).toMatch(/written in place/);
    await edit(path, 'edited');
    expect(read(path)).toBe('edited');
    expect(facts(path)).toEqual([33, 33, 0o644, 1]);
  });

  test('a file of somebody else keeps its owner where it may be written to; where not, a note says what was lost', async () => {
    chownSync(there, other.id, other.id);
    const shared = put(join(there, 'shared'), 'old', { owner: 0, mode: 0o664 });
    const closed = put(join(there, 'closed'), 'old', { owner: 0, group: 0 });
    for (const name of ['shared', 'closed']) writeFileSync(join(here, name), 'new');
    await copy('upload', join(here, 'shared'), there);
    expect(facts(shared)).toEqual([0, 33, 0o664, 1]);
    const row = await copy('upload', join(here, 'closed'), there);
    expect(row.notes.join()).toMatch(/owner or group of some files/);
    expect([read(shared), read(closed)]).toEqual(['new', 'new']);
    expect(readdirSync(there).sort()).toEqual(['closed', 'shared']);
  });

  test('a connection that is lost while a file is written in place loses nothing: the earlier content is kept, and said where', async () => {
    const old = bytes('old', 3_000_000);
    const path = put(join(there, 'large'), old);
    writeFileSync(join(here, 'large'), bytes('new', 3_000_000));
    world.cutAfter(4_500_000);
    const id = await world.enqueue({ direction: 'upload', sources: [join(here, 'large')], folder: there, conflicts: 'overwrite' });
    await world.until(id, 'waiting');
    const message = world.row(id).error?.message ?? '';
    expect(message).toMatch(/may be half done/);
    const kept = /kept on this computer, in (\S+)\.$/.exec(message)?.[1] ?? '';
    expect(readFileSync(kept).equals(old)).toBe(true);
    world.cutAfter(null);
    await world.until(id);
    expect(readFileSync(path).equals(bytes('new', 3_000_000))).toBe(true);
    (await import('node:fs')).rmSync(dirname(kept), { recursive: true });
  });
});

describe.skipIf(!isRoot || !hasSshd)('as another user of this computer', () => {
  beforeEach(() => begin(() => startSshd()));

  test('a download over a writable file in a folder that is not writes in place', async () => {
    const path = put(join(here, 'config'), 'old, and longer than the new one');
    writeFileSync(join(there, 'config'), 'new');
    process.seteuid!(other.id);
    try {
      const row = await copy('download', join(there, 'config'), here);
      expect(row.notes.join()).toMatch(/written in place/);
    } finally {
      process.seteuid!(0);
    }
    expect(read(path)).toBe('new');
    expect(facts(path)).toEqual([33, 33, 0o644, 1]);
    expect(readdirSync(here)).toEqual(['config']);
  });
});
