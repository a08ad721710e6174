import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cleanText } from './clean-text.ts';

it('loses what could deceive and keeps what people write', () => {
  expect(cleanText('a\u0000b\u001b[31mc\u202Ed\u2066e\u200Bf\uFEFFg')).toBe('ab[31mcdefg');
  expect(cleanText('line\r\nnext\tcell')).toBe('line  next cell');
  expect(cleanText('line\nnext\u0007', 100, { lines: true })).toBe('line\nnext');
  expect(cleanText('日本 👩‍👩‍👧 שלום é')).toBe('日本 👩‍👩‍👧 שלום é');
  expect(cleanText(5)).toBe('');
});

it('is never longer than allowed and always well formed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 2, max: 50 }), (text, max) => {
      const cleaned = cleanText(text, max);
      expect(cleaned.length).toBeLessThanOrEqual(max);
      expect(cleaned).not.toMatch(/[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u);
    }),
  );
});
