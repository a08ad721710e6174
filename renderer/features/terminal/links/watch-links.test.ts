// @vitest-environment jsdom
import { Terminal } from '@xterm/xterm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Platform } from '../../../../shared/settings/keymap.ts';
import { watchLinks } from './watch-links.ts';

let terminal: Terminal;
const events = { link: vi.fn(), hover: vi.fn() };
beforeEach(() => {
  vi.clearAllMocks();
  terminal = new Terminal({ allowProposedApi: true, logLevel: 'off', cols: 10, rows: 5 });
});
afterEach(() => terminal.dispose());

const write = (data: string) => new Promise<void>((resolve) => terminal.write(data, resolve));
/** The handler of links that a program marks, as xterm calls it. */
const handler = (platform: Platform) => {
  watchLinks(terminal, platform, events);
  const { linkHandler } = terminal.options;
  if (!linkHandler) throw new Error('no handler was set');
  return linkHandler;
};

test.each([
  { platform: 'linux', key: { ctrlKey: true }, other: { metaKey: true } },
  { platform: 'darwin', key: { metaKey: true }, other: { ctrlKey: true } },
] as const)('a link is followed by a click with the key of $platform only', async ({ platform, key, other }) => {
  await write('docs');
  const { activate } = handler(platform);
  const range = { start: { x: 1, y: 1 }, end: { x: 4, y: 1 } };
  activate(new MouseEvent('click'), 'https://a.example/', range);
  activate(new MouseEvent('click', other), 'https://a.example/', range);
  expect(events.link).not.toHaveBeenCalled();
  activate(new MouseEvent('click', key), 'https://a.example/', range);
  expect(events.link.mock.calls).toEqual([[{ target: 'https://a.example/', shown: 'docs' }]]);
});

test('a hover tells the text on screen, over the end of a row too, and the end of the hover', async () => {
  await write('see the long name here');
  const { hover, leave } = handler('linux');
  const range = { start: { x: 5, y: 1 }, end: { x: 7, y: 2 } };
  const move = new MouseEvent('mousemove', { clientX: 3, clientY: 4 });
  hover?.(move, 'https://a.example/', range);
  leave?.(move, 'https://a.example/', range);
  expect(events.hover.mock.calls).toEqual([
    [
      { target: 'https://a.example/', shown: 'the long name' },
      { x: 3, y: 4 },
    ],
    [null, { x: 0, y: 0 }],
  ]);
});
