import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { deadline, orAborted, settledWithin, within } from './deadline.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const never = new Promise<never>(() => {});
const late = () => new AppError('timeout', 'Too late.');

test('an aborted wait ends with the reason of the abort, or as cancelled', async () => {
  const [plain, reasoned] = [new AbortController(), new AbortController()];
  const waits = [orAborted(never, plain.signal), orAborted(never, reasoned.signal)];
  plain.abort();
  reasoned.abort(new AppError('closed', 'The tab was closed.'));
  await expect(waits[0]).rejects.toMatchObject({ code: 'cancelled' });
  await expect(waits[1]).rejects.toMatchObject({ code: 'closed' });
  await expect(orAborted(Promise.reject(new Error('unheard')), plain.signal)).rejects.toMatchObject({ code: 'cancelled' });
  await expect(orAborted(Promise.resolve(1), new AbortController().signal)).resolves.toBe(1);
});

test('what comes in time counts, and no timer is left', async () => {
  await expect(within(Promise.resolve(1), 1000, late)).resolves.toBe(1);
  await expect(within(Promise.reject(new Error('own')), 1000, late)).rejects.toThrow('own');
  await settledWithin(Promise.resolve(), 1000);
  deadline(undefined, 1000, late).done();
  expect(vi.getTimerCount()).toBe(0);
});

test('what does not come in time is late', async () => {
  const waits = [within(never, 1000, late), settledWithin(never, 1000)] as const;
  const { signal } = deadline(undefined, 1000, late);
  vi.advanceTimersByTime(999);
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  await expect(waits[0]).rejects.toMatchObject({ code: 'timeout' });
  await waits[1];
  expect(signal.reason).toMatchObject({ code: 'timeout' });
});

test('a deadline passes on the abort of its signal', () => {
  const caller = new AbortController();
  const { signal, done } = deadline(caller.signal, 1000, late);
  caller.abort(new AppError('closed', 'The tab was closed.'));
  expect(signal.reason).toMatchObject({ code: 'closed' });
  done();
});
