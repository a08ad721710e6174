import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { dueBytes, quietMs, ScreenClock, slowMs } from './screen-clock.ts';

const take = vi.fn();
let clock: ScreenClock;
beforeEach(() => {
  vi.useFakeTimers();
  take.mockClear();
  clock = new ScreenClock(take, () => Date.now());
});
afterEach(() => vi.useRealTimers());

test('little output needs no picture', () => {
  for (let round = 0; round < 50; round++) {
    clock.parsed(1000);
    vi.advanceTimersByTime(60_000);
  }
  expect(take).not.toHaveBeenCalled();
});

test('after much output one is taken when it pauses, not before', () => {
  for (let round = 0; round < 100; round++) {
    clock.parsed(dueBytes);
    vi.advanceTimersByTime(quietMs - 1);
  }
  expect(take).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(take).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(60_000);
  expect(take).toHaveBeenCalledTimes(1);
});

test('output that never pauses and is slow has one each time it is due', () => {
  const step = quietMs / 2;
  const bytes = Math.ceil((dueBytes / slowMs) * step) - 1;
  for (let time = 0; time < 4 * slowMs; time += step) {
    clock.parsed(bytes);
    vi.advanceTimersByTime(step);
  }
  expect(take).toHaveBeenCalledTimes(3);
});

test('a screen that is another one’s is not taken', () => {
  clock.parsed(dueBytes);
  clock.stop();
  vi.advanceTimersByTime(60_000);
  expect(take).not.toHaveBeenCalled();
});
