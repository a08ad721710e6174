import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { creditWindow, hiddenPause, hiddenWindow, largestPiece, leastPiece, longestPiece, longestWait, StreamPump } from './stream-pump.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Holds what was written until told to parse, as xterm does. */
class SlowSink {
  readonly waiting: { bytes: Uint8Array; parsed: () => void }[] = [];
  total = 0;
  write(bytes: Uint8Array, parsed: () => void): void {
    this.waiting.push({ bytes, parsed });
  }
  parse(pieces = Number.POSITIVE_INFINITY): void {
    for (let nth = 0; nth < pieces && this.waiting.length > 0; nth++) {
      const { bytes, parsed } = this.waiting.shift()!;
      this.total += bytes.length;
      parsed();
    }
  }
}

function setUp() {
  const sink = new SlowSink();
  const grants: number[] = [];
  const clock = { now: 0 };
  const pump = new StreamPump(sink, () => clock.now);
  const credit = () => grants.reduce((sum, grant) => sum + grant, 0);
  return { sink, grants, pump, clock, credit, giver: { grant: (bytes: number) => void grants.push(bytes) } };
}

test('the first grant is the window, within the bounds that keep Ctrl+C quick', () => {
  const { pump, grants, giver } = setUp();
  pump.start(giver);
  expect(grants).toEqual([creditWindow]);
  expect(creditWindow).toBeLessThanOrEqual(512 * 1024);
});

test('nothing is granted back before it was parsed', () => {
  const { pump, sink, grants, giver } = setUp();
  pump.start(giver);
  pump.data(new Uint8Array(creditWindow));
  expect(grants).toEqual([creditWindow]);
  sink.parse();
  expect(grants.slice(1)).toEqual([creditWindow / 4, creditWindow / 4, creditWindow / 4, creditWindow / 4]);
});

test("a keystroke's echo is granted back at once", () => {
  const { pump, sink, grants, giver } = setUp();
  pump.start(giver);
  pump.data(new Uint8Array(1));
  sink.parse();
  expect(grants).toEqual([creditWindow, 1]);
});

test('large data is written in pieces that add up, one at a time', () => {
  const { pump, sink, giver } = setUp();
  pump.start(giver);
  const bytes = Uint8Array.from({ length: 200_000 }, (_, at) => at % 251);
  pump.data(bytes);
  const pieces: Uint8Array[] = [];
  while (sink.waiting.length > 0) {
    expect(sink.waiting).toHaveLength(1);
    pieces.push(sink.waiting[0]!.bytes);
    sink.parse(1);
  }
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(largestPiece);
  expect(Buffer.concat(pieces).equals(Buffer.from(bytes))).toBe(true);
});

test('what costs the sink long comes in smaller pieces, until it costs little again', () => {
  const { pump, sink, clock, giver } = setUp();
  pump.start(giver);
  pump.data(new Uint8Array(creditWindow));
  const parseAt = (bytesPerMillisecond: number, rounds: number) => {
    for (let nth = 0; nth < rounds; nth++) {
      clock.now += sink.waiting[0]!.bytes.length / bytesPerMillisecond;
      sink.parse(1);
    }
    return sink.waiting[0]!.bytes.length;
  };
  for (const bytesPerMillisecond of [1000, 100, 32]) {
    const length = parseAt(bytesPerMillisecond, 8);
    expect(length / bytesPerMillisecond).toBeLessThanOrEqual(2 * longestPiece);
  }
  expect(parseAt(1, 8)).toBe(leastPiece);
  expect(parseAt(50_000, 8)).toBe(largestPiece);
});

test('after a stop nothing is granted, and what is left is still shown', () => {
  const { pump, sink, grants, giver } = setUp();
  pump.start(giver);
  pump.data(new Uint8Array(600));
  pump.data(new Uint8Array(200_000));
  pump.stop();
  let after = -1;
  sink.write(new Uint8Array(0), () => (after = sink.total));
  sink.parse();
  expect(sink.total).toBe(200_600);
  expect(after).toBe(200_600);
  expect(grants).toEqual([creditWindow]);
});

/** Feeds as much as is granted to a sink of this speed, for two seconds; what waited longest in the last one, in milliseconds. */
function flood({ pump, sink, clock, credit }: ReturnType<typeof setUp>, bytesPerMillisecond: number): number {
  let sent = 0;
  let worst = 0;
  const arrivals: { upTo: number; at: number }[] = [];
  while (clock.now < 2000) {
    const bytes = credit() - sent;
    if (bytes > 0) {
      pump.data(new Uint8Array(bytes));
      sent += bytes;
      arrivals.push({ upTo: sent, at: clock.now });
    }
    clock.now += sink.waiting[0]!.bytes.length / bytesPerMillisecond;
    const waited = clock.now - arrivals[0]!.at;
    sink.parse(1);
    while (arrivals[0] && arrivals[0].upTo <= sink.total) arrivals.shift();
    if (clock.now > 1000) worst = Math.max(worst, waited);
  }
  return worst;
}

test('a sink that is slow has less under way: what comes waits no longer than the bound, as far as pieces allow', () => {
  for (const bytesPerMillisecond of [2000, 4000, 8000]) {
    const world = setUp();
    world.pump.start(world.giver);
    expect(flood(world, bytesPerMillisecond)).toBeLessThan(1.5 * longestWait);
  }
});

test('a sink that is quick has the whole window', () => {
  const world = setUp();
  world.pump.start(world.giver);
  flood(world, 100_000);
  world.sink.parse();
  expect(world.credit() - world.sink.total).toBe(creditWindow);
});

test('a hidden terminal gets little, with pauses; looked at, the rest comes at once', () => {
  vi.useFakeTimers();
  const { pump, sink, grants, giver } = setUp();
  pump.setVisible(false);
  pump.start(giver);
  expect(grants).toEqual([hiddenWindow]);
  pump.data(new Uint8Array(hiddenWindow));
  sink.parse();
  expect(grants).toEqual([hiddenWindow]);
  vi.advanceTimersByTime(hiddenPause);
  expect(grants).toEqual([hiddenWindow, hiddenWindow]);
  pump.setVisible(true);
  expect(grants).toEqual([hiddenWindow, hiddenWindow, creditWindow - hiddenWindow]);
});

test('for every order of arrival, parsing and looking: never more under way than the window, and no credit is lost', () => {
  vi.useFakeTimers();
  const step = fc.oneof(fc.integer({ min: 1, max: 70_000 }), fc.constantFrom('parse', 'hide', 'show', 'wait'));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { pump, sink, clock, credit, giver } = setUp();
      pump.start(giver);
      let sent = 0;
      for (const step of steps) {
        if (step === 'parse') sink.parse(1);
        else if (step === 'hide' || step === 'show') pump.setVisible(step === 'show');
        else if (step === 'wait') {
          clock.now += 20;
          vi.advanceTimersByTime(20);
        } else {
          const bytes = Math.min(Number(step), credit() - sent);
          if (bytes > 0) pump.data(new Uint8Array(bytes));
          sent += Math.max(0, bytes);
        }
        expect(credit() - sink.total).toBeLessThanOrEqual(creditWindow);
      }
      sink.parse();
      vi.advanceTimersByTime(20);
      expect(credit() - sent).toBeGreaterThan(16 * 1024);
    }),
  );
});
