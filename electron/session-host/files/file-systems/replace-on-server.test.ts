import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasSshd, startSshd } from '../../../../test/ssh/sshd.ts';
import { type FileHost, startTeleportHost } from '../../../../test/ssh/teleport-host.ts';
import { type FilesWorld, filesWorld, remote } from '../../../../test/support/files-world.ts';
import { type TempFolder, tempFolder } from '../../../../test/support/temp-folder.ts';

const signal = new AbortController().signal;
let host: FileHost;
let world: FilesWorld;
let temp: TempFolder;
let here: string;
let there: string;

const rename = (from: string, to: string, replace: boolean) =>
  world.files.calls['files.rename']({ place: remote, from: join(there, from), to: join(there, to), replace }, { signal });
const upload = async (name: string, rename?: string) => {
  const id = await world.enqueue({
    direction: 'upload',
    sources: [join(here, name)],
    folder: there,
    conflicts: 'overwrite',
    ...(rename ? { rename } : {}),
  });
  return world.until(id);
};
const read = (name: string) => readFileSync(join(there, name), 'utf8');

const hosts: { name: string; start: (() => Promise<FileHost>) | null; foldsCase: boolean }[] = [
  { name: 'a server without posix-rename that folds case', start: () => startTeleportHost({ isPlain: true, ident: 'plain' }), foldsCase: true },
  {
    name: 'a real OpenSSH server without posix-rename',
    start: hasSshd ? () => startSshd({ sftp: 'internal-sftp -P posix-rename' }) : null,
    foldsCase: false,
  },
  { name: 'a real OpenSSH server', start: hasSshd ? () => startSshd() : null, foldsCase: false },
  { name: 'a server like a Teleport node', start: () => startTeleportHost(), foldsCase: false },
];

describe.each(hosts)('on $name', ({ start, foldsCase }) => {
  if (!start) return test.skip('sshd is not installed');
  beforeEach(async () => {
    temp = await tempFolder();
    [here, there] = ['here', 'there'].map((name) => join(temp.path, name)) as [string, string];
    for (const folder of [here, there]) mkdirSync(folder);
    host = await start();
    world = filesWorld(host);
  });
  afterEach(async () => {
    await world.close();
    await host.stop();
    await temp.remove();
  });

  test.each([false, true])('a file and a folder get another spelling, also where it is the same name (replace: %s)', async (replace) => {
    writeFileSync(join(there, 'REPORT.txt'), 'the report');
    mkdirSync(join(there, 'Folder'));
    writeFileSync(join(there, 'Folder', 'inner'), 'inner');
    await rename('REPORT.txt', 'report.txt', replace);
    await rename('Folder', 'FOLDER', replace);
    expect(readdirSync(there).sort()).toEqual(['FOLDER', 'report.txt']);
    expect(read('report.txt')).toBe('the report');
    expect(read('FOLDER/inner')).toBe('inner');
  });

  test('what is there is replaced when that is wanted, and only then', async () => {
    for (const name of ['one', 'two']) writeFileSync(join(there, name), name);
    await expect(rename('one', 'two', false)).rejects.toMatchObject({ code: 'conflict' });
    expect([read('one'), read('two')]).toEqual(['one', 'two']);
    await rename('one', 'two', true);
    expect(readdirSync(there)).toEqual(['two']);
    expect(read('two')).toBe('one');
  });

  test('two files whose names differ only in case are two where the disk has both', async () => {
    if (foldsCase) return;
    for (const name of ['A', 'a']) writeFileSync(join(there, name), name);
    await expect(rename('A', 'a', false)).rejects.toMatchObject({ code: 'conflict' });
    expect([read('A'), read('a')]).toEqual(['A', 'a']);
  });

  test('through hard links and links, the content stays', async () => {
    writeFileSync(join(there, 'one'), 'content');
    linkSync(join(there, 'one'), join(there, 'hard'));
    symlinkSync('one', join(there, 'soft'));
    mkdirSync(join(there, 'folder'));
    symlinkSync('.', join(there, 'folder', 'same'));
    await rename('one', 'hard', true);
    expect(read('hard')).toBe('content');
    writeFileSync(join(there, 'folder', 'x'), 'x');
    await rename('folder/x', 'folder/same/x', true);
    expect(read('folder/x')).toBe('x');
  });

  test('an upload over a file replaces it, also under another spelling', async () => {
    writeFileSync(join(there, 'REPORT.txt'), 'old');
    writeFileSync(join(here, 'report.txt'), 'new');
    await upload('report.txt');
    if (foldsCase) expect(readdirSync(there)).toHaveLength(1);
    expect(read(foldsCase ? readdirSync(there)[0]! : 'report.txt')).toBe('new');
    expect(existsSync(join(there, 'REPORT.txt'))).toBe(!foldsCase || readdirSync(there)[0] === 'REPORT.txt');
  });
});

test('a connection that is lost at any byte of a replacement leaves one of the two whole', async () => {
  temp = await tempFolder();
  there = temp.path;
  host = await startTeleportHost({ isPlain: true, ident: 'plain' });
  const outcomes = new Set<string>();
  for (let cut = 3000; cut < 9000; cut += 150) {
    for (const name of readdirSync(there)) (await import('node:fs')).rmSync(join(there, name));
    writeFileSync(join(there, 'old'), 'old content');
    writeFileSync(join(there, 'new'), 'new content');
    world = filesWorld(host);
    world.cutAfter(cut);
    await Promise.resolve(rename('new', 'old', true)).catch(() => {});
    await world.close();
    const left = readdirSync(there).map(read);
    expect(left, `cut after ${cut} bytes`).toContain('new content');
    if (left.length === 1) expect(read('old')).toBe('new content');
    outcomes.add(
      readdirSync(there)
        .map((name) => name.replace(/^\..*/, 'aside'))
        .sort()
        .join(),
    );
  }
  // Before, between and after its steps.
  expect([...outcomes]).toEqual(expect.arrayContaining(['new,old', 'aside,new', 'old']));
  await host.stop();
  await temp.remove();
});
