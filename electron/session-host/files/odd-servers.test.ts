import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasSshd, startSshd } from '../../../test/ssh/sshd.ts';
import { type FileHost, startTeleportHost } from '../../../test/ssh/teleport-host.ts';
import { bytes, type FilesWorld, filesWorld, remote } from '../../../test/support/files-world.ts';
import { type TempFolder, tempFolder } from '../../../test/support/temp-folder.ts';
import { packetType } from '../../ssh/sftp/sftp-packets.ts';

const signal = new AbortController().signal;
const sftpServer = ['/usr/lib/openssh/sftp-server', '/usr/libexec/sftp-server', '/usr/libexec/openssh/sftp-server'].find(existsSync);
let host: FileHost;
let world: FilesWorld;
let temp: TempFolder;
let here: string;
let there: string;

beforeEach(async () => {
  temp = await tempFolder();
  [here, there] = ['here', 'there'].map((name) => join(temp.path, name)) as [string, string];
  for (const folder of [here, there]) mkdirSync(folder);
});
afterEach(async () => {
  await world.close();
  await host.stop();
  await temp.remove();
});

async function begin(start: () => Promise<FileHost>): Promise<void> {
  host = await start();
  world = filesWorld(host);
}
const resolve = async (path: string, base = '') => world.files.calls['files.resolve']({ place: remote, path, base }, { signal });
const copy = async (direction: 'upload' | 'download', sources: string[], folder: string, timeout?: number) =>
  world.until(await world.enqueue({ direction, sources, folder, conflicts: 'overwrite' }), 'done', timeout);

const { realpath, stat, lstat, fstat, setstat, fsetstat, readlink, extended } = packetType;
test.each<[string, number[]]>([
  ['REALPATH', [realpath]],
  ['STAT', [stat]],
  ['LSTAT', [lstat]],
  ['STAT and LSTAT', [stat, lstat]],
  ['FSTAT', [fstat]],
  ['SETSTAT and FSETSTAT', [setstat, fsetstat]],
  ['READLINK', [readlink]],
  ['extensions', [extended]],
  ['all of them', [realpath, stat, lstat, fstat, setstat, fsetstat, readlink, extended]],
])('a server that refuses %s can be browsed, and files go both ways', async (_name, refused) => {
  await begin(() => startTeleportHost({ ident: 'other', refuses: (type) => refused.includes(type) }));
  mkdirSync(join(there, 'tree'));
  for (const size of [0, 10, 300_000]) writeFileSync(join(there, 'tree', String(size)), bytes(String(size), size));
  expect(await resolve(there)).toEqual({ path: there, kind: 'folder' });
  expect((await resolve('~')).kind).toBe('folder');
  await copy('download', [join(there, 'tree')], here);
  await copy('upload', [join(here, 'tree')], there);
  await copy('upload', [join(here, 'tree', '10')], there);
  for (const size of [0, 10, 300_000])
    for (const folder of [here, there]) expect(readFileSync(join(folder, 'tree', String(size))).equals(bytes(String(size), size))).toBe(true);
});

describe.skipIf(!hasSshd)('a real OpenSSH server', () => {
  test('`~user/` is the home folder of that user, here and there; one that nobody knows is told in a sentence', async () => {
    await begin(() => startSshd());
    expect(await resolve('~root/')).toMatchObject({ kind: 'folder' });
    expect(await resolve('~root')).toEqual({ path: homedir(), kind: 'folder' });
    await expect(resolve('~nobody-of-that-name/x')).rejects.toThrow(/does not say where the home folder of “nobody-of-that-name” is/);
    const atHome = world.files.calls['files.resolve']({ place: { kind: 'local' }, path: '~root/', base: there }, { signal });
    expect(await atHome).toEqual({ path: '/root', kind: 'folder' });
    mkdirSync(join(there, '~root'));
    expect((await resolve('~root', there)).path).toBe(join(there, '~root'));
  });

  test.skipIf(!sftpServer)('start-up files that print are named, with their first line', async () => {
    const script = join(temp.path, 'start-up');
    writeFileSync(script, `#!/bin/sh\nprintf '\\033[1mWelcome to node\\033[0m\\n\\nmore\\n'\nexec ${sftpServer}\n`);
    chmodSync(script, 0o755);
    await begin(() => startSshd({ sftp: script }));
    const error = await resolve(there).catch((caught: unknown) => caught as Error);
    expect(error).toMatchObject({ code: 'bad-response', message: expect.stringMatching(/~\/\.bashrc.*“.*Welcome to node.*”$/) });
    expect((error as Error).message).not.toMatch(/\u001b/);
  });

  test.skipIf(!existsSync('/sys/class/net/lo/mtu'))('files whose sizes lie are read to their end, both ways', async () => {
    await begin(() => startSshd());
    const attributes = ['mtu', 'address', 'addr_len', 'type', 'flags', 'ifindex', 'iflink', 'tx_queue_len', 'operstate', 'broadcast', 'dev_id'];
    const some = ['version', 'filesystems', 'cmdline', 'devices', 'misc', 'partitions', 'consoles', 'iomem'].map((name) => `/proc/${name}`);
    const many = [...attributes.map((name) => `/sys/class/net/lo/${name}`), ...some].filter((path) => existsSync(path));
    // Few, and many, which go another way.
    expect(many.length).toBeGreaterThanOrEqual(16);
    for (const sources of [many.slice(0, 2), some.slice(0, 2), many])
      for (const [direction, folder] of [
        ['download', here],
        ['upload', there],
      ] as const) {
        await copy(direction, sources, folder);
        for (const path of sources) expect(readFileSync(join(folder, basename(path)), 'utf8'), path).toBe(readFileSync(path, 'utf8'));
      }
  });
});

test.each([
  ['relative', '../'.repeat(60_000)],
  ['with NUL', `/${'../'.repeat(60_000)}\0`],
  ['longer than 4 KB', `/${'x/'.repeat(90_000)}`],
])('a folder that is %s in the answer of REALPATH is refused', async (_name, answer) => {
  await begin(() => startTeleportHost({ ident: 'other', realpath: () => answer }));
  const row = world.enqueue({ direction: 'upload', sources: [join(temp.path, 'here')], folder: there });
  await expect(world.until(await row)).rejects.toThrow(/a path that is none/);
});

test.each([
  ['longer than 4 KB', 'x/'.repeat(90_000)],
  ['with NUL', 'file\0'],
])('a link whose target is %s is left out, and the rest is copied', async (_name, answer) => {
  await begin(() => startTeleportHost({ ident: 'other', readlink: () => answer }));
  mkdirSync(join(there, 'tree'));
  writeFileSync(join(there, 'tree/file'), 'text');
  symlinkSync('file', join(there, 'tree/link'));
  const row = await copy('download', [join(there, 'tree')], here);
  expect(row.problems).toMatchObject([{ path: expect.stringMatching(/link$/), message: expect.stringMatching(/a path that is none/) }]);
  expect(readdirSync(join(here, 'tree'))).toEqual(['file']);
});
