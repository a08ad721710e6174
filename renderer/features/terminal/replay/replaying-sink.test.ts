// @vitest-environment jsdom
import { Terminal } from '@xterm/xterm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ReplayingSink } from './replaying-sink.ts';

const small = { cols: 10, rows: 4 };
const large = { cols: 20, rows: 5 };
let terminal: Terminal;
let sink: ReplayingSink;
const events = { parsed: vi.fn(), replayed: vi.fn() };

beforeEach(() => {
  vi.clearAllMocks();
  terminal = new Terminal({ allowProposedApi: true, logLevel: 'off', cols: 30, rows: 6, scrollback: 100 });
  sink = new ReplayingSink(terminal, events);
});
afterEach(() => terminal.dispose());

const bytes = (text: string) => new TextEncoder().encode(text);
const write = (text: string) => new Promise<void>((resolve) => sink.write(bytes(text), resolve));
const rows = () => Array.from({ length: 3 }, (_, y) => terminal.buffer.active.getLine(y)?.translateToString(true));

test('the screen comes first, then each part at its size, however the bytes are cut', async () => {
  await write('old text');
  sink.replay({
    at: 50,
    screen: { at: 50, size: large, text: 'screen\r\n' },
    parts: [
      { size: large, bytes: 15 },
      { size: small, bytes: 0 },
      { size: small, bytes: 5 },
    ],
  });
  await write('123456');
  await write('7890123\r\nabc');
  expect(sink.isReplaying).toBe(true);
  await write('de, live');
  // The narrower terminal wraps what the wider one had on one line.
  expect(rows()).toEqual(['screen', '1234567890', '123']);
  expect({ cols: terminal.cols, rows: terminal.rows }).toEqual(small);
  expect(sink.position).toBe(50 + 26);
  expect(events.replayed).toHaveBeenCalledTimes(1);
});

test('all at once, as at a program’s end, it stays in order', async () => {
  sink.replay({
    at: 0,
    screen: null,
    parts: [
      { size: large, bytes: 3 },
      { size: small, bytes: 3 },
    ],
  });
  sink.write(bytes('ab'), () => {});
  sink.write(bytes('cde'), () => {});
  sink.write(bytes('f\r\n'), () => {});
  await write('end');
  expect(rows().slice(0, 2)).toEqual(['abcdef', 'end']);
});

test('a replay of nothing is over at once', async () => {
  sink.replay({ at: 0, screen: null, parts: [{ size: small, bytes: 0 }] });
  await vi.waitFor(() => expect(events.replayed).toHaveBeenCalled());
  expect({ cols: terminal.cols, rows: terminal.rows }).toEqual(small);
  await write('x');
  expect(rows()[0]).toBe('x');
});

test('the next program’s output is counted from its beginning', async () => {
  await write('abc');
  expect(sink.position).toBe(3);
  sink.write(bytes('late'), () => {});
  sink.restart();
  await write('xy');
  expect(sink.position).toBe(2);
});
