import { describe, expect, test } from 'vitest';
import { sampleEntry } from '../../../../fakes/fake-files.ts';
import { type Row, toRow } from './row-order.ts';
import { noSelection, select, typeAhead } from './selection.ts';

const rows: readonly Row[] = ['alpha', 'Beta', 'bravo', 'gamma'].map((name, id) => toRow(sampleEntry(name), id));

describe('a row', () => {
  test('beyond the end is the last one', () => {
    expect(select(noSelection, rows, 99, 'only')).toEqual({ ids: new Set([3]), cursor: 3, anchor: 3 });
    expect(select(noSelection, rows, -5, 'only')).toEqual({ ids: new Set([0]), cursor: 0, anchor: 0 });
  });

  test('of an empty list cannot be chosen', () => {
    expect(select({ ids: new Set([7]), cursor: 2, anchor: 2 }, [], 0, 'only')).toEqual(noSelection);
  });
});

test.each([
  ['b', 0, 1],
  ['b', 2, 2],
  ['b', 3, 1],
  ['b', rows.length, 1],
  ['B', -1, 1],
  ['al', 1, 0],
  ['z', 0, -1],
])('typing %j from row %i finds row %i', (typed, from, found) => {
  expect(typeAhead(rows, typed, from)).toBe(found);
});
