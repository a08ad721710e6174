import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bytes } from '../../../../test/support/files-world.ts';
import { type TempFolder, tempFolder } from '../../../../test/support/temp-folder.ts';
import { SmallFiles } from './small-files.ts';

let temp: TempFolder;
let small: SmallFiles;
const at = (name: string) => join(temp.path, name);
const write = (name: string, content: Buffer) => {
  const own = Buffer.allocUnsafeSlow(content.length);
  content.copy(own);
  return small.write(at(name), { part: at(`.${name}.part`), bytes: own, mode: 0o640, modified: 1_600_000_000_000 });
};

beforeEach(async () => {
  temp = await tempFolder();
  small = new SmallFiles(100);
});
afterEach(async () => {
  await small.close();
  await temp.remove();
});

test('hundreds at once come and go whole, each with room before it', async () => {
  const contents = Array.from({ length: 300 }, (_, index) => bytes(`file ${index}`, index * 37));
  await Promise.all(contents.map((content, index) => write(String(index), content)));
  const read = await Promise.all(contents.map(({ length }, index) => small.read(at(String(index)), length)));
  for (const [index, content] of contents.entries()) {
    expect(read[index]!.equals(content)).toBe(true);
    expect(read[index]!.byteOffset).toBeGreaterThanOrEqual(100);
  }
  const facts = statSync(at('299'));
  expect([facts.mode & 0o777, facts.mtimeMs]).toEqual([0o640, 1_600_000_000_000]);
  expect(readdirSync(temp.path)).toHaveLength(300);
});

test('one that grew or shrank shows it, and what is no file is refused without harm to others', async () => {
  writeFileSync(at('a'), 'twelve bytes');
  mkdirSync(at('folder'));
  const results = await Promise.allSettled([small.read(at('a'), 5), small.read(at('a'), 50), small.read(at('folder'), 0), small.read(at('none'), 0)]);
  expect(results.map((result) => (result.status === 'fulfilled' ? result.value.length : result.reason.code))).toEqual([
    6,
    12,
    'conflict',
    'not-found',
  ]);
});

test('nothing is written over or through a link', async () => {
  writeFileSync(at('there'), 'old');
  symlinkSync('there', at('.new.part'));
  await expect(write('there', Buffer.from('new'))).rejects.toMatchObject({ code: 'conflict' });
  expect(readFileSync(at('there'), 'utf8')).toBe('old');
  await write('new', Buffer.from('content'));
  expect(readFileSync(at('there'), 'utf8')).toBe('old');
  expect(lstatSync(at('new')).isFile()).toBe(true);
  expect(readdirSync(temp.path).sort()).toEqual(['new', 'there']);
});

test('a folder that may not be written to says so', async () => {
  // The modes of a folder do not hold for root; nobody makes files in /sys.
  const isRoot = process.getuid?.() === 0;
  const folder = isRoot ? '/sys' : temp.path;
  if (!isRoot) chmodSync(folder, 0o500);
  const target = { part: join(folder, '.x.part'), bytes: Buffer.allocUnsafeSlow(1), mode: 0o640, modified: 0 };
  await expect(small.write(join(folder, 'x'), target)).rejects.toMatchObject({ code: 'access-denied' });
  if (!isRoot) chmodSync(folder, 0o700);
});

test('the end leaves whole files or none, and all who wait know it', async () => {
  const writes = Array.from({ length: 500 }, (_, index) => write(String(index), bytes('x', 2000)));
  await new Promise((resolve) => setImmediate(resolve));
  const [results] = await Promise.all([Promise.allSettled(writes), small.close()]);
  for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'closed' });
  const found = readdirSync(temp.path);
  expect(found.filter((name) => name.endsWith('.part'))).toEqual([]);
  for (const name of found) expect(statSync(at(name)).size).toBe(2000);
});
