import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pulse } from './pulse.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  const asked = vi.fn();
  const told: boolean[] = [];
  const pulse = new Pulse(asked);
  pulse.onChange((isStalled) => told.push(isStalled));
  return { asked, told, pulse };
}

test('three seconds without a byte are a stall, the first byte is its end', () => {
  const { asked, told, pulse } = setUp();
  pulse.sent();
  vi.advanceTimersByTime(999);
  expect(asked).not.toHaveBeenCalled();
  pulse.sent();
  vi.advanceTimersByTime(2000);
  expect([asked.mock.calls.length, told]).toEqual([1, []]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([true]);
  const late: boolean[] = [];
  pulse.onChange((isStalled) => late.push(isStalled));
  expect(late).toEqual([true]);
  pulse.sent();
  vi.advanceTimersByTime(10_000);
  expect(asked).toHaveBeenCalledOnce();
  pulse.heard();
  expect(told).toEqual([true, false]);
});

test('a server that does not echo, but answers the question, is there', () => {
  const { asked, told, pulse } = setUp();
  pulse.sent();
  vi.advanceTimersByTime(1000);
  pulse.heard();
  vi.advanceTimersByTime(60_000);
  expect([asked.mock.calls.length, told]).toEqual([1, []]);
});

test('nothing is asked while nothing is sent, nor after the end', () => {
  const { asked, told, pulse } = setUp();
  vi.advanceTimersByTime(60_000);
  pulse.sent();
  pulse.stop();
  vi.advanceTimersByTime(60_000);
  expect([asked.mock.calls.length, told]).toEqual([0, []]);
});
