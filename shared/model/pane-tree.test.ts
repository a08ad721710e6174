import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Document } from './document.ts';
import {
  changeDocuments,
  documentsIn,
  findDocument,
  leafOf,
  mapDocuments,
  normalised,
  removeDocuments,
  replaceDocument,
  resizeSplit,
  splitDocument,
} from './pane-tree.ts';
import { deepestSplits, mostPanes, type Pane, workspaceSchema } from './workspace.ts';

const shell = (id: string): Document => ({ id, kind: 'shell', cwd: '' });
const ids = (pane: Pane | null) => (pane ? documentsIn(pane).map(({ id }) => id) : []);

/** Trees as a file may hold them: any nesting, any sizes, ids more than once. */
const { pane: anyPane } = fc.letrec<{ pane: Pane }>((tie) => ({
  pane: fc.oneof(
    { maxDepth: deepestSplits - 1, withCrossShrink: true },
    fc.nat(20).map((id) => leafOf(shell(String(id)))),
    fc.record({
      kind: fc.constant('split' as const),
      direction: fc.constantFrom('right' as const, 'down' as const),
      sizes: fc.array(fc.oneof(fc.double(), fc.constantFrom(0, -1, Number.NaN, Number.POSITIVE_INFINITY, 5e-324, 1.7e308)), { maxLength: 5 }),
      panes: fc.array(tie('pane'), { minLength: 1, maxLength: 4 }),
    }),
  ),
}));

function expectNormal(pane: Pane): void {
  if (pane.kind === 'leaf') return;
  expect(pane.panes.length).toBeGreaterThan(1);
  expect(pane.sizes).toHaveLength(pane.panes.length);
  for (const size of pane.sizes) expect(size).toBeGreaterThan(0);
  expect(pane.sizes.reduce((sum, size) => sum + size, 0)).toBeCloseTo(1);
  for (const each of pane.panes) {
    if (each.kind === 'split') expect(each.direction).not.toBe(pane.direction);
    expectNormal(each);
  }
}

describe('any tree', () => {
  test('in normal form has the same documents in the same order, and is its own normal form', () =>
    fc.assert(
      fc.property(anyPane, (pane) => {
        const normal = normalised(pane);
        expectNormal(normal);
        expect(documentsIn(normal)).toEqual(documentsIn(pane));
        expect(ids(normalised(normal))).toEqual(ids(normal));
      }),
    ));

  test('without some documents has the others in order and stays normal; without any there is no tree', () =>
    fc.assert(
      fc.property(anyPane, fc.array(fc.nat(20).map(String)), (pane, gone) => {
        const rest = removeDocuments(normalised(pane), new Set(gone));
        expect(ids(rest)).toEqual(ids(pane).filter((id) => !gone.includes(id)));
        if (rest) expectNormal(rest);
        expect(removeDocuments(pane, new Set(ids(pane)))).toBeNull();
      }),
    ));

  test('split beside a document has the new one right behind it, or is the same tree where there is no room', () =>
    fc.assert(
      fc.property(anyPane, fc.nat(20).map(String), fc.constantFrom('right' as const, 'down' as const), (given, id, direction) => {
        const pane = normalised(given);
        fc.pre(ids(pane).filter((each) => each === id).length < 2);
        const split = splitDocument(pane, id, direction, shell('new'));
        expectNormal(split);
        if (split === pane) return;
        expect(ids(split)).toEqual(ids(pane).flatMap((each) => (each === id ? [each, 'new'] : [each])));
        expect(ids(removeDocuments(split, new Set(['new'])))).toEqual(ids(pane));
      }),
    ));

  test('is the same object when nothing in it changes, and what was not changed is kept', () =>
    fc.assert(
      fc.property(anyPane, (given) => {
        const pane = normalised(given);
        expect(mapDocuments(pane, (document) => document)).toBe(pane);
        expect(replaceDocument(pane, shell('not there'))).toBe(pane);
        const copy = changeDocuments(pane, (document) => ({ ...document }));
        expectNormal(copy);
        expect(documentsIn(copy)).toEqual(documentsIn(pane));
        expect(copy).not.toBe(pane);
      }),
    ));

  test('takes any sizes at any path and keeps its panes', () =>
    fc.assert(
      fc.property(anyPane, fc.array(fc.nat(4)), fc.array(fc.double()), (given, path, sizes) => {
        const pane = normalised(given);
        const resized = resizeSplit(pane, path, sizes);
        expectNormal(resized);
        expect(documentsIn(resized)).toEqual(documentsIn(pane));
      }),
    ));
});

const [a, b, c] = ['a', 'b', 'c'].map((id) => leafOf(shell(id))) as [Pane, Pane, Pane];

test('a document is split in half, again in its own direction beside it, and closes up with the sizes of the others kept', () => {
  const two = splitDocument(a, 'a', 'right', shell('b'));
  expect(two).toEqual({ kind: 'split', direction: 'right', sizes: [0.5, 0.5], panes: [a, b] });
  const three = splitDocument(two, 'b', 'right', shell('c'));
  expect(three).toEqual({ kind: 'split', direction: 'right', sizes: [0.5, 0.25, 0.25], panes: [a, b, c] });
  expect(removeDocuments(three, new Set(['c']))).toMatchObject({ sizes: [2 / 3, 1 / 3], panes: [a, b] });
  const nested = splitDocument(two, 'b', 'down', shell('c'));
  expect(nested).toMatchObject({ direction: 'right', panes: [a, { direction: 'down', panes: [b, c] }] });
  expect(removeDocuments(nested, new Set(['a']))).toMatchObject({ direction: 'down', panes: [b, c] });
  expect(findDocument(nested, 'c')).toEqual(shell('c'));
  expect(findDocument(nested, 'z')).toBeUndefined();
});

test('sizes are set in the split that the path leads to, and nowhere else', () => {
  const nested = splitDocument(splitDocument(a, 'a', 'right', shell('b')), 'b', 'down', shell('c'));
  expect(resizeSplit(nested, [1], [3, 1])).toMatchObject({ sizes: [0.5, 0.5], panes: [a, { sizes: [0.75, 0.25] }] });
  expect(resizeSplit(nested, [], [1, 3])).toMatchObject({ sizes: [0.25, 0.75], panes: [a, { sizes: [0.5, 0.5] }] });
});

test('there is an end to splitting, in depth and in number, and what is there can still be saved', () => {
  let deep = a;
  for (let count = 0; count < 30; count++)
    deep = splitDocument(deep, count === 0 ? 'a' : `d${count - 1}`, count % 2 ? 'down' : 'right', shell(`d${count}`));
  expect(ids(deep)).toHaveLength(deepestSplits + 1);
  let wide = a;
  for (let count = 0; count < mostPanes + 5; count++) wide = splitDocument(wide, 'a', 'right', shell(`w${count}`));
  expect(ids(wide)).toHaveLength(mostPanes);
  const tabs = [deep, wide].map((root, index) => ({ id: String(index), root, focus: '' }));
  expect(workspaceSchema.safeParse({ tabs, active: null }).success).toBe(true);
});

describe('the schema refuses without running out of stack or time', () => {
  const refuses = (root: unknown) => expect(workspaceSchema.safeParse({ tabs: [{ id: 't', root, focus: '' }], active: null }).success).toBe(false);
  test('a tree nested 100,000 deep, and one that contains itself', () => {
    let deep: unknown = a;
    for (let level = 0; level < 100_000; level++) deep = { kind: 'split', direction: 'right', sizes: [1], panes: [deep] };
    refuses(deep);
    const circle: { [key: string]: unknown } = { kind: 'split', direction: 'right', sizes: [1] };
    circle.panes = [circle];
    refuses(circle);
  });
  test('a million panes, a million sizes, no pane, sizes that are none', () => {
    const split = { kind: 'split', direction: 'down' };
    refuses({ ...split, sizes: [1], panes: Array.from({ length: 1_000_000 }, () => a) });
    refuses({ ...split, sizes: Array.from({ length: 1_000_000 }, () => 1), panes: [a] });
    refuses({ ...split, sizes: [], panes: [] });
    for (const size of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, null, '1']) refuses({ ...split, sizes: [size, 1], panes: [a, b] });
  });
});
