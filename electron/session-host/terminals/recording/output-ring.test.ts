import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OutputRing } from './output-ring.ts';

test('it holds what went in and was not dropped, in order, over its end and beginning', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 0, max: 9000 })), { maxLength: 30 }), (steps) => {
      const ring = new OutputRing(10_000);
      let expected = Buffer.alloc(0);
      let next = 0;
      for (const [wanted, dropped] of steps) {
        const bytes = Uint8Array.from({ length: Math.min(wanted, ring.free) }, () => next++);
        ring.push(bytes);
        expected = Buffer.concat([expected, bytes]);
        const count = Math.min(dropped, ring.length);
        ring.drop(count);
        expected = expected.subarray(count);
        expect(Buffer.concat(ring.peek(ring.length)).equals(expected)).toBe(true);
        expect(ring.free).toBe(10_000 - expected.length);
      }
    }),
    { numRuns: 50 },
  );
});
