import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type WireMessage, wireMessageSchema } from './wire.ts';
import { decodeFrame, encodeFrame } from './ws-codec.ts';

const id = fc.integer({ min: 1, max: 0xffff_ffff });

test('bytes arrive as they were sent, behind their id', () => {
  fc.assert(
    fc.property(id, fc.uint8Array({ maxLength: 5000 }), (streamId, bytes) => {
      const frame = encodeFrame({ t: 'data', id: streamId, bytes });
      expect(frame).toHaveLength(bytes.length + 4);
      expect(decodeFrame(frame)).toEqual({ t: 'data', id: streamId, bytes });
    }),
  );
});

test('a frame that is a view into a larger buffer is read within its bounds', () => {
  const frame = encodeFrame({ t: 'data', id: 7, bytes: new Uint8Array([1, 2]) }) as Uint8Array;
  const larger = new Uint8Array(20).fill(255);
  larger.set(frame, 5);
  expect(decodeFrame(larger.subarray(5, 5 + frame.length))).toEqual({ t: 'data', id: 7, bytes: new Uint8Array([1, 2]) });
});

test('everything else arrives as it was sent', () => {
  const value = fc.json().map((text) => JSON.parse(text) as unknown);
  const message: fc.Arbitrary<WireMessage> = fc.oneof(
    fc.record({ t: fc.constant('call' as const), id, name: fc.string(), input: value }),
    fc.record({ t: fc.constant('message' as const), id, body: value }),
    fc.record({ t: fc.constant('credit' as const), id, bytes: fc.integer({ min: 1 }) }),
    fc.record({ t: fc.constant('end' as const), id, error: fc.constant(null) }),
  );
  fc.assert(
    fc.property(message, (sent) => {
      const arrived = decodeFrame(encodeFrame(sent));
      expect(wireMessageSchema.safeParse(arrived).success).toBe(true);
      expect(arrived).toEqual(JSON.parse(JSON.stringify(sent)));
    }),
  );
});

test('garbage is never an exception and never a valid message with bytes in text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.uint8Array({ maxLength: 3 })), (garbage) => {
      const arrived = decodeFrame(garbage);
      if (typeof garbage !== 'string') expect(arrived).toBeNull();
    }),
  );
  expect(wireMessageSchema.safeParse(decodeFrame('{"t":"data","id":1,"bytes":{"0":1}}')).success).toBe(false);
});
