import { expect, it } from 'vitest';
import { checkReason } from './reason.ts';

it('keeps text and line ends, drops what is none, counts bytes', () => {
  expect(checkReason(' a\r\nb\u0000\u001b[31m\tc ')).toBe('a\nb[31m\tc');
  expect(checkReason('é'.repeat(2048))).toHaveLength(2048);
  expect(() => checkReason('é'.repeat(2049))).toThrow(/4098 bytes.*4096/);
});
