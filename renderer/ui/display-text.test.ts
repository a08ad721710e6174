import fc from 'fast-check';
import { expect, test } from 'vitest';
import { displayText } from './display-text.ts';

test('marks that turn or hide text are made visible', () => {
  expect(displayText('\u202egnp.exe')).toBe('�gnp.exe');
  expect(displayText('a\u0000b\nc\u200bd\u2066e')).toBe('a�b�c�d�e');
});

test('text of any script, and joined emoji, stay as they are', () => {
  for (const text of ['שרת-ייצור', 'خادم', '服务器', '👩‍💻', 'naïve']) expect(displayText(text)).toBe(text);
});

test('it is never longer than allowed and never cuts a character in half', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.integer({ min: 1, max: 300 }), (text, most) => {
      const shown = displayText(text, most);
      expect(shown.length).toBeLessThanOrEqual(Math.max(most, 1));
      expect(() => encodeURIComponent(shown)).not.toThrow();
    }),
  );
});
