import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isAlive, systemCode } from './system-calls.ts';

function caughtFrom(action: () => unknown): unknown {
  try {
    return action();
  } catch (caught) {
    return caught;
  }
}

test('tells the code of a failed system call', () => {
  expect(systemCode(caughtFrom(() => readFileSync('/no/such/file')))).toBe('ENOENT');
});

test.each([
  ['an error without a code', new Error('no')],
  ['a code that is a number', Object.assign(new Error('no'), { code: 14 })],
  ['null', null],
  ['a text', 'ENOENT'],
])('tells no code of %s', (_what, caught) => {
  expect(systemCode(caught)).toBeUndefined();
});

test('knows its own process to be alive, and no process of an impossible id', () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(isAlive(2 ** 30)).toBe(false);
});
