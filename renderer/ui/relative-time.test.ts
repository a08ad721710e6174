import { expect, test } from 'vitest';
import { untilText } from './relative-time.ts';

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
