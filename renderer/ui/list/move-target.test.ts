import { expect, test } from 'vitest';
import { moveTarget } from './move-target.ts';

const inTheMiddle = { active: 50, count: 100, page: 20 };

test.each([
  ['ArrowDown', 51],
  ['ArrowUp', 49],
  ['PageDown', 70],
  ['PageUp', 30],
  ['Home', 0],
  ['End', 99],
  ['x', null],
  ['toString', null],
])('%s moves from row 50 to %s', (key, target) => {
  expect(moveTarget(key, inTheMiddle)).toBe(target);
});

test('no key leaves the list', () => {
  expect(moveTarget('PageDown', { ...inTheMiddle, active: 95 })).toBe(99);
  expect(moveTarget('PageUp', { ...inTheMiddle, active: 5 })).toBe(0);
  expect(moveTarget('ArrowDown', { ...inTheMiddle, active: 99 })).toBe(99);
});

test('the first arrow goes to the first row', () => {
  expect(moveTarget('ArrowDown', { ...inTheMiddle, active: -1 })).toBe(0);
  expect(moveTarget('ArrowUp', { ...inTheMiddle, active: -1 })).toBe(0);
});

test('a list without rows has nowhere to go', () => {
  expect(moveTarget('End', { active: -1, count: 0, page: 20 })).toBeNull();
});
