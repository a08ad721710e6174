import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { staticFile } from './static-files.ts';

let folder: string;
let root: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-static-'));
  root = join(folder, 'root');
  mkdirSync(join(root, 'assets'), { recursive: true });
  mkdirSync(join(folder, 'root-beside'));
  for (const place of ['root/index.html', 'root/assets/a b.js', 'root/.hidden.js', 'root/notes.txt', 'secret.js', 'root-beside/secret.js'])
    writeFileSync(join(folder, place), place);
  symlinkSync(join(folder, 'secret.js'), join(root, 'assets/out.js'));
  symlinkSync(join(folder, 'root-beside'), join(root, 'beside'));
  symlinkSync(join(root, 'index.html'), join(root, 'inside.html'));
  mkdirSync(join(root, 'folder.js'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = async (path: string) => (await staticFile(root, path))?.body.toString() ?? null;

test('files inside are served with their type', async () => {
  expect(await staticFile(root, '/')).toMatchObject({ type: 'text/html; charset=utf-8' });
  expect(await staticFile(root, '/assets/a%20b.js')).toMatchObject({ type: 'text/javascript; charset=utf-8' });
  expect(await read('/inside.html')).toBe('root/index.html');
});

test.each([
  '/../secret.js',
  '/%2e%2e/secret.js',
  '/..%2fsecret.js',
  '/assets/..%2f..%2fsecret.js',
  '/..%5csecret.js',
  '/..\\secret.js',
  '/assets/../../secret.js',
  '//secret.js',
  '/./index.html',
  '/assets/out.js',
  '/beside/secret.js',
  '/../root-beside/secret.js',
  '/.hidden.js',
  '/notes.txt',
  '/folder.js',
  '/assets',
  '/missing.js',
  '/index.html%00.js',
  '/%',
  '/C:/secret.js',
  '',
  'index.html',
  '/index.html/',
])('%s is not served', async (path) => {
  expect(await read(path)).toBeNull();
});

test('no path leads outside', async () => {
  const piece = fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '%2f',
    '/',
    '\\',
    '%5c',
    'secret.js',
    'assets',
    'out.js',
    'beside',
    'root-beside',
    '%00',
    'index.html',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
      for (const path of [`/${pieces.join('')}`, `/${pieces.join('/')}`]) expect((await read(path)) ?? '').not.toMatch(/secret|hidden/);
    }),
    { numRuns: 500 },
  );
});
