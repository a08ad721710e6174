// @vitest-environment jsdom
import { SerializeAddon } from '@xterm/addon-serialize';
import { Terminal } from '@xterm/xterm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Recorder, type Recording, recordedBytes } from './recorder.ts';

const size = { cols: 40, rows: 6 };
const wide = { cols: 60, rows: 8 };
const bytesOf = (text: string) => Buffer.from(text);

/** A real terminal and what it shows. */
function makeTerminal({ cols, rows } = size) {
  const terminal = new Terminal({ allowProposedApi: true, logLevel: 'off', cols, rows, scrollback: 1000 });
  const addon = new SerializeAddon();
  terminal.loadAddon(addon);
  const write = (data: string | Uint8Array) => new Promise<void>((resolve) => terminal.write(data, resolve));
  return { terminal, write, shown: () => ({ text: addon.serialize(), cols: terminal.cols, rows: terminal.rows }) };
}

/** Draws a recording as a page does. */
async function draw({ replay, bytes }: Recording) {
  const { terminal, write, shown } = makeTerminal();
  if (replay.screen) terminal.resize(replay.screen.size.cols, replay.screen.size.rows);
  await write(replay.screen?.text ?? '');
  let at = 0;
  for (const part of replay.parts) {
    terminal.resize(part.size.cols, part.size.rows);
    await write(bytes.subarray(at, at + part.bytes));
    at += part.bytes;
  }
  expect(at).toBe(bytes.length);
  const drawn = shown();
  terminal.dispose();
  return drawn;
}

const line = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !/[\x00-\x1f\x7f-\x9f]/.test(text)),
  fc.constantFrom(
    '\x1b[31mred',
    '\x1b[0m',
    '\x1b[1;44mbold',
    '\r\n',
    '\r\n\r\n',
    '\t',
    '\x1b[2;3H',
    '\x1b[K',
    'é中😀',
    '\x1b]0;a title\x07',
    '\x1b[?2004h',
  ),
);
const output = fc.array(line, { minLength: 1, maxLength: 40 }).map((lines) => bytesOf(lines.join('')));

test('whatever the output, whenever the size changes, a late viewer sees what an early one does', async () => {
  await fc.assert(
    fc.asyncProperty(output, output, fc.boolean(), async (first, second, isResized) => {
      const recorder = new Recorder(size);
      const early = makeTerminal();
      recorder.push(first);
      await early.write(first);
      if (isResized) {
        recorder.resize(wide);
        early.terminal.resize(wide.cols, wide.rows);
      }
      recorder.push(second);
      await early.write(second);
      expect(await draw(recorder.recording())).toEqual(early.shown());
      early.terminal.dispose();
    }),
    { numRuns: 60 },
  );
});

test('with a screen of any moment, also in the middle of a sequence or a character, the late viewer sees the same', async () => {
  const plain = fc
    .array(fc.constantFrom('text ', 'é中😀', '\x1b[31mred\x1b[0m', '\r\n', '\x1b[?2004h', '\x1b]0;a title\x07'), { minLength: 1, maxLength: 30 })
    .map((parts) => bytesOf(parts.join('')));
  await fc.assert(
    fc.asyncProperty(plain, fc.nat(), async (bytes, choice) => {
      const recorder = new Recorder(size);
      const early = makeTerminal();
      const at = choice % (bytes.length + 1);
      recorder.push(bytes);
      await early.write(bytes.subarray(0, at));
      expect(recorder.takeScreen({ at, size, text: early.shown().text })).toBe(true);
      await early.write(bytes.subarray(at));
      const recording = recorder.recording();
      expect(recording.bytes.length).toBeLessThanOrEqual(bytes.length - at + 12);
      expect(await draw(recording)).toEqual(early.shown());
      early.terminal.dispose();
    }),
    { numRuns: 60 },
  );
});

test('what does not fit goes, and what is left begins neither inside a sequence nor inside a character', () => {
  const unit = bytesOf('é😀\x1b[38;2;10;20;30mx\x1b]0;title\x07');
  for (let most = 40; most < 40 + unit.length; most++) {
    const recorder = new Recorder(size, most);
    for (let round = 0; round < 20; round++) recorder.push(unit);
    const { replay, bytes } = recorder.recording();
    expect(bytes.length).toBeGreaterThan(most - unit.length);
    expect(replay.at + bytes.length).toBe(20 * unit.length);
    // Each beginning of a character or a sequence of the unit.
    expect([0, 2, 6, 22, 23]).toContain(replay.at % unit.length);
  }
});

test('a screen makes room, so that a program can go on while nobody looks', () => {
  const recorder = new Recorder(size, 100);
  recorder.push(Buffer.alloc(90, 'x'));
  expect(recorder.free).toBe(10);
  recorder.takeScreen({ at: 80, size, text: 'screen' });
  expect(recorder.free).toBe(90);
  expect(recorder.recording()).toMatchObject({ replay: { at: 80, screen: { text: 'screen' }, parts: [{ bytes: 10 }] } });
});

test('a screen that output has overtaken is not used', () => {
  const recorder = new Recorder(size, 100);
  recorder.push(Buffer.alloc(50, 'x'));
  recorder.takeScreen({ at: 50, size, text: 'screen' });
  recorder.push(Buffer.alloc(101, 'y'));
  expect(recorder.recording().replay).toMatchObject({ at: 51, screen: null });
});

test.each([
  ['of the future', 200],
  ['of output that is not kept any more', 40],
])('a screen %s is refused', (_name, at) => {
  const recorder = new Recorder(size, 100);
  recorder.push(Buffer.alloc(150, 'x'));
  expect(recorder.takeScreen({ at, size, text: 'a lie' })).toBe(false);
  expect(recorder.recording().replay.screen).toBeNull();
});

test('sizes without end are bounded, and all bytes stand in a part', () => {
  const recorder = new Recorder(size);
  for (let cols = 1; cols <= 2000; cols++) {
    recorder.push(Buffer.alloc(10, 'x'));
    recorder.resize({ cols, rows: 10 });
  }
  const { replay, bytes } = recorder.recording();
  expect(replay.parts.length).toBeLessThanOrEqual(256);
  expect(replay.parts.reduce((sum, part) => sum + part.bytes, 0)).toBe(bytes.length);
  expect(replay.parts.at(-1)?.size).toEqual({ cols: 2000, rows: 10 });
});

test('a terminal that only shows a prompt costs a few KB, a busy one 512 KB', () => {
  const held = (recorder: Recorder) => recorder.recording().bytes.buffer.byteLength;
  const busy = new Recorder(size);
  for (let round = 0; round < 100; round++) busy.push(Buffer.alloc(64 * 1024, 'x'));
  expect(busy.free).toBe(0);
  expect(held(busy)).toBeLessThanOrEqual(recordedBytes + 16 * 1024);
});
