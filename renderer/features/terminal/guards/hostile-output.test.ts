// @vitest-environment jsdom
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal } from '@xterm/xterm';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { longestString } from './long-strings.ts';
import { guardParser } from './parser-guards.ts';

let terminal: Terminal;
let answers: string[];

beforeEach(() => {
  terminal = new Terminal({ allowProposedApi: true, logLevel: 'off', cols: 80, rows: 24, scrollback: 500 });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  guardParser(terminal);
  answers = [];
  terminal.onData((text) => answers.push(text));
});
afterEach(() => terminal.dispose());

const write = (data: string | Uint8Array) => new Promise<void>((resolve) => terminal.write(data, resolve));

/** All that a terminal may say on its own: numbers in fixed frames, never text that came from the output. */
const harmless = [
  /^\x1b\[[?>]?[\d;]*c$/, // device attributes
  /^\x1b\[\??\d+(;\d+)?[Rn]$/, // status, cursor position
  /^\x1b\[\?\d+n$/,
  /^\x1b\[\??\d+;\d\$y$/, // mode report
  /^\x1bP[01]\$r[\d; ]*["a-z]*\x1b\\$/, // status string
  /^\x1b\](4;\d+|10|11|12);rgb:[\da-f/]+(\x1b\\|\x07)$/, // colours
  /^\x1b\[[IO]$/, // focus
];
const isHarmless = (answer: string) => harmless.some((frame) => frame.test(answer));

const csi = fc
  .tuple(
    fc.constantFrom('', '?', '>', '<', '='),
    fc.array(fc.oneof(fc.nat(30), fc.constantFrom(0x7fffffff, 65_535, 2004, 1049, 1006, 38, 48)), { maxLength: 6 }),
    fc.constantFrom('', ' ', '"', '$', "'", '!', '*'),
    fc.integer({ min: 0x40, max: 0x7e }),
  )
  .map(([prefix, numbers, between, final]) => `\x1b[${prefix}${numbers.join(';')}${between}${String.fromCharCode(final)}`);
const osc = fc
  .tuple(
    fc.oneof(fc.nat(120), fc.constantFrom(4, 8, 10, 11, 12, 52, 104, 133, 633, 777, 1337)),
    fc.oneof(fc.string(), fc.constantFrom('?', 'c;?', 'c;aGVsbG8=', ';https://x', '1;?', 'rgb:ff/00/00')),
    fc.constantFrom('\x07', '\x1b\\', '\x9c', ''),
  )
  .map(([code, text, end]) => `\x1b]${code};${text}${end}`);
const dcs = fc
  .tuple(fc.constantFrom('$q', '+q', 'q', '+p', '1$t', ''), fc.oneof(fc.string(), fc.constantFrom('m', 'r', '"p', ' q')))
  .map(([kind, text]) => `\x1bP${kind}${text}\x1b\\`);
const plainEscape = fc
  .tuple(fc.constantFrom('', '#', '(', ')', ' ', '%'), fc.integer({ min: 0x30, max: 0x7e }))
  .map(([between, final]) => `\x1b${between}${String.fromCharCode(final)}`);
const text = fc.string({ unit: 'grapheme' });
const output = fc.array(
  fc.oneof(csi, osc, dcs, plainEscape, text, fc.constantFrom('\r', '\n', '\x07', '\x08', '\x0e', '\x0f', '\x18', '\x1a', '\x85', '\x9b5n')),
  { maxLength: 40 },
);

test('whatever escapes come, the parser goes on and answers only with numbers in fixed frames', async () => {
  await fc.assert(
    fc.asyncProperty(output, async (pieces) => {
      answers.length = 0;
      await write(pieces.join(''));
      expect(answers.filter((answer) => !isHarmless(answer))).toEqual([]);
      await write('\x1bc\x1b\\\x1b[!palive');
      expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toContain('alive');
    }),
    { numRuns: 500 },
  );
}, 60_000);

test('bytes that are no text do no harm', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      answers.length = 0;
      await write(bytes);
      expect(answers.filter((answer) => !isHarmless(answer))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

/** The test's own time limit ends it when it hangs. */
test.each(['S', 'T', 'L', 'M', 'b', 'I', 'Z', '@', 'P', 'X', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'a', 'd', 'e', '`', ' @', ' A', "'}", "'~"])(
  'a count of two thousand million before %s neither hangs nor throws',
  async (final) => {
    await write('text\r\n'.repeat(30));
    await write(`x\x1b[2147483647${final}`.repeat(50));
    await write('\x1bcalive');
    expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe('alive');
  },
);

test('counts up to the size of the screen keep their meaning', async () => {
  await write('a\x1b[5b');
  expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe('aaaaaa');
  await write('\x1bc1\r\n2\r\n3\x1b[2S');
  expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe('3');
});

test('the clipboard is neither read nor written (OSC 52)', async () => {
  const clipboard = { readText: vi.fn(), writeText: vi.fn() };
  vi.stubGlobal('navigator', { ...navigator, clipboard });
  await write('\x1b]52;c;?\x07\x1b]52;c;aGk=\x07');
  expect(answers).toEqual([]);
  expect(clipboard.readText).not.toHaveBeenCalled();
  expect(clipboard.writeText).not.toHaveBeenCalled();
  vi.unstubAllGlobals();
});

test('the window is neither moved nor reported, and a title is never read back', async () => {
  const resized = vi.fn();
  terminal.onResize(resized);
  await write('\x1b]2;; rm -rf x\r\x07');
  for (const kind of [1, 2, 3, 4, 5, 7, 8, 9, 11, 13, 14, 15, 16, 18, 19, 20, 21]) await write(`\x1b[${kind};5;5t`);
  expect(answers).toEqual([]);
  expect(resized).not.toHaveBeenCalled();
});

test('string sequences longer than any that is understood do nothing, and what follows is shown', async () => {
  const titled = vi.fn();
  terminal.onTitleChange(titled);
  await write(`\x1b]0;${'x'.repeat(2_000_000)}\x07\x1b]8;;https://${'y'.repeat(1_000_000)}\x07z\x1b]8;;\x07\x1bP$q${'m'.repeat(9000)}\x1b\\`);
  expect(titled).not.toHaveBeenCalled();
  expect(answers).toEqual([]);
  await write('\x1bcalive\x1b]2;title\x07\x1bP$qm\x1b\\');
  expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe('alive');
  expect(titled).toHaveBeenCalledExactlyOnceWith('title');
  expect(answers).toEqual(['\x1bP1$r0m\x1b\\']);
});

test.each([
  ['OSC', '\x1b]2;'],
  ['DCS', '\x1bP$q'],
])('of an %s without an end no more is collected than the longest that is understood', async (_kind, begin) => {
  const { _oscParser: osc, _dcsParser: dcs } = terminal._core._inputHandler._parser;
  const parser = (begin.startsWith('\x1bP') ? dcs : osc) as unknown as { _active: { _data: string }[] };
  await write(begin);
  for (let nth = 0; nth < 20; nth++) await write('x'.repeat(longestString / 4));
  expect(Math.max(...parser._active.map(({ _data }) => _data.length))).toBeLessThanOrEqual(longestString);
});
