import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeFolders, makeFoldersSync } from './make-folders.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-folders-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe.each([
  ['makeFolders', makeFolders],
  ['makeFoldersSync', async (path: string) => makeFoldersSync(path)],
] as const)('%s', (_name, make) => {
  test('makes what is missing, and takes what is there', async () => {
    await make(join(root, 'a/b/c'));
    await make(join(root, 'a/b/c'));
    expect(statSync(join(root, 'a/b')).mode & 0o777).toBe(0o700);
    symlinkSync(join(root, 'a'), join(root, 'link'));
    await make(join(root, 'link/d'));
    expect(statSync(join(root, 'a/d')).isDirectory()).toBe(true);
  });

  test.each([
    ['a file in its place', 'file', 'EEXIST'],
    ['a file on the way', 'file/folder', 'ENOTDIR'],
    ['a link that leads nowhere', 'nowhere', 'EEXIST'],
    ['a link in a circle', 'circle/x', 'ELOOP'],
  ])('fails for %s', async (_what, path, code) => {
    writeFileSync(join(root, 'file'), '');
    symlinkSync(join(root, 'missing'), join(root, 'nowhere'));
    symlinkSync(join(root, 'circle'), join(root, 'circle'));
    await expect(make(join(root, path))).rejects.toMatchObject({ code });
  });

  test.skipIf(process.platform !== 'linux').each(['/proc/slipway', '/proc/slipway/a/b'])(
    'ends where a file system takes no folders: %s',
    async (path) => {
      await expect(make(path)).rejects.toMatchObject({ code: 'ENOENT' });
    },
  );
});
