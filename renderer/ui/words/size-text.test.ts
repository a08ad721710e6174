import { expect, test } from 'vitest';
import { sizeText } from './size-text.ts';

test.each([
  [0, '0 B'],
  [-1, '0 B'],
  [Number.NaN, '0 B'],
  [999, '999 B'],
  [1000, '1.00 kB'],
  [1024, '1.02 kB'],
  [9_999, '10.0 kB'],
  [34_500_000, '34.5 MB'],
  [99_960, '100 kB'],
  [999_499, '999 kB'],
  [999_500, '1.00 MB'],
  [2 ** 20, '1.05 MB'],
  [1e18, '1000 PB'],
])('%d bytes are %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
