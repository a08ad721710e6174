import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { baseName, crumbsOf, joinPath, parentPath, shellWord } from './paths.ts';

test('crumbs of both kinds of paths', () => {
  expect(crumbsOf('posix', '/srv/app').map(({ path }) => path)).toEqual(['/', '/srv', '/srv/app']);
  expect(crumbsOf('windows', 'C:\\Users\\ada')).toEqual([
    { name: 'C:', path: 'C:\\' },
    { name: 'Users', path: 'C:\\Users' },
    { name: 'ada', path: 'C:\\Users\\ada' },
  ]);
  expect(crumbsOf('windows', '\\\\nas\\share\\photos').map(({ path }) => path)).toEqual(['\\\\nas\\share\\', '\\\\nas\\share\\photos']);
});

test('the root has no parent', () => {
  expect(parentPath('posix', '/')).toBeNull();
  expect(parentPath('windows', 'C:\\')).toBeNull();
  expect(parentPath('posix', '/a')).toBe('/');
});

const name = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).filter((text) => !/[/\\\0]/.test(text));

test('joining and splitting undo each other', () => {
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), fc.constantFrom('posix' as const, 'windows' as const), (names, style) => {
      const root = style === 'posix' ? '/' : 'C:\\';
      const path = names.reduce((folder, each) => joinPath(style, folder, each), root);
      expect(baseName(style, path)).toBe(names.at(-1));
      expect(parentPath(style, path)).toBe(names.slice(0, -1).reduce((folder, each) => joinPath(style, folder, each), root));
    }),
  );
});

test.skipIf(process.platform === 'win32')('a shell reads the word as the path', () => {
  const texts = ["it's", '$(reboot)', 'a b', '`x`', '"q"', 'plain/path.txt', '漢字', '*', '~', '-rf', 'back\\slash', "'"];
  const words = texts.map(shellWord).join(' ');
  expect(
    execFileSync('/bin/sh', ['-c', `printf '%s\\n' ${words}`], { encoding: 'utf8' })
      .trimEnd()
      .split('\n'),
  ).toEqual(texts);
});
