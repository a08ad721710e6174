import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { SharedPool } from './shared-pool.ts';

interface Opening {
  target: string;
  signal: AbortSignal;
  retire(): void;
  resolve(value: string): void;
  reject(error: Error): void;
}

let openings: Opening[];
let closed: string[];
let unusable: string[];
let pool: SharedPool<string, string>;

beforeEach(() => {
  vi.useFakeTimers();
  openings = [];
  closed = [];
  unusable = [];
  pool = new SharedPool<string, string>({
    open: (_key, target, signal, retire) => new Promise((resolve, reject) => openings.push({ target, signal, retire, resolve, reject })),
    close: (value) => closed.push(value),
    keepMs: 1000,
    isUsable: (value) => !unusable.includes(value),
  });
});
afterEach(() => vi.useRealTimers());

/** A lease whose value is opened at once. */
async function opened(key: string, value: string) {
  const lease = pool.lease(key, key);
  openings.at(-1)!.resolve(value);
  return lease;
}

test('all who ask at the same time share one opening, and others have their own', async () => {
  const first = pool.lease('a', 'target of a');
  const second = pool.lease('a', 'target of a');
  const other = pool.lease('b', 'target of b');
  expect(openings.map(({ target }) => target)).toEqual(['target of a', 'target of b']);
  openings[0]!.resolve('A');
  openings[1]!.resolve('B');
  expect([(await first).value, (await second).value, (await other).value]).toEqual(['A', 'A', 'B']);
});

test('a value that is kept without end stays until it is retired', async () => {
  const options = { open: async () => 'A', close: (value: string) => closed.push(value), keepMs: Number.POSITIVE_INFINITY };
  const lasting = new SharedPool<string, string>(options);
  (await lasting.lease('a', 'a')).release();
  vi.advanceTimersByTime(365 * 24 * 60 * 60_000);
  expect(closed).toEqual([]);
  lasting.retireWhere(() => true);
  expect(closed).toEqual(['A']);
});

test('a value is kept for a while after its last lease, then closed', async () => {
  const first = await opened('a', 'A');
  const second = await pool.lease('a', 'a');
  first.release();
  first.release();
  vi.advanceTimersByTime(5000);
  expect(closed).toEqual([]);
  second.release();
  vi.advanceTimersByTime(999);
  const third = await pool.lease('a', 'a');
  vi.advanceTimersByTime(5000);
  expect(openings).toHaveLength(1);
  third.release();
  vi.advanceTimersByTime(1000);
  expect(closed).toEqual(['A']);
});

test('a retired value goes on for its leases, is given to nobody else, and closes with the last', async () => {
  const old = await opened('a', 'old');
  const alsoOld = await pool.lease('a', 'a');
  old.retire();
  const fresh = await opened('a', 'new');
  expect(fresh.value).toBe('new');
  old.release();
  expect(closed).toEqual([]);
  alsoOld.release();
  expect(closed).toEqual(['old']);
  fresh.release();
  expect(closed).toEqual(['old']);
});

test('what opens may retire it, while it opens and afterwards', async () => {
  const early = pool.lease('a', 'a');
  openings[0]!.retire();
  openings[0]!.resolve('early');
  (await early).release();
  expect(closed).toEqual(['early']);
  const late = await opened('a', 'late');
  late.release();
  openings[1]!.retire();
  expect(closed).toEqual(['early', 'late']);
});

test('a value that is not usable any more is opened anew', async () => {
  const first = await opened('a', 'A');
  unusable.push('A');
  expect((await opened('a', 'B')).value).toBe('B');
  first.release();
  expect(closed).toEqual(['A']);
});

test('a failed opening rejects for all, and the next lease tries again', async () => {
  const waiting = [pool.lease('a', 'a'), pool.lease('a', 'a')];
  openings[0]!.reject(new Error('refused'));
  for (const lease of waiting) await expect(lease).rejects.toThrow('refused');
  expect((await opened('a', 'A')).value).toBe('A');
});

test('an opening goes on while somebody waits, and is given up with the last', async () => {
  const [one, two] = [new AbortController(), new AbortController()];
  const [first, second] = [pool.lease('a', 'a', one.signal), pool.lease('a', 'a', two.signal)];
  one.abort();
  await expect(first).rejects.toMatchObject({ code: 'cancelled' });
  expect(openings[0]!.signal.aborted).toBe(false);
  two.abort(new AppError('closed', 'The tab was closed.'));
  await expect(second).rejects.toMatchObject({ code: 'closed' });
  expect(openings[0]!.signal.aborted).toBe(true);
  openings[0]!.resolve('too late');
  await vi.waitFor(() => expect(closed).toEqual(['too late']));
  expect((await opened('a', 'A')).value).toBe('A');
});

test('values are retired or closed by their keys', async () => {
  const [a, b, c] = [await opened('x 1', 'A'), await opened('x 2', 'B'), await opened('y', 'C')];
  pool.retireWhere((key) => key === 'x 1');
  pool.closeWhere((key) => key.startsWith('x'));
  expect(closed).toEqual(['B']);
  for (const lease of [a, b, c]) lease.release();
  expect(closed).toEqual(['B', 'A']);
  vi.advanceTimersByTime(1000);
  expect(closed).toEqual(['B', 'A', 'C']);
});

test('closing ends everything, also what is being opened, and refuses later leases', async () => {
  await opened('a', 'A');
  const waiting = pool.lease('b', 'b');
  pool.close();
  expect(closed).toEqual(['A']);
  expect(openings[1]!.signal.aborted).toBe(true);
  openings[1]!.resolve('B');
  await waiting;
  expect(closed).toEqual(['A', 'B']);
  await expect(pool.lease('a', 'a')).rejects.toMatchObject({ code: 'closed' });
});
