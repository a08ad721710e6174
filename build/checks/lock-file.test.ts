import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { lockProblems, readLock } from './lock-file.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the lock file serves every system', () => {
  expect(lockProblems(readLock(root))).toEqual([]);
});

test.each([
  ['@biomejs/cli-darwin-arm64', /darwin on arm64/],
  ['@oxc-parser/binding-win32-x64-msvc', /win32 on x64/],
  ['@esbuild/linux-arm64', /linux on arm64/],
])('a lock file without %s is refused', (name, expected) => {
  const lock = readLock(root);
  delete lock.packages[`node_modules/${name}`];
  const problems = lockProblems(lock);
  expect(problems.join('\n')).toContain(name);
  expect(problems.join('\n')).toMatch(expected);
});

test('an optional package of a nested package may lie beside it or above it', () => {
  const entry = (optional: Record<string, string>) => ({ optionalDependencies: optional });
  const packages = { 'node_modules/a/node_modules/b': entry({ c: '1', d: '1' }), 'node_modules/a/node_modules/c': {}, 'node_modules/d': {} };
  expect(lockProblems({ packages }).filter((text) => text.includes('may need'))).toEqual([]);
  const { 'node_modules/d': _, ...without } = packages;
  expect(lockProblems({ packages: without })).toContain('d, which node_modules/a/node_modules/b may need, is missing');
});

test('an address in the lock file is refused', () => {
  const lock = readLock(root);
  lock.packages['node_modules/zod']!.resolved = 'https://example.org/zod.tgz';
  expect(lockProblems(lock)).toEqual(['node_modules/zod names the address it was downloaded from']);
});
