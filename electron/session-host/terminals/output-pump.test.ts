import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OutputPump } from './output-pump.ts';

class FakeStream {
  credit: number;
  readonly pieces: string[] = [];
  constructor(credit: number) {
    this.credit = credit;
  }
  write(bytes: Uint8Array): void {
    if (bytes.length > this.credit) throw new Error('beyond the credit');
    if (bytes.length === 0 || bytes.byteLength !== bytes.buffer.byteLength) throw new Error('not a piece of its own');
    this.credit -= bytes.length;
    this.pieces.push(Buffer.from(bytes).toString('latin1'));
  }
}
const bytes = (text: string) => Buffer.from(text, 'latin1');

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('after a pause output leaves at the end of its turn, and what came in that turn together', async () => {
  const stream = new FakeStream(1000);
  const pump = new OutputPump(stream, () => {});
  pump.push(bytes('a'));
  pump.push(bytes('b'));
  await Promise.resolve();
  expect(stream.pieces).toEqual(['ab']);
});

test('while output keeps coming it is gathered for 4 ms', async () => {
  const stream = new FakeStream(1000);
  const pump = new OutputPump(stream, () => {});
  pump.push(bytes('a'));
  await Promise.resolve();
  for (const letter of 'bcd') {
    vi.advanceTimersByTime(1);
    pump.push(bytes(letter));
    await Promise.resolve();
  }
  expect(stream.pieces).toEqual(['a']);
  vi.advanceTimersByTime(1);
  expect(stream.pieces).toEqual(['a', 'bcd']);
  vi.advanceTimersByTime(10);
  pump.push(bytes('e'));
  await Promise.resolve();
  expect(stream.pieces).toEqual(['a', 'bcd', 'e']);
});

test('a whole piece does not wait', () => {
  const stream = new FakeStream(1_000_000);
  const pump = new OutputPump(stream, () => {});
  for (let index = 0; index < 10; index++) pump.push(Buffer.alloc(20_000));
  expect(stream.pieces.length).toBeGreaterThan(1);
  expect(Math.max(...stream.pieces.map(({ length }) => length))).toBeLessThanOrEqual(65_536);
});

test('what is left beside whole pieces is gathered on', () => {
  const stream = new FakeStream(1_000_000);
  const pump = new OutputPump(stream, () => {});
  pump.push(Buffer.alloc(70_000));
  expect(stream.pieces.map(({ length }) => length)).toEqual([65_536]);
  vi.advanceTimersByTime(4);
  expect(stream.pieces.map(({ length }) => length)).toEqual([65_536, 4464]);
});

test('without credit nothing leaves and the source is told nothing; new credit lets it go at once', async () => {
  const stream = new FakeStream(0);
  const taken = vi.fn();
  const pump = new OutputPump(stream, taken);
  pump.push(bytes('hello'));
  await Promise.resolve();
  vi.advanceTimersByTime(100);
  expect(stream.pieces).toEqual([]);
  expect(taken).not.toHaveBeenCalled();
  stream.credit = 3;
  pump.credited();
  expect(stream.pieces).toEqual(['hel']);
  expect(taken).toHaveBeenCalledWith(3);
  stream.credit = 100;
  vi.advanceTimersByTime(4);
  expect(stream.pieces).toEqual(['hel', 'lo']);
});

test('the end waits for everything before it', async () => {
  const stream = new FakeStream(2);
  const ended = vi.fn();
  const pump = new OutputPump(stream, () => {});
  pump.push(bytes('abc'));
  pump.finish(ended);
  expect(ended).not.toHaveBeenCalled();
  stream.credit = 10;
  vi.advanceTimersByTime(4);
  expect(stream.pieces.join('')).toBe('abc');
  expect(ended).toHaveBeenCalledOnce();
});

test('nothing happens after a stop', async () => {
  const stream = new FakeStream(10);
  const ended = vi.fn();
  const pump = new OutputPump(stream, () => {});
  pump.push(bytes('abc'));
  pump.stop();
  await Promise.resolve();
  vi.advanceTimersByTime(100);
  expect(stream.pieces).toEqual([]);
  expect(ended).not.toHaveBeenCalled();
});

test('whatever comes when, bytes leave in order, within the credit, and are all accounted for', () => {
  const step = fc.oneof(
    fc.record({ push: fc.string({ maxLength: 90_000, size: 'max' }) }),
    fc.record({ credit: fc.integer({ min: 1, max: 200_000 }) }),
    fc.record({ wait: fc.integer({ min: 0, max: 10 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const stream = new FakeStream(0);
      let taken = 0;
      let pushed = '';
      const pump = new OutputPump(stream, (count) => {
        taken += count;
      });
      for (const action of steps) {
        if ('push' in action) {
          const data = Buffer.from(action.push);
          pushed += data.toString('latin1');
          pump.push(data);
        } else if ('credit' in action) {
          stream.credit += action.credit;
          pump.credited();
        } else vi.advanceTimersByTime(action.wait);
      }
      expect(pushed.startsWith(stream.pieces.join(''))).toBe(true);
      expect(taken).toBe(stream.pieces.join('').length);
      stream.credit = Number.MAX_SAFE_INTEGER;
      let isDrained = false;
      pump.finish(() => {
        isDrained = true;
      });
      expect(isDrained).toBe(true);
      expect(stream.pieces.join('')).toBe(pushed);
    }),
    { numRuns: 60 },
  );
});
