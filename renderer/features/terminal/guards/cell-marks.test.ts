// @vitest-environment jsdom
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal } from '@xterm/xterm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { limitMarks, mostMarks } from './cell-marks.ts';
import { keepCharactersWhole } from './whole-characters.ts';

let terminal: Terminal;
beforeEach(() => {
  terminal = new Terminal({ allowProposedApi: true, logLevel: 'off', cols: 80, rows: 24 });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  keepCharactersWhole(terminal);
  limitMarks(terminal);
});
afterEach(() => terminal.dispose());

const write = (data: string | Uint8Array) => new Promise<void>((resolve) => terminal.write(data, resolve));
const cell = (at: number) => [...(terminal.buffer.active.getLine(0)?.getCell(at)?.getChars() ?? '')];
/** Code points of the fullest cell of all lines. */
const fullest = () => {
  let most = 0;
  for (let y = 0; y < terminal.buffer.active.length; y++)
    for (let x = 0; x < terminal.cols; x++) most = Math.max(most, [...(terminal.buffer.active.getLine(y)?.getCell(x)?.getChars() ?? '')].length);
  return most;
};

const chains: [string, string, string][] = [
  ['accents', 'e', '\u0301'],
  ['accents of the supplement', 'e', '\u1dc4'],
  ['half marks', 'e', '\ufe20'],
  ['marks for symbols', 'x', '\u20dd'],
  ['variation selectors', 'a', '\ufe0f'],
  ['variation selectors of the supplement', '\u6f22', '\u{e0100}'],
  ['zero-width joiners', '👩', '\u200d'],
  ['zero-width spaces', 'a', '\u200b'],
  ['vowels of Hangul', '\u1100', '\u1161'],
  ['tags', '🏴', '\u{e0067}'],
  ['viramas', '\u0915', '\u094d'],
  ['vowel signs of Thai', '\u0e01', '\u0e34'],
  ['points of Hebrew', '\u05d0', '\u05b8'],
  ['marks of Arabic', '\u0645', '\u0651'],
  ['marks of Tibetan', '\u0f40', '\u0f72'],
  ['musical marks', '𝅘', '\u{1d167}'],
];
const encoder = new TextEncoder();

test.each(chains)('%s: the cell keeps the first sixteen', async (_name, base, mark) => {
  await write(`${base}${mark.repeat(10_000)}|`);
  expect(cell(0)).toEqual([base, ...Array<string>(mostMarks).fill(mark)]);
  expect(fullest()).toBe(1 + mostMarks);
});

test.each(chains)('%s: neither pieces of output nor bytes of a letter that come one by one change it', async (_name, base, mark) => {
  for (const byte of encoder.encode(`${base}${mark.repeat(100)}|`)) terminal.write(Uint8Array.of(byte));
  await write('');
  expect(cell(0)).toEqual([base, ...Array<string>(mostMarks).fill(mark)]);
});

test('escape sequences, controls and repeats between marks begin no new count', async () => {
  for (const between of ['\x1b[m', '\x1b[1;1H', '\x1b[C', '\r', '\b', '\n', '\x1b7\x1b8', '\x1b[5b', '\x1b]2;t\x07', '\x1b[?7l', '\x1b[4h']) {
    await write(`\x1bc${`e${'\u0301'.repeat(40)}${between}${'\u0302'.repeat(40)}`.repeat(20)}`);
    expect(fullest()).toBeLessThanOrEqual(1 + mostMarks);
  }
});

test('what people write stays as it is', async () => {
  for (const text of ['한국어', '각', 'क्षत्रिय', 'ที่นี่', '👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'Z̷̢̛̩͂a̴̢͐l̶̮̈́g̷̱̀ǫ̷͝', 'שָׁלוֹם', 'e\u0301']) {
    await write(`\x1bc${text}`);
    expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe(text);
  }
});
