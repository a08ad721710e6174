import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Alarm } from './alarm.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('rings once the clock is there, also after weeks and when set anew', () => {
  const ring = vi.fn();
  const alarm = new Alarm(Date.now, ring);
  alarm.set(Date.now() + 40 * 24 * 3_600_000);
  vi.advanceTimersByTime(39 * 24 * 3_600_000);
  expect(ring).not.toHaveBeenCalled();
  vi.advanceTimersByTime(24 * 3_600_000);
  expect(ring).toHaveBeenCalledTimes(1);
  alarm.set(Date.now() + 1000);
  alarm.set(null);
  vi.advanceTimersByTime(5000);
  expect(ring).toHaveBeenCalledTimes(1);
});
