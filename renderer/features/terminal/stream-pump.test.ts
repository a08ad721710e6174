import fc from 'fast-check';
import { expect, test } from 'vitest';
import { creditWindow, StreamPump } from './stream-pump.ts';

/** Holds what was written until told to parse, as xterm does. */
class SlowSink {
  readonly waiting: { bytes: Uint8Array; parsed: () => void }[] = [];
  total = 0;
  write(bytes: Uint8Array, parsed: () => void): void {
    this.waiting.push({ bytes, parsed });
  }
  parse(pieces = Number.POSITIVE_INFINITY): void {
    for (const { bytes, parsed } of this.waiting.splice(0, pieces)) {
      this.total += bytes.length;
      parsed();
    }
  }
}

function setUp(window?: number) {
  const sink = new SlowSink();
  const grants: number[] = [];
  const pump = new StreamPump(sink, window);
  return { sink, grants, pump, giver: { grant: (bytes: number) => void grants.push(bytes) } };
}

test('the first grant is the window, within the bounds that keep Ctrl+C quick', () => {
  const { pump, grants, giver } = setUp();
  pump.start(giver);
  expect(grants).toEqual([creditWindow]);
  expect(creditWindow).toBeGreaterThanOrEqual(256 * 1024);
  expect(creditWindow).toBeLessThanOrEqual(512 * 1024);
});

test('nothing is granted back before it was parsed', () => {
  const { pump, sink, grants, giver } = setUp(1000);
  pump.start(giver);
  pump.data(new Uint8Array(1000));
  expect(grants).toEqual([1000]);
  sink.parse();
  expect(grants).toEqual([1000, 1000]);
});

test("a keystroke's echo is granted back at once", () => {
  const { pump, sink, grants, giver } = setUp(1000);
  pump.start(giver);
  pump.data(new Uint8Array(1));
  sink.parse();
  expect(grants).toEqual([1000, 1]);
});

test('under load grants are gathered to quarters of the window', () => {
  const { pump, sink, grants, giver } = setUp(1000);
  pump.start(giver);
  for (let i = 0; i < 100; i++) pump.data(new Uint8Array(10));
  for (let i = 0; i < 100; i++) sink.parse(1);
  expect(grants.slice(1)).toEqual([250, 250, 250, 250]);
});

test('large data is written in pieces that add up', () => {
  const { pump, sink, giver } = setUp();
  pump.start(giver);
  const bytes = Uint8Array.from({ length: 200_000 }, (_, at) => at % 251);
  pump.data(bytes);
  expect(Math.max(...sink.waiting.map((piece) => piece.bytes.length))).toBeLessThanOrEqual(32 * 1024);
  expect(Buffer.concat(sink.waiting.map((piece) => piece.bytes)).equals(Buffer.from(bytes))).toBe(true);
});

test('after a stop nothing is granted, and what is left is still shown', () => {
  const { pump, sink, grants, giver } = setUp(1000);
  pump.start(giver);
  pump.data(new Uint8Array(600));
  pump.stop();
  sink.parse();
  expect(sink.total).toBe(600);
  expect(grants).toEqual([1000]);
});

test('for every order of arrival and parsing: never more under way than the window, and no credit is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer({ min: 1, max: 70_000 }), fc.constant('parse' as const)), { maxLength: 60 }), (steps) => {
      const window = 100_000;
      const { pump, sink, grants, giver } = setUp(window);
      pump.start(giver);
      const credit = () => grants.reduce((sum, grant) => sum + grant, 0);
      let sent = 0;
      for (const step of steps) {
        if (step === 'parse') sink.parse(1);
        else {
          const bytes = Math.min(step, credit() - sent);
          if (bytes > 0) pump.data(new Uint8Array(bytes));
          sent += Math.max(0, bytes);
        }
        expect(sent - sink.total).toBeLessThanOrEqual(window);
      }
      sink.parse();
      expect(credit() - sent).toBe(window);
    }),
  );
});
