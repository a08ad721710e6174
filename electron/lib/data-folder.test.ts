import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accessOfOthers, openDataFolder } from './data-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-folder-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Whether this machine lets the tests have a disk of their own. */
function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false; // not root, or in a container without the right
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const mode = (path: string) => statSync(path).mode & 0o7777;

test('a new one is for this user alone, and so is one that was open to others', () => {
  const made = join(root, 'a/b');
  expect(openDataFolder(made)).toBeNull();
  expect([mode(made), mode(join(root, 'a'))]).toEqual([0o700, 0o700]);
  for (const open of [0o777, 0o775, 0o755, 0o701]) {
    chmodSync(made, open);
    expect(openDataFolder(made)).toBeNull();
    expect(mode(made)).toBe(0o700);
  }
  symlinkSync(made, join(root, 'link'));
  chmodSync(made, 0o777);
  expect(openDataFolder(join(root, 'link'))).toBeNull();
  expect(mode(made)).toBe(0o700);
});

test('one that is shared on purpose stays so, and that is said', () => {
  chmodSync(root, 0o1777);
  expect(openDataFolder(root)).toMatch(/Other users of this computer may write .*chmod 700/);
  expect(mode(root)).toBe(0o1777);
  expect(accessOfOthers('/x', { mode: 0o700, uid: 4711 })).toMatch(/belongs to another user/);
  expect(accessOfOthers('/x', { mode: 0o755, uid: 0 })).toBeNull();
});

describe('what cannot be used is told in a sentence with what to do', () => {
  const refusal = (path: string) => {
    try {
      return openDataFolder(path) ?? 'taken';
    } catch (caught) {
      return caught;
    }
  };

  test.each([
    ['a file in its place', () => join(root, 'file'), /a file stands in its place/],
    ['a file on the way', () => join(root, 'file/folder'), /a file stands on the way/],
    ['a link in a circle', () => join(root, 'circle/x'), /links lead in a circle/],
    ['a device', () => '/dev/null', /a file stands in its place/],
    ['where nothing can be made', () => '/proc/slipway', /no folder can be made there/],
    ['deep below', () => '/proc/slipway/a/b', /no folder can be made there/],
    ['a long path', () => join(root, 'a'.repeat(300)), /path is too long/],
  ])('%s', (_what, path, sentence) => {
    writeFileSync(join(root, 'file'), '');
    symlinkSync(join(root, 'circle'), join(root, 'circle'));
    const caught = refusal(path());
    expect(caught).toMatchObject({ code: 'disk', message: expect.stringMatching(sentence) });
    expect(caught).toMatchObject({ message: expect.stringMatching(/SLIPWAY_HOME/) });
  });

  test.skipIf(!canMount())('a disk without room for one more file, with the folder there and not', () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'nr_inodes=2,mode=700', 'tmpfs', root]);
    try {
      mkdirSync(join(root, 'home'), { mode: 0o700 });
      for (const path of [join(root, 'home'), join(root, 'other')])
        expect(refusal(path)).toMatchObject({
          code: 'disk',
          message: expect.stringMatching(/: the disk is full\. Make room on that disk, .*SLIPWAY_HOME\.$/),
        });
    } finally {
      execFileSync('umount', ['-l', root]);
    }
  });

  test.skipIf(process.getuid?.() !== 0)('a folder that is read-only, for a user who is not root', () => {
    const home = join(root, 'home');
    mkdirSync(home, { mode: 0o555 });
    for (const path of [root, home]) chmodSync(path, 0o555);
    const entry = {
      contents: `import { openDataFolder } from './data-folder.ts'; try { console.log(openDataFolder(${JSON.stringify(home)})); } catch (e) { console.log(e.message); }`,
    };
    const { outputFiles } = buildSync({ stdin: { ...entry, resolveDir: import.meta.dirname }, bundle: true, platform: 'node', write: false });
    const { stdout } = spawnSync(process.execPath, ['-'], {
      input: outputFiles[0]!.text,
      uid: 65534,
      gid: 65534,
      cwd: '/',
      env: {},
      encoding: 'utf8',
    });
    expect(stdout.trim()).toMatch(/^Slipway cannot use its data folder .*: the permissions do not allow it\. Make it .*SLIPWAY_HOME\.$/);
  });
});
