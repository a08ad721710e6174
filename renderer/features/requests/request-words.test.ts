import { expect, test } from 'vitest';
import { loginsText } from './request-words.ts';

test.each([
  [['{{internal.logins}}'], 'the user’s own logins'],
  [['root', '{{ external.unix }}-x'], 'root, the user’s own logins'],
  [['root', 'ubuntu'], 'root, ubuntu'],
  [[], ''],
])('%j: no template is shown', (logins, text) => {
  expect(loginsText(logins)).toBe(text);
});
