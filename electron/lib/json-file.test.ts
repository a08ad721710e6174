import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JsonFile, type JsonObject } from './json-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-json-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Note {
  text: string;
}

const check = (content: JsonObject): Note => {
  if (typeof content.text !== 'string') throw new Error('it has no text');
  return { text: content.text };
};
const make = (name = 'note.json', maxBytes = 10_000) =>
  new JsonFile<Note>({ path: join(folder, name), version: 1, check, fallback: () => ({ text: 'none' }), maxBytes });

test('what is written is read, from a file only this user can read, in a folder made for it', async () => {
  const file = make('deep/er/note.json');
  expect(file.read()).toEqual({ value: { text: 'none' }, source: 'none', problem: null });
  await file.write({ text: 'hello' });
  expect(make('deep/er/note.json').read()).toEqual({ value: { text: 'hello' }, source: 'file', problem: null });
  expect(statSync(join(folder, 'deep/er/note.json')).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'deep')).mode & 0o777).toBe(0o700);
  expect(readdirSync(join(folder, 'deep/er')).sort()).toEqual(['note.json', 'note.json.bak']);
});

test('writes keep their order, and values that were overtaken are skipped', async () => {
  const file = make();
  await Promise.all(Array.from({ length: 50 }, (_, index) => file.write({ text: `${index}` })));
  expect(make().read().value).toEqual({ text: '49' });
});

test('a file cut off anywhere gives the last good copy, and the damaged one is kept when saving', async () => {
  await make().write({ text: 'kept safe' });
  const path = join(folder, 'note.json');
  const whole = readFileSync(path);
  for (let length = 0; length < whole.length - 2; length++) {
    writeFileSync(path, whole.subarray(0, length));
    const reading = make().read();
    expect(reading).toMatchObject({ value: { text: 'kept safe' }, source: 'backup' });
    expect(reading.problem).toMatch(/note\.json could not be read .*last good copy is used/);
  }
  writeFileSync(path, whole.subarray(0, 7));
  const file = make();
  file.read();
  await file.write({ text: 'next' });
  expect(readFileSync(join(folder, 'note.broken.json'))).toEqual(whole.subarray(0, 7));
  expect(make().read()).toMatchObject({ value: { text: 'next' }, source: 'file' });
});

test('any bytes at all in both files are survived', () => {
  fc.assert(
    fc.property(
      fc.uint8Array(),
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (spoilt, alsoSpoilt) => {
        writeFileSync(join(folder, 'note.json'), spoilt);
        writeFileSync(join(folder, 'note.json.bak'), alsoSpoilt);
        const reading = make().read();
        expect(typeof reading.value.text).toBe('string');
        if (reading.source !== 'file') expect(reading.problem).not.toBeNull();
      },
    ),
  );
});

test('a missing file with a last good copy, a folder in its place, and one that is too large are told', () => {
  writeFileSync(join(folder, 'note.json.bak'), '{"text":"copy"}');
  expect(make().read()).toMatchObject({ value: { text: 'copy' }, problem: expect.stringContaining('was missing') });
  mkdirSync(join(folder, 'note.json'));
  expect(make().read()).toMatchObject({ value: { text: 'copy' }, problem: expect.stringContaining('not a plain file') });
  writeFileSync(join(folder, 'large.json'), JSON.stringify({ text: 'x'.repeat(20_000) }));
  expect(make('large.json').read()).toMatchObject({ value: { text: 'none' }, problem: expect.stringContaining('larger than') });
});

test('a file of a newer version is kept aside before it is replaced', async () => {
  const newer = '{"version":7,"text":"from the future","more":[1]}';
  writeFileSync(join(folder, 'note.json'), newer);
  const file = make();
  expect(file.read()).toMatchObject({ value: { text: 'from the future' }, problem: expect.stringContaining('newer Slipway') });
  expect(file.fileVersion).toBe(7);
  await file.write({ text: 'today' });
  expect(readFileSync(join(folder, 'note.v7.json'), 'utf8')).toBe(newer);
  expect(JSON.parse(readFileSync(join(folder, 'note.json'), 'utf8'))).toEqual({ version: 1, text: 'today' });
});

test('a disk that refuses is an error for people, and leaves no rest behind', async () => {
  writeFileSync(join(folder, 'plain'), '');
  const file = make('plain/note.json');
  await expect(file.write({ text: 'x' })).rejects.toMatchObject({ code: 'disk', message: expect.stringContaining('could not be saved') });
  await file.settled();
  expect(readdirSync(folder)).toEqual(['plain']);
});
