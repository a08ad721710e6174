import { expect, test } from 'vitest';
import type { TransferRow, Transfers } from './files.ts';
import { TransferEnds, type TransferNotice, transferNotice } from './transfer-ends.ts';

const row = (id: string, change: Partial<TransferRow> = {}): TransferRow => ({
  id,
  direction: 'upload',
  target: { cluster: 'c', leaf: '', node: 'n', hostname: 'api-1', login: 'root' },
  name: `file-${id}`,
  sources: 1,
  from: '/home/ada',
  folder: '/srv',
  state: 'running',
  items: { done: 0, total: 1 },
  bytes: { done: 0, total: 1 },
  speed: null,
  secondsLeft: null,
  current: '',
  question: null,
  skipped: 0,
  failures: 0,
  problems: [],
  notes: [],
  error: null,
  retryAt: null,
  createdAt: 0,
  startedAt: 1000,
  finishedAt: null,
  ...change,
});
const queue = (...rows: TransferRow[]): Transfers => ({
  rows: Object.fromEntries(rows.map((each) => [each.id, each])),
  order: rows.map(({ id }) => id),
  totals: {
    active: rows.filter(({ state }) => state === 'running').length,
    queued: 0,
    bytesDone: 0,
    bytesTotal: 0,
    speed: 0,
    secondsLeft: null,
    progress: null,
  },
  perHost: 2,
  problem: null,
});
const done = (id: string, seconds: number, change: Partial<TransferRow> = {}) =>
  row(id, { state: 'done', finishedAt: 1000 + seconds * 1000, ...change });

function follow({ isWatched = true } = {}) {
  const told: TransferNotice[] = [];
  const clock = { now: 100_000 };
  const ends = new TransferEnds({ isWatched: () => isWatched, tell: (notice) => told.push(notice), now: () => clock.now });
  return { ends, told, clock };
}

test('a long one is told of, once; short ones only while nobody looks', () => {
  const watched = follow();
  watched.ends.update(queue(row('1'), row('2')));
  watched.ends.update(queue(done('1', 31), done('2', 29)));
  watched.ends.update(queue(done('1', 31), done('2', 29)));
  expect(watched.told).toEqual([{ title: 'Upload done', body: 'file-1 is in /srv on root@api-1' }]);
  const away = follow({ isWatched: false });
  away.ends.update(queue(row('2', { direction: 'download' })));
  away.ends.update(queue(done('2', 1, { direction: 'download' })));
  expect(away.told).toEqual([{ title: 'Download done', body: 'file-2 from root@api-1 is in /srv' }]);
});

test('what was finished at the start, and what somebody cancelled, is no news', () => {
  const { ends, told } = follow({ isWatched: false });
  ends.update(queue(done('1', 99), row('2')));
  ends.update(queue(done('1', 99), row('2', { state: 'cancelled', finishedAt: 90_000 })));
  expect(told).toEqual([]);
});

test('many ends in a row are told together while others go on, and all of them when the queue is empty', () => {
  const { ends, told, clock } = follow();
  const others = (from: number) => Array.from({ length: 5 - from }, (_, index) => row(String(from + index)));
  ends.update(queue(...others(0)));
  ends.update(queue(done('0', 40), ...others(1)));
  ends.update(queue(done('0', 40), done('1', 40), ...others(2)));
  ends.update(queue(done('0', 40), done('1', 40), done('2', 40), ...others(3)));
  expect(told).toHaveLength(1);
  clock.now += 10_000;
  ends.update(queue(done('0', 40), done('1', 40), done('2', 40), done('3', 60), row('4')));
  expect(told[1]).toEqual({ title: '3 transfers are done', body: 'file-1, file-2, file-3' });
  ends.update(queue(done('0', 40), done('1', 40), done('2', 40), done('3', 60), done('4', 70)));
  expect(told[2]?.title).toBe('Upload done');
});

test('failures are counted and explained, and names cannot pass for something else', () => {
  const error = { code: 'access-denied' as const, message: 'The server said no.' };
  expect(transferNotice([row('1', { state: 'failed', error })])).toEqual({ title: 'Upload failed', body: 'file-1: The server said no.' });
  expect(transferNotice([done('1', 1, { failures: 2 })]).title).toBe('Upload done, but 2 items failed');
  const many = [row('1', { state: 'failed', error }), ...['2', '3', '4', '5'].map((id) => done(id, 1))];
  expect(transferNotice(many)).toEqual({ title: '1 of 5 transfers failed', body: 'file-1, file-2, file-3 and 2 more' });
  const hostile = transferNotice([done('1', 1, { name: `a\u202egpj.exe\n${'x'.repeat(10_000)}`, sources: 3, folder: '/a\0b' })]);
  expect(hostile.body).toMatch(/^a�gpj\.exe�x+… and 2 more is in \/a�b on root@api-1$/);
  expect(hostile.body.length).toBeLessThan(200);
});
