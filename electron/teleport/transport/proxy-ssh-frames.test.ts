import fc from 'fast-check';
import { expect, test } from 'vitest';
import { teleport } from '../../../proto/gen/teleport.js';
import { encodeDialTarget, encodeFrames, FrameError, FrameReader, payloadSize } from './proxy-ssh-frames.ts';

const { ProxySSHRequest, ProxySSHResponse } = teleport.transport.v1;

/** gRPC's own way of cutting: one flag byte, four bytes of length. */
function messages(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    expect(bytes[at]).toBe(0);
    const length = bytes.readUInt32BE(at + 1);
    found.push(bytes.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  return found;
}

const prefixed = (message: Uint8Array) => {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
};

test('the dial target is what protobuf writes', () => {
  const [message] = messages(encodeDialTarget('node:0', 'root.example'));
  expect(ProxySSHRequest.decode(message!).dial_target).toMatchObject({ host_port: 'node:0', cluster: 'root.example' });
});

test('payloads of any slicing arrive in order, none empty, none larger than a frame', () => {
  const chunk = fc.uint8Array({ maxLength: 40_000, size: 'max' });
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 6 }), fc.constantFrom('ssh' as const, 'agent' as const), (chunks, kind) => {
      const payloads = messages(encodeFrames(kind, chunks)).map((message) => {
        expect(message.length + 5).toBeLessThanOrEqual(16_384);
        return Buffer.from(ProxySSHRequest.decode(message)[kind]!.payload!);
      });
      for (const payload of payloads) expect(payload.length).toBeGreaterThan(0);
      for (const payload of payloads.slice(0, -1)) expect(payload.length).toBe(payloadSize);
      expect(Buffer.concat(payloads).equals(Buffer.concat(chunks))).toBe(true);
    }),
    { numRuns: 60 },
  );
  expect(encodeFrames('ssh', [])).toHaveLength(0);
  expect(encodeFrames('ssh', [new Uint8Array(0)])).toHaveLength(0);
});

test('responses cut anywhere are put together again', () => {
  const frame = fc.record({
    kind: fc.constantFrom('ssh' as const, 'agent' as const, 'details' as const),
    payload: fc.uint8Array({ maxLength: 300 }),
  });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (frames, cuts) => {
      const bytes = Buffer.concat(
        frames.map(({ kind, payload }) =>
          prefixed(ProxySSHResponse.encode(kind === 'details' ? { details: { fips_enabled: true } } : { [kind]: { payload } }).finish()),
        ),
      );
      const seen: { kind: string; payload: string }[] = [];
      const reader = new FrameReader((kind, payload) => {
        if (payload.length > 0) seen.push({ kind, payload: kind === 'details' ? '' : payload.toString('hex') });
      });
      for (let at = 0, index = 0; at < bytes.length; index++) {
        const end = at + cuts[index % cuts.length]!;
        reader.push(Buffer.from(bytes.subarray(at, end)));
        at = end;
      }
      const wanted = frames.map(({ kind, payload }) => ({ kind, payload: kind === 'details' ? '' : Buffer.from(payload).toString('hex') }));
      expect(seen).toEqual(wanted.filter(({ kind, payload }) => kind === 'details' || payload !== ''));
    }),
    { numRuns: 100 },
  );
});

test('fields of the future are skipped', () => {
  const seen: string[] = [];
  const future = Buffer.from([0x78, 0x96, 0x01, 0x12, 0x08, 0x10, 0x05, 0x0a, 0x02, 0x68, 0x69, 0x25, 1, 2, 3, 4, 0x31, 1, 2, 3, 4, 5, 6, 7, 8]);
  future[4] = 6;
  new FrameReader((kind, payload) => seen.push(`${kind} ${payload}`)).push(
    prefixed(Buffer.concat([future.subarray(0, 11), Buffer.from([0x7a, 1, 9])])),
  );
  expect(seen).toEqual(['ssh hi']);
});

test('noise is refused with a FrameError, never with another failure, and needs no memory', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (noise, isFramed) => {
      try {
        new FrameReader(() => {}).push(isFramed ? prefixed(noise) : Buffer.from(noise));
      } catch (caught) {
        expect(caught).toBeInstanceOf(FrameError);
      }
    }),
  );
  expect(() => new FrameReader(() => {}).push(Buffer.from([0, 0xff, 0xff, 0xff, 0xff]))).toThrow(FrameError);
  expect(() => new FrameReader(() => {}).push(Buffer.from([1, 0, 0, 0, 0]))).toThrow(FrameError);
});
