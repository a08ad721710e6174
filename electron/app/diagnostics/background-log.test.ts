import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { BackgroundLog } from './background-log.ts';
import { openLog } from './log.ts';
import { LogNames } from './log-names.ts';

let folder: string;
let now: number;
let background: BackgroundLog;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-background-'));
  now = 1_000_000;
  background = new BackgroundLog(openLog({ folder, name: 'main', names: new LogNames() }), () => now);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const work = { what: 'to follow the access requests', cluster: 'ann@root.test:443' };
const denied = () =>
  new AppError('access-denied', 'The cluster refused this.', {
    cause: Object.assign(new Error('7 PERMISSION_DENIED: x'), { details: 'access denied to perform action "read" on "access_request"' }),
  });
const lines = () =>
  readFileSync(join(folder, 'main.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>);

test('one line for a cause however often it repeats, one for another cause, one when it works again', () => {
  for (let index = 0; index < 100; index++, now += 4000) background.failed(work, denied());
  for (let index = 0; index < 3; index++) background.failed(work, new AppError('unreachable', `Nothing answers at root.test:${3000 + index}.`));
  background.worked(work);
  background.worked(work);
  expect(lines().map(({ level, cluster, what, code }) => [level, cluster, what, code])).toEqual([
    ['warn', work.cluster, work.what, 'access-denied'],
    ['warn', work.cluster, work.what, 'unreachable'],
    ['info', work.cluster, work.what, undefined],
  ]);
  expect(lines()[0]!.words).toContain('access denied to perform action "read" on "access_request"');
});

test('what comes back after it was mended is noted again, but not what flaps', () => {
  for (let index = 0; index < 10; index++, now += 1000) {
    background.failed(work, denied());
    background.worked(work);
  }
  expect(lines()).toHaveLength(2);
  now += 60_000;
  background.failed(work, denied());
  expect(lines()).toHaveLength(3);
  expect(background.topic.get()[0]).toMatchObject({ failures: 11, isFailing: true });
});

test('the counts stand beside the last time and words, without secrets; the latest first', () => {
  background.failed({ what: 'to send', cluster: '' }, new Error('Bearer abcdefghijklmnop refused'));
  now += 5;
  background.failed(work, denied());
  now += 5;
  background.failed(work, denied());
  const [first, second] = background.topic.get();
  expect(first).toEqual({ ...work, words: expect.stringContaining('refused'), failures: 2, first: 1_000_005, last: 1_000_010, isFailing: true });
  expect(second).toMatchObject({ what: 'to send', failures: 1 });
  expect(JSON.stringify([background.topic.get(), lines()])).not.toContain('abcdefghijklmnop');
  background.worked(work);
  expect(background.topic.get()[0]).toMatchObject({ failures: 2, isFailing: false });
});

test('what Slipway itself ended is no failure, and no number of failures fills the memory', () => {
  background.failed(work, new AppError('closed', 'Slipway is closing.'));
  background.failed(work, new DOMException('x', 'AbortError'));
  expect(background.topic.get()).toEqual([]);
  for (let index = 0; index < 250; index++) background.failed({ what: `thing ${index}`, cluster: '' }, denied());
  expect(background.topic.get().length).toBeLessThanOrEqual(200);
});
