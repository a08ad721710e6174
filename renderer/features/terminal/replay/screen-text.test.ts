// @vitest-environment jsdom
import { SerializeAddon } from '@xterm/addon-serialize';
import { Terminal } from '@xterm/xterm';
import { afterEach, expect, test } from 'vitest';
import { screenText } from './screen-text.ts';

const made: Terminal[] = [];
afterEach(() => {
  for (const terminal of made.splice(0)) terminal.dispose();
});

async function terminalWith(output: string, cols = 40, scrollback = 1000) {
  const terminal = new Terminal({ allowProposedApi: true, logLevel: 'off', cols, rows: 10, scrollback });
  made.push(terminal);
  const addon = new SerializeAddon();
  terminal.loadAddon(addon);
  await new Promise<void>((resolve) => terminal.write(output, resolve));
  return { terminal, addon };
}

/** The visible rows, and where the cursor is. */
function shown(terminal: Terminal) {
  const { active } = terminal.buffer;
  const rows = Array.from({ length: terminal.rows }, (_, y) => active.getLine(active.baseY + y)?.translateToString(true));
  return { rows, x: active.cursorX, y: active.cursorY, type: active.type };
}

test.each([
  ['a shell', 'line\r\n'.repeat(30) + '\x1b[32muser@host\x1b[0m$ ls'],
  ['an editor', 'before\r\n\x1b[?1049h\x1b[H\x1b[2Jtext\x1b[5;7Hhere'],
  ['a pager with a region that scrolls', '\x1b[?1049h\x1b[2;5r\x1b[3;1Habc'],
  ['a region whose rows the program counts from its top', '\x1b[3;8r\x1b[?6h\x1b[2;4Hx'],
])('%s is drawn again, and goes on alike', async (_name, output) => {
  const { terminal, addon } = await terminalWith(output);
  const again = await terminalWith(screenText(terminal, addon) ?? '');
  expect(shown(again.terminal)).toEqual(shown(terminal));
  const more = '!\r\n\n\n\n\n\n\nmore';
  for (const one of [terminal, again.terminal]) await new Promise<void>((resolve) => one.write(more, resolve));
  expect(shown(again.terminal)).toEqual(shown(terminal));
});

test('a program keeps its mouse reports and its hidden cursor', async () => {
  const { terminal, addon } = await terminalWith('\x1b[?1002h\x1b[?1006h\x1b[?25l');
  const again = await terminalWith(screenText(terminal, addon) ?? '');
  const answers: string[] = [];
  again.terminal.onData((text) => answers.push(text));
  await new Promise<void>((resolve) => again.terminal.write('\x1b[?1006$p\x1b[?25$p\x1b[?1002$p', resolve));
  expect(answers.join('')).toBe('\x1b[?1006;1$y\x1b[?25;2$y\x1b[?1002;1$y');
});

test('of a long scrollback the oldest lines are left out, so that it fits', async () => {
  const { terminal, addon } = await terminalWith(`${'x'.repeat(390)}\r\n`.repeat(4000) + 'the end', 400, 10_000);
  const text = screenText(terminal, addon);
  expect(text?.length).toBeLessThanOrEqual(1_000_000);
  expect(text?.length).toBeGreaterThan(400_000);
  expect(text).toContain('the end');
});
