// @vitest-environment jsdom
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { type ILink, Terminal } from '@xterm/xterm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TextLinkProvider } from './link-provider.ts';

let terminal: Terminal;
beforeEach(() => {
  terminal = new Terminal({ allowProposedApi: true, logLevel: 'off', cols: 20, rows: 10 });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
});
afterEach(() => terminal.dispose());

const write = (data: string) => new Promise<void>((resolve) => terminal.write(data, resolve));
const linksOn = (row: number): ILink[] => {
  let found: ILink[] | undefined;
  new TextLinkProvider(terminal, { activate: () => {} }).provideLinks(row, (links) => (found = links));
  return found ?? [];
};
const at = (row: number) => linksOn(row).map(({ text, range: { start, end } }) => [text, start.x, start.y, end.x, end.y]);

test('a link on one row', async () => {
  await write('see https://a.b/c.');
  expect(at(1)).toEqual([['https://a.b/c', 5, 1, 17, 1]]);
  expect(at(2)).toEqual([]);
});

test('a link over three rows is found from each of them', async () => {
  const link = `https://a.example/${'x'.repeat(30)}`;
  await write(`ab ${link} end`);
  const range = [link, 4, 1, 11, 3];
  expect([at(1), at(2), at(3)]).toEqual([[range], [range], [range]]);
});

test('wide characters, marks and surrogate pairs: the range is counted in cells', async () => {
  await write('道 https://例.jp/é😀');
  expect(at(1)).toEqual([['https://例.jp/é😀', 4, 1, 20, 1]]);
});

test('a wide character that had no room at the end of a row does not cut the link', async () => {
  await write('abcde https://例.jp/x\x1b[1;1H\x1b[2K0123456789 https://道.jp/');
  expect(linksOn(1).map(({ text }) => text)).toEqual(['https://道.jp/']);
});

test('rows of separate lines are not joined', async () => {
  await write('https://a.example/xx\r\nyy');
  expect(at(1)).toEqual([['https://a.example/xx', 1, 1, 20, 1]]);
});
