import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TransferRow, TransferState } from '../../../../shared/model/files.ts';
import { BatchTotals } from './batch-totals.ts';

const row = (id: string, state: TransferState, done: number, total: number | null, speed: number | null = null) =>
  ({ id, state, bytes: { done, total }, speed }) as TransferRow;

test('three files of one size, one after the other, are a third of the way each', () => {
  const totals = new BatchTotals();
  const seen = [
    totals.over([row('a', 'running', 0, 100), row('b', 'queued', 0, null), row('c', 'queued', 0, null)]),
    totals.over([row('a', 'running', 100, 100), row('b', 'queued', 0, null), row('c', 'queued', 0, null)]),
    totals.over([row('a', 'done', 100, 100), row('b', 'counting', 0, 70), row('c', 'queued', 0, null)]),
    totals.over([row('a', 'done', 100, 100), row('b', 'running', 100, 100), row('c', 'queued', 0, null)]),
    totals.over([row('a', 'done', 100, 100), row('b', 'done', 100, 100), row('c', 'running', 50, 100, 25)]),
  ];
  expect(seen.map(({ progress }) => Math.round(progress! * 600))).toEqual([0, 200, 200, 400, 500]);
  expect(seen.at(-1)).toMatchObject({ active: 1, queued: 0, bytesDone: 250, bytesTotal: 300, speed: 25, secondsLeft: 2 });
});

test('when the queue was idle, the next batch starts at nothing', () => {
  const totals = new BatchTotals();
  totals.over([row('a', 'running', 90, 100)]);
  expect(totals.over([row('a', 'done', 100, 100)])).toMatchObject({ active: 0, bytesDone: 0, bytesTotal: 0, progress: null });
  expect(totals.over([row('a', 'done', 100, 100), row('b', 'running', 10, 100)])).toMatchObject({ bytesDone: 10, bytesTotal: 100, progress: 0.1 });
});

test('a transfer that is cancelled half way or taken off the list leaves what it did, and asks for no more', () => {
  const totals = new BatchTotals();
  totals.over([row('a', 'running', 50, 100), row('b', 'running', 50, 100)]);
  expect(totals.over([row('a', 'cancelled', 50, 100), row('b', 'running', 50, 100)])).toMatchObject({
    bytesDone: 100,
    bytesTotal: 150,
    progress: 0.5,
  });
  expect(totals.over([row('b', 'running', 75, 100)])).toMatchObject({ bytesDone: 125, bytesTotal: 150, progress: 0.75 });
});

test('the bar never runs backwards, whatever comes, goes, ends or starts over', () => {
  const states: TransferState[] = ['queued', 'counting', 'running', 'asking', 'waiting', 'paused', 'done', 'failed', 'cancelled'];
  const rows = fc.uniqueArray(
    fc
      .record({ id: fc.constantFrom('a', 'b', 'c', 'd'), state: fc.constantFrom(...states), total: fc.option(fc.nat(1000)), share: fc.nat(100) })
      .map(({ id, state, total, share }) => row(id, state, total === null ? 0 : Math.floor((total * share) / 100), total)),
    { selector: ({ id }) => id },
  );
  fc.assert(
    fc.property(fc.array(rows, { maxLength: 30 }), (steps) => {
      const totals = new BatchTotals();
      let last = 0;
      for (const step of steps) {
        const { active, queued, progress } = totals.over(step);
        if (active + queued === 0) last = 0;
        if (progress === null) continue;
        expect(progress).toBeGreaterThanOrEqual(last);
        expect(progress).toBeLessThanOrEqual(1);
        last = progress;
      }
    }),
    { numRuns: 1000 },
  );
});
