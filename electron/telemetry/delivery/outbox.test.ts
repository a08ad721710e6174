import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import * as files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFile } from '../../lib/replace-file.ts';
import type { StampedEvent } from '../events.ts';
import { exampleEvent, exampleEvents } from '../testing/example-events.ts';
import { maxWaiting, maxWaitingBytes, Outbox } from './outbox.ts';
import type { Files } from './record-file.ts';

let folder: string;
let notes: string[];
let overflowed: StampedEvent[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-outbox-'));
  notes = [];
  overflowed = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = () => join(folder, 'outbox.jsonl');
const make = (own?: Files) =>
  new Outbox({ folder, note: (message) => notes.push(message), onOverflow: (event) => overflowed.push(event), ...(own ? { files: own } : {}) });
const opened = async (own?: Files) => {
  const outbox = make(own);
  await outbox.load();
  return outbox;
};
const ids = (outbox: Outbox) => outbox.waiting.map(({ id }) => id);
const filled = async (count: number) => {
  const outbox = await opened();
  for (const event of exampleEvents(count)) outbox.add(event);
  await outbox.settled();
  return outbox;
};

test('nothing is on disk before the first event, and then only this user can read it', async () => {
  const outbox = await opened();
  await outbox.settled();
  expect(readdirSync(folder)).toEqual([]);
  outbox.add(exampleEvent(1));
  await outbox.settled();
  expect(readdirSync(folder)).toEqual(['outbox.jsonl']);
  expect(statSync(path()).mode & 0o777).toBe(0o600);
});

test('what waits outlives the process, in order; what was settled does not come back', async () => {
  const outbox = await filled(5);
  outbox.settle('2');
  outbox.settle('4');
  await outbox.settled();
  const again = await opened();
  expect(ids(again)).toEqual(['1', '3', '5']);
  expect(again.get('3')).toEqual(exampleEvent(3));
});

test('events that came before the file was read follow the older ones', async () => {
  await filled(2);
  const outbox = make();
  outbox.add(exampleEvent(3));
  await outbox.load();
  expect(ids(outbox)).toEqual(['1', '2', '3']);
  await outbox.settled();
  expect(ids(await opened())).toEqual(['1', '2', '3']);
});

test('a file cut at any byte gives the whole records before the cut, and takes new ones', async () => {
  const outbox = await filled(3);
  outbox.settle('1');
  outbox.add(exampleEvent(4));
  await outbox.settled();
  const whole = readFileSync(path());
  const expected = (length: number) => {
    const lines = whole
      .subarray(0, length)
      .toString()
      .split('\n')
      .map(parsed)
      .filter((record) => record !== null);
    const gone = lines.flatMap((record) => ('gone' in record ? [record.gone] : []));
    return lines.flatMap((record) => ('id' in record && !gone.includes(record.id) ? [record.id] : []));
  };
  for (let length = 0; length <= whole.length; length++) {
    writeFileSync(path(), whole.subarray(0, length));
    const cut = await opened();
    expect(ids(cut)).toEqual(expected(length));
    if (length % 37 !== 0) continue;
    cut.add(exampleEvent(9));
    await cut.settled();
    expect(ids(await opened())).toEqual([...expected(length), '9']);
  }
});

const parsed = (line: string): Record<string, unknown> | null => {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
};

test('any bytes in the file are survived', async () => {
  const line = fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.constant(JSON.stringify(exampleEvent(1))), fc.constant('{"gone":1}'));
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array(),
        fc.array(line).map((lines) => Buffer.from(lines.join('\n'))),
      ),
      async (bytes) => {
        for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
        writeFileSync(path(), bytes);
        const outbox = await opened();
        outbox.add(exampleEvent(7));
        await outbox.settled();
        expect(ids(await opened())).toContain('7');
      },
    ),
    { numRuns: 60 },
  );
});

test('a file of a newer version is kept aside and a new one begun', async () => {
  const newer = `{"version":2}\n${JSON.stringify(exampleEvent(1))}\n`;
  writeFileSync(path(), newer);
  const outbox = await opened();
  expect(outbox.size).toBe(0);
  outbox.add(exampleEvent(2));
  await outbox.settled();
  expect(readFileSync(`${path()}.v2`, 'utf8')).toBe(newer);
  expect(ids(await opened())).toEqual(['2']);
  await outbox.clear();
  expect(readdirSync(folder)).toEqual([]);
});

test('a record with a plain name in it is not taken up', async () => {
  const event = exampleEvent(1);
  writeFileSync(path(), `{"version":1}\n${JSON.stringify({ ...event, fields: { ...event.fields, user_name: 'alice@example.com' } })}\n`);
  expect((await opened()).size).toBe(0);
  expect(notes.join()).toMatch(/no usage event/);
  expect(notes.join()).not.toMatch(/alice/);
});

test(`of more than ${maxWaiting} the oldest go, and are counted over restarts`, async () => {
  const outbox = await filled(maxWaiting + 7);
  expect(outbox.size).toBe(maxWaiting);
  expect(overflowed.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  const again = await opened();
  expect([again.size, again.droppedByLimit, ids(again)[0]]).toEqual([maxWaiting, 7, '8']);
  for (const event of exampleEvents(2000, 5000)) again.add(event);
  await again.settled();
  const last = await opened();
  expect([last.size, last.droppedByLimit]).toEqual([maxWaiting, 2007]);
});

test('of more than 1 MiB the oldest go', async () => {
  const outbox = await opened();
  const large = (id: number): StampedEvent => ({
    id: `${id}`,
    time: 0,
    distinctId: '',
    event: 'user_job_role_update',
    fields: { job_role: 'x'.repeat(100_000) },
  });
  for (let id = 1; id <= 12; id++) outbox.add(large(id));
  expect(JSON.stringify(outbox.waiting).length).toBeLessThanOrEqual(maxWaitingBytes);
  expect(ids(outbox)).toEqual(['3', '4', '5', '6', '7', '8', '9', '10', '11', '12']);
  expect(outbox.droppedByLimit).toBe(2);
});

test('the file is compacted: thousands of events that came and went leave it small', async () => {
  const outbox = await opened();
  for (const event of exampleEvents(5000)) {
    outbox.add(event);
    outbox.settle(event.id);
    if (Number(event.id) % 100 === 0) await outbox.settled();
  }
  await outbox.settled();
  expect(statSync(path()).size).toBeLessThan(600 * 1024);
  expect((await opened()).size).toBe(0);
});

test('a full disk costs nothing while the app runs, and is noted once; with room again everything is written', async () => {
  let full = true;
  const refuse = () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
  const own = {
    ...files,
    replaceFile: (...args: Parameters<typeof replaceFile>) => (full ? refuse() : replaceFile(...args)),
    appendFile: (...args: Parameters<typeof files.appendFile>) => (full ? refuse() : files.appendFile(...args)),
  } as Files;
  full = false;
  const outbox = await opened(own);
  outbox.add(exampleEvent(1));
  await outbox.settled();
  full = true;
  for (const event of exampleEvents(3, 2)) {
    outbox.add(event);
    await outbox.settled();
  }
  expect(outbox.size).toBe(4);
  expect(notes).toEqual([expect.stringMatching(/outbox\.jsonl could not be written: ENOSPC/)]);
  full = false;
  outbox.settle('1');
  await outbox.settled();
  expect(ids(await opened())).toEqual(['2', '3', '4']);
});

test('a disk that takes half a record spoils no other', async () => {
  let half = false;
  const appendFile = async (file: string, text: string) => {
    await files.appendFile(file, half ? text.slice(0, text.length / 2) : text);
    if (half) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  };
  const replace = (...args: Parameters<typeof replaceFile>) => (half ? Promise.reject(new Error('no space')) : replaceFile(...args));
  const outbox = await opened({ ...files, appendFile, replaceFile: replace } as unknown as Files);
  outbox.add(exampleEvent(1));
  await outbox.settled();
  half = true;
  outbox.add(exampleEvent(2));
  await outbox.settled();
  expect(ids(await opened())).toEqual(['1']);
  half = false;
  outbox.add(exampleEvent(3));
  await outbox.settled();
  expect(ids(await opened())).toEqual(['1', '2', '3']);
});

test('a folder in the file’s place is noted and survived', async () => {
  await files.mkdir(path());
  const outbox = await opened();
  outbox.add(exampleEvent(1));
  await outbox.settled();
  expect(outbox.size).toBe(1);
  expect(notes.join()).toMatch(/could not be (read|written)/);
});

test('clearing deletes the file even while it is being written or read', async () => {
  await filled(20);
  const outbox = make();
  const loading = outbox.load();
  outbox.add(exampleEvent(50));
  await outbox.clear();
  await loading;
  await outbox.settled();
  expect(outbox.size).toBe(0);
  expect(existsSync(path())).toBe(false);
  outbox.add(exampleEvent(51));
  await outbox.settled();
  expect(ids(await opened())).toEqual(['51']);
});

test('a file too large to be an outbox is set aside', async () => {
  writeFileSync(path(), Buffer.alloc(17 * 1024 * 1024, 'x'));
  expect((await opened()).size).toBe(0);
  expect(readdirSync(folder)).toEqual(['outbox.jsonl.damaged']);
});
