import { expect, test } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { forEachAtOnce, runWorkers } from './run-workers.ts';

const never = new AbortController().signal;

test('workers share the work until nothing is left', async () => {
  const left = [1, 2, 3, 4, 5];
  const by: number[] = [];
  await runWorkers(2, never, async (worker) => {
    if (left.shift() === undefined) return false;
    by.push(worker);
    return true;
  });
  expect(left).toEqual([]);
  expect(new Set(by)).toEqual(new Set([0, 1]));
});

test('the first failure ends all of it, and no worker takes another piece', async () => {
  let taken = 0;
  let goOn = () => {};
  const slow = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const all = runWorkers(2, never, async (worker) => {
    taken++;
    if (worker === 1) throw new Error('broken');
    await slow;
    return true;
  });
  await expect(all).rejects.toThrow('broken');
  goOn();
  await slow;
  expect(taken).toBe(2);
});

test('an abort ends it with its own reason, before it began too', async () => {
  const ending = new AbortController();
  const reason = new AppError('cancelled', 'The transfer was paused.');
  const waiting = runWorkers(1, ending.signal, () => new Promise(() => {}));
  ending.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await expect(runWorkers(1, ending.signal, async () => false)).rejects.toBe(reason);
});

test('every value of a list is taken once, so many at a time', async () => {
  const seen: number[] = [];
  let atOnce = 0;
  let most = 0;
  await forEachAtOnce(2, [1, 2, 3, 4], never, async (value) => {
    most = Math.max(most, ++atOnce);
    await Promise.resolve();
    seen.push(value);
    atOnce--;
  });
  expect(seen.sort()).toEqual([1, 2, 3, 4]);
  expect(most).toBe(2);
});
