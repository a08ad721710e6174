import { expect, test } from 'vitest';
import { isHeld, leaveText, leaveTitle } from './leave-words.ts';

const nothing = { terminals: 0, connections: 0, unsaved: 0 };

test('one shell and four open local connections are both named', () => {
  const ends = { ...nothing, terminals: 1, connections: 4 };
  expect(leaveTitle(ends)).toBe('A session is still running');
  expect(leaveText(ends)).toBe('Closing Slipway ends the program that runs in a session and 4 local connections.');
});

test.each([
  [{ ...nothing, connections: 1 }, 'A local connection is open', 'Closing Slipway ends one local connection.'],
  [{ ...nothing, terminals: 2 }, '2 sessions are still running', 'Closing Slipway ends the programs that run in 2 sessions.'],
])('%j', (ends, title, text) => {
  expect([leaveTitle(ends), leaveText(ends)]).toEqual([title, text]);
});

test('nothing that ends lets the window go', () => {
  expect(isHeld(nothing)).toBe(false);
  expect(isHeld({ ...nothing, connections: 1 })).toBe(true);
});
