// @vitest-environment jsdom
import { Terminal } from '@xterm/xterm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LinkTable, limitLinks, longestLink, mostLinks, mostText } from './link-table.ts';

let terminal: Terminal;
let table: LinkTable;
beforeEach(() => {
  terminal = new Terminal({ allowProposedApi: true, logLevel: 'off', cols: 80, rows: 24, scrollback: 100 });
  table = limitLinks(terminal);
});
afterEach(() => terminal.dispose());

const write = (data: string) => new Promise<void>((resolve) => terminal.write(data, resolve));
const link = (uri: string, text = 'x', id = '') => `\x1b]8;${id === '' ? '' : `id=${id}`};${uri}\x07${text}\x1b]8;;\x07`;
/** The address behind a cell of the first line, as xterm finds it under the pointer. */
const addressAt = (x: number) => {
  const cell = terminal.buffer.active.getLine(0)?.getCell(x) as unknown as { extended: { urlId: number } };
  return terminal._core._oscLinkService.getLinkData(cell.extended.urlId)?.uri;
};

test('links are found by their cells, each address is kept once', async () => {
  await write(link('https://a.example/', 'aa') + link('https://b.example/', 'b') + link('https://a.example/', 'a') + 'no');
  expect([0, 1, 2, 3, 4].map(addressAt)).toEqual(['https://a.example/', 'https://a.example/', 'https://b.example/', 'https://a.example/', undefined]);
  expect(table.size).toBe(2);
});

test('more links than are kept: the newest are kept, and a reset forgets them all', async () => {
  for (let from = 0; from < 2 * mostLinks; from += 10_000)
    await write(Array.from({ length: 10_000 }, (_, at) => link(`https://example.com/${from + at}`)).join(''));
  expect(table.size).toBe(mostLinks);
  await write(`\x1b[2J\x1b[3J\x1b[H${link(`https://example.com/${2 * mostLinks - 1}`)}`);
  expect(addressAt(0)).toBe(`https://example.com/${2 * mostLinks - 1}`);
  expect(terminal.markers.length).toBe(0);
  await write('\x1bc');
  expect(table.size).toBe(0);
});

test('long addresses: text of one that is too long is plain, all together are bounded', async () => {
  const long = `https://example.com/${'a'.repeat(longestLink)}`;
  await write(link('https://ok.example/', 'o') + link(long) + link('https://ok.example/', 'y', 'i'.repeat(longestLink + 1)));
  expect([0, 1, 2].map(addressAt)).toEqual(['https://ok.example/', undefined, undefined]);
  for (let nth = 0; nth < 1500; nth++) await write(link(`https://example.com/${nth}/${'b'.repeat(2000)}`));
  expect(table.size).toBeLessThanOrEqual(mostText / 2000);
  expect(table.size).toBeGreaterThan(900);
});

test('a link without an end costs nothing for each line and letter', async () => {
  await write(`\x1b]8;;https://example.com/\x07${'text\r\n'.repeat(5000)}`);
  expect(terminal.markers.length).toBe(0);
  expect(table.size).toBe(1);
});
