import { expect, test } from 'vitest';
import { free, own } from './memory.ts';

const canFree = 'transfer' in ArrayBuffer.prototype;

test('what is owned is given back, once; what is not stays', () => {
  const mine = own(new Uint8Array(100).fill(1));
  free(mine.subarray(10, 20));
  expect(mine.length).toBe(canFree ? 0 : 100);
  const shared = new Uint8Array(100).fill(2);
  free(shared);
  expect(shared.every((byte) => byte === 2)).toBe(true);
  expect(() => free(mine)).not.toThrow();
});
