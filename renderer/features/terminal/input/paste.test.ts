import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanPaste, countLines, pasteNeedsConsent } from './paste.ts';

test('a paste cannot end its own bracket or carry controls', () => {
  expect(cleanPaste('echo a\x1b[201~; rm -rf x\n\x03\x9b201~')).toBe('echo a[201~; rm -rf x\n201~');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const clean = cleanPaste(text);
      expect(clean).not.toMatch(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/);
      expect(cleanPaste(clean)).toBe(clean);
    }),
  );
});

test('ordinary text stays as it is', () => {
  const text = 'tab\there, é 漢字 👍🏽\r\nnext';
  expect(cleanPaste(text)).toBe(text);
});

test('lines are asked about only where the shell would run them one by one', () => {
  expect(pasteNeedsConsent('ls', false)).toBe(false);
  expect(pasteNeedsConsent('ls\n', false)).toBe(true);
  expect(pasteNeedsConsent('a\rb', false)).toBe(true);
  expect(pasteNeedsConsent('a\nb', true)).toBe(false);
});

test('lines are counted as a person does', () => {
  expect(countLines('a')).toBe(1);
  expect(countLines('a\n')).toBe(1);
  expect(countLines('a\r\nb\r\n')).toBe(2);
});
