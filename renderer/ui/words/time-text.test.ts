import { expect, test } from 'vitest';
import { agoText, durationText, exactTimeText, momentText, untilText } from './time-text.ts';

const minute = 60_000;
test.each([
  [-1, 'expired'],
  [0, 'expired'],
  [30_000, 'in less than a minute'],
  [5 * minute, 'in 5 min'],
  [60 * minute, 'in 1 h'],
  [443 * minute, 'in 7 h 23 min'],
  [25 * 60 * minute, 'in 1 day'],
  [50 * 60 * minute, 'in 2 days'],
])('%d ms', (left, text) => expect(untilText(1000 + left, 1000)).toBe(text));

test('a moment is as short as it can be understood, in the words of the locale', () => {
  const now = new Date(2026, 10, 30, 12, 0).getTime();
  const as = (options: Intl.DateTimeFormatOptions, time: Date) => new Intl.DateTimeFormat(undefined, options).format(time);
  const today = new Date(2026, 10, 30, 9, 5);
  const lately = new Date(2026, 9, 2, 17, 30);
  const before = new Date(2024, 0, 7, 17, 30);
  expect(momentText(today.getTime(), now)).toBe(as({ timeStyle: 'short' }, today));
  expect(momentText(lately.getTime(), now)).toBe(as({ month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' }, lately));
  expect(momentText(before.getTime(), now)).toBe(as({ year: 'numeric', month: 'short', day: 'numeric' }, before));
});

test('times that no calendar has are unknown', () => {
  for (const time of [null, Number.NaN, 1e20]) {
    expect(momentText(time, 0)).toBe('');
    expect(exactTimeText(time)).toBe('unknown');
  }
});

test('lengths and what is past are told in their largest units', () => {
  expect([30_000, 45 * minute, 150 * minute, 72 * 60 * minute, 73 * 60 * minute].map(durationText)).toEqual([
    'less than a minute',
    '45 min',
    '2 h 30 min',
    '3 days',
    '3 days 1 h',
  ]);
  expect([0, 5 * minute, 120 * minute, 24 * 60 * minute].map((past) => agoText(0, past))).toEqual(['just now', '5 min ago', '2 h ago', '1 day ago']);
});
