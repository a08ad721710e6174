import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FramedStream } from './framed-stream.ts';
import type { FrameCodec } from './frames.ts';
import { PingFrames } from './ping-frames.ts';
import { WebSocketFrames } from './web-socket-frames.ts';

/** A server's frame: never masked (RFC 6455 §5.1). */
function serverFrame(opcode: number, payload: Buffer, { fin = true, long = false } = {}): Buffer {
  const head = [(fin ? 0x80 : 0) | opcode];
  if (payload.length < 126 && !long) return Buffer.concat([Buffer.from([...head, payload.length]), payload]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(payload.length));
  return Buffer.concat([Buffer.from([...head, 127]), length, payload]);
}

function pieces(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    found.push(bytes.subarray(at, at + size));
    at += size;
  }
  return found;
}

function decodeAll(codec: FrameCodec, chunks: readonly Buffer[]) {
  const results = chunks.map((chunk) => codec.decode(chunk));
  return {
    data: Buffer.concat(results.flatMap((result) => result.data)),
    replies: results.flatMap((result) => result.replies),
    ended: results.at(-1)?.ended ?? false,
  };
}

const payloads = fc.array(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  { maxLength: 8 },
);
const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });

describe('WebSocket frames', () => {
  it('join to the same bytes however they are cut, in long and short form, with pings between', () => {
    fc.assert(
      fc.property(payloads, cuts, fc.boolean(), (parts, sizes, long) => {
        const wire = Buffer.concat(
          parts.flatMap((part, index) => [
            serverFrame(index === 0 ? 2 : 0, part, { long, fin: index === parts.length - 1 }),
            serverFrame(9, Buffer.from('teleport')),
          ]),
        );
        const { data, replies, ended } = decodeAll(new WebSocketFrames(), pieces(wire, sizes));
        expect(data).toEqual(Buffer.concat(parts));
        expect(replies).toHaveLength(parts.length);
        expect(ended).toBe(false);
      }),
    );
  });

  it('are sent masked with zeros, so that the payload stays readable', () => {
    const codec = new WebSocketFrames();
    for (const size of [1, 125, 126, 65_535, 65_536]) {
      const payload = Buffer.alloc(size, 7);
      const frame = codec.encode(payload);
      expect(frame[0]).toBe(0x82);
      expect(frame[1]! & 0x80).toBe(0x80);
      expect(frame.subarray(frame.length - size - 4, frame.length - size)).toEqual(Buffer.alloc(4));
      expect(frame.subarray(frame.length - size).equals(payload)).toBe(true);
    }
    expect(codec.encode(Buffer.alloc(0))).toHaveLength(0);
  });

  it('answers a ping with its payload and ends at a close frame', () => {
    const { replies, ended, data } = decodeAll(new WebSocketFrames(), [
      serverFrame(9, Buffer.from('teleport')),
      serverFrame(8, Buffer.from([3, 232])),
      serverFrame(2, Buffer.from('late')),
    ]);
    expect(replies[0]).toEqual(Buffer.concat([Buffer.from([0x8a, 0x88, 0, 0, 0, 0]), Buffer.from('teleport')]));
    expect(ended).toBe(true);
    expect(data).toHaveLength(0);
  });

  it.each([
    ['reserved bits', Buffer.from([0xc2, 0])],
    ['a masked frame', Buffer.from([0x82, 0x80, 0, 0, 0, 0])],
    ['an unknown opcode', Buffer.from([0x83, 0])],
    ['a control frame in pieces', Buffer.from([0x09, 0])],
    ['a long control frame', Buffer.from([0x89, 126, 1, 0])],
    ['an impossible length', Buffer.from([0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255])],
  ])('refuses %s', (_name, wire) => {
    expect(() => new WebSocketFrames().decode(wire)).toThrow(/WebSocket/);
  });
});

describe('ping framing', () => {
  it('joins to the same bytes however it is cut, keep-alives left out', () => {
    fc.assert(
      fc.property(payloads, cuts, (parts, sizes) => {
        const codec = new PingFrames();
        const wire = Buffer.concat(parts.flatMap((part) => [codec.encode(part), Buffer.alloc(4)]));
        expect(decodeAll(new PingFrames(), pieces(wire, sizes)).data).toEqual(Buffer.concat(parts));
      }),
    );
  });
});

it('neither framing ever crashes on garbage, but may refuse it', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 20 }), (chunks) => {
      for (const codec of [new WebSocketFrames(), new PingFrames()]) {
        try {
          for (const chunk of chunks) codec.decode(Buffer.from(chunk));
        } catch (error) {
          expect((error as Error).message).toMatch(/^WebSocket/);
        }
      }
    }),
  );
});

describe('a framed stream', () => {
  function pair(): [Duplex, Duplex] {
    const ends: Duplex[] = [];
    for (const index of [0, 1]) {
      ends.push(
        new Duplex({
          read() {},
          write(chunk, _encoding, done) {
            ends[1 - index]!.push(chunk);
            done();
          },
          final(done) {
            ends[1 - index]!.push(null);
            done();
          },
        }),
      );
    }
    return [ends[0]!, ends[1]!];
  }

  it('carries bytes both ways and ends with the other side', async () => {
    const [near, far] = pair();
    const left = new FramedStream(near, new PingFrames());
    const right = new FramedStream(far, new PingFrames());
    const big = Buffer.alloc(500_000, 3);
    left.end(big);
    const received: Buffer[] = [];
    for await (const chunk of right) received.push(chunk as Buffer);
    expect(Buffer.concat(received).equals(big)).toBe(true);
    right.destroy();
    expect(far.destroyed).toBe(true);
    left.destroy();
  });

  it('fails when a frame is broken', async () => {
    const [near, far] = pair();
    const stream = new FramedStream(near, new WebSocketFrames());
    const failed = new Promise((resolve) => stream.once('error', resolve));
    far.write(Buffer.from([0xff, 0x05]));
    expect(await failed).toMatchObject({ message: expect.stringContaining('WebSocket') });
    expect(near.destroyed).toBe(true);
  });
});
