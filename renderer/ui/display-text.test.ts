import fc from 'fast-check';
import { expect, test } from 'vitest';
import { displayText } from './display-text.ts';

test('marks that turn or hide text are made visible', () => {
  expect(displayText('\u202egnp.exe')).toBe('�gnp.exe');
  expect(displayText('\u061ca\u00adb\u{e0041}c\u3164d\u180ee')).toBe('�a�b�c�d�e');
  expect(displayText('a\u0000b\nc\u200bd\u2066e')).toBe('a�b�c�d�e');
});

test('text of any script, and joined emoji, stay as they are', () => {
  for (const text of ['שרת-ייצור', 'خادم', '服务器', '👩‍💻', '🏳️‍🌈', 'نامه‌ای', 'naïve']) expect(displayText(text)).toBe(text);
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

test('nothing invisible is left but the joiners', () => {
  const code = fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xe0000, max: 0xe00ff }));
  fc.assert(
    fc.property(fc.string({ unit: code.map((point) => String.fromCodePoint(point)) }), (text) => {
      // biome-ignore lint/suspicious/noMisleadingCharacterClass: single characters are meant
      const drawn = /[\u200c\u200d\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2]/g;
      expect(displayText(text).replaceAll(drawn, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }),
  );
});
