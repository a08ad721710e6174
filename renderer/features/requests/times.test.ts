import { expect, test } from 'vitest';
import { chosen, durationChoices, lifetimeChoices, startChoices } from './times.ts';

const hour = 3_600_000;
const labels = (choices: readonly { label: string }[]) => choices.map(({ label }) => label);

test('lengths of access end below what the server grants', () => {
  expect(labels(durationChoices(4 * hour))).toEqual(['4 h (maximum)', '1 h', '2 h', '3 h']);
  expect(labels(durationChoices(null)).slice(0, 2)).toEqual(['Maximum', '1 h']);
  expect(labels(durationChoices(null)).at(-1)).toBe('14 days');
});

test('lifetimes end below the usual one', () => {
  expect(labels(lifetimeChoices(12 * hour))).toEqual(['12 h (default)', '1 h', '4 h']);
  expect(labels(lifetimeChoices(null))[0]).toBe('Default');
});

test('starts are full hours, from the next one to a week ahead', () => {
  const now = new Date(2026, 0, 5, 10, 20).getTime();
  const starts = startChoices(now, null);
  expect(new Date(Number(starts[0]?.value))).toEqual(new Date(2026, 0, 5, 11));
  expect(new Date(Number(starts.at(-1)?.value))).toEqual(new Date(2026, 0, 12, 10));
  expect(starts).toHaveLength(7 * 24);
});

test('a start leaves an hour of access', () => {
  const now = new Date(2026, 0, 5, 10, 20).getTime();
  expect(startChoices(now, now + 4 * hour)).toHaveLength(3);
  expect(startChoices(now, now + hour)).toEqual([]);
});

test('the first choice of a list means none', () => {
  expect(chosen('')).toBeNull();
  expect(chosen(null)).toBeNull();
  expect(chosen('3600000')).toBe(hour);
});
