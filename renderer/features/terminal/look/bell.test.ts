import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeBell } from './bell.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a flood of bells is two flashes a second', () => {
  const flashes: boolean[] = [];
  const bell = makeBell((on) => flashes.push(on));
  for (let i = 0; i < 1000; i++) {
    bell.ring();
    vi.advanceTimersByTime(1);
  }
  expect(flashes.filter((on) => on)).toHaveLength(2);
  vi.advanceTimersByTime(1000);
  expect(flashes.at(-1)).toBe(false);
  bell.stop();
});
