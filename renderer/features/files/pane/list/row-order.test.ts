import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleEntry, sampleFolder } from '../../../../fakes/fake-files.ts';
import { addRun, columns, compareBy, mergeRows, type Row, type Sort, sortKey, sortRows, toRow, visibleRows } from './row-order.ts';

const now = async () => {};
const never = () => false;
const entry = fc.record({
  name: fc.string({ maxLength: 12, unit: 'grapheme' }),
  size: fc.nat(5),
  mode: fc.option(fc.nat(0o7777)),
  modified: fc.option(fc.nat(5)),
  folder: fc.boolean(),
});
const rowsOf = fc
  .array(entry, { maxLength: 60 })
  .map((all) => all.map(({ folder, ...change }, id) => toRow(folder ? sampleFolder(change.name, change) : sampleEntry(change.name, change), id)));
const sortOf = fc.record({ column: fc.constantFrom(...columns), descending: fc.boolean() });
const isInOrder = (rows: readonly Row[], sort: Sort) => rows.every((row, index) => index === 0 || compareBy(sort)(rows[index - 1]!, row) < 0);

test('numbers in names go by their value, capitals and accents do not matter', () => {
  const names = ['file-10', 'File-2', 'éclair', 'zebra', 'Eclairs', '007', '7a', '08'];
  expect(names.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))).toEqual([
    '007',
    '7a',
    '08',
    'éclair',
    'Eclairs',
    'File-2',
    'file-10',
    'zebra',
  ]);
});

test('folders stand first in both directions', () => {
  const rows = [sampleEntry('a'), sampleFolder('b'), sampleEntry('c', { kind: 'link', targetKind: 'folder' })].map(toRow);
  for (const descending of [false, true]) {
    expect(mergeRows([], rows, { column: 'name', descending }).map(({ isFolder }) => isFolder)).toEqual([true, true, false]);
  }
});

test('what arrives in pieces is in the same order as all at once, and none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(rowsOf, sortOf, fc.nat(60), async (rows, sort, cut) => {
      const merged = mergeRows(mergeRows([], rows.slice(0, cut), sort), rows.slice(cut), sort);
      expect(merged).toHaveLength(rows.length);
      expect(isInOrder(merged, sort)).toBe(true);
      expect(await sortRows(rows, sort, now, never)).toEqual(merged);
      let runs: Row[][] = [];
      for (let at = 0; at < rows.length; at += 7) runs = addRun(runs, rows.slice(at, at + 7), sort);
      expect(runs.reduce<Row[]>((all, run) => mergeRows(all, run, sort), [])).toEqual(merged);
      expect(runs.length).toBeLessThan(8);
    }),
  );
});

test('a hundred thousand rows are sorted in pieces short enough to draw between, and given up when another order is wanted', async () => {
  const rows = Array.from({ length: 100_000 }, (_, index) => toRow(sampleEntry(`file-${(index * 7919) % 100_000}`), index));
  let pauses = 0;
  const sorted = await sortRows(rows, { column: 'name', descending: false }, async () => void pauses++, never);
  expect(sorted?.[99_999]?.entry.name).toBe('file-99999');
  expect(pauses).toBeGreaterThan(20);
  expect(await sortRows(rows, { column: 'size', descending: true }, now, () => pauses > 0)).toBeNull();
});

test('the filter wants every word, and leaves out hidden names unless told', () => {
  const rows = ['.hidden log', 'app.log', 'old app log', 'notes'].map((name, id) => toRow(sampleEntry(name), id));
  const names = (filter: string, hidden: boolean) => visibleRows(rows, filter, hidden).map((row) => row.entry.name);
  expect(names('', false)).toEqual(['app.log', 'old app log', 'notes']);
  expect(names('LOG', true)).toEqual(['.hidden log', 'app.log', 'old app log']);
  expect(names('log old', true)).toEqual(['old app log']);
});
