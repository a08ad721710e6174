import type { Document } from './document.ts';
import { deepestSplits, type Leaf, mostPanes, type Pane, type Split, type SplitDirection } from './workspace.ts';

/*
 * Operations on the tree of a tab's panes. They return new trees and keep the parts that did not change. Their results are in
 * normal form: a split has at least two panes, none of them a split of the same direction, and as many sizes, which add up to 1.
 */

export const leafOf = (document: Document): Leaf => ({ kind: 'leaf', document });

/** All documents of the tree, from left to right and from top to bottom. */
export function documentsIn(pane: Pane): Document[] {
  return pane.kind === 'leaf' ? [pane.document] : pane.panes.flatMap(documentsIn);
}

export const findDocument = (pane: Pane, id: string): Document | undefined => documentsIn(pane).find((document) => document.id === id);

/** The tree with every document changed by `change`. One that becomes null is removed with its pane; null when no pane is left. */
export function mapDocuments(pane: Pane, change: (document: Document) => Document | null): Pane | null {
  if (pane.kind === 'leaf') {
    const document = change(pane.document);
    return document === pane.document ? pane : document && leafOf(document);
  }
  return withPanes(
    pane,
    pane.panes.map((each) => mapDocuments(each, change)),
  );
}

/** The tree with every document changed; none is removed. */
export const changeDocuments = (pane: Pane, change: (document: Document) => Document): Pane => mapDocuments(pane, change) ?? pane;

/** The tree with `document` in the place of the one that has its id. */
export const replaceDocument = (pane: Pane, document: Document): Pane => changeDocuments(pane, (old) => (old.id === document.id ? document : old));

/** The tree without the documents of these ids; the panes beside them grow. Null when no pane is left. */
export const removeDocuments = (pane: Pane, ids: ReadonlySet<string>): Pane | null =>
  mapDocuments(pane, (document) => (ids.has(document.id) ? null : document));

/** The tree with `added` to the right of the document with this id, or below it, in half of its space. The same tree when there is no such document, or no room. */
export function splitDocument(root: Pane, id: string, direction: SplitDirection, added: Document): Pane {
  const split = (pane: Pane): Pane => {
    if (pane.kind === 'split') return withPanes(pane, pane.panes.map(split)) ?? pane;
    return pane.document.id === id ? { kind: 'split', direction, sizes: [0.5, 0.5], panes: [pane, leafOf(added)] } : pane;
  };
  const result = split(root);
  return fits(result) ? result : root;
}

/** The tree with other sizes in the split that `path` leads to: the index of a pane in each split from the root on. */
export function resizeSplit(pane: Pane, path: readonly number[], sizes: readonly number[]): Pane {
  if (pane.kind === 'leaf') return pane;
  const [next, ...rest] = path;
  if (next === undefined) return { ...pane, sizes: sharesOf(sizes, pane.panes.length) };
  return { ...pane, panes: pane.panes.map((each, index) => (index === next ? resizeSplit(each, rest, sizes) : each)) };
}

/** The tree in normal form, whatever was read from a file. */
export const normalised = (pane: Pane): Pane => (pane.kind === 'leaf' ? pane : (joined({ ...pane, panes: pane.panes.map(normalised) }) ?? pane));

function withPanes(split: Split, panes: readonly (Pane | null)[]): Pane | null {
  if (panes.every((pane, index) => pane === split.panes[index])) return split;
  const shares = sharesOf(split.sizes, panes.length);
  const kept = panes.flatMap((pane, index) => (pane ? [{ pane, share: shares[index] ?? 0 }] : []));
  return joined({ ...split, sizes: kept.map(({ share }) => share), panes: kept.map(({ pane }) => pane) });
}

/** One split of its panes and of those of the splits in it that have the same direction. */
function joined({ kind, direction, sizes, panes }: Split): Pane | null {
  const shares = sharesOf(sizes, panes.length);
  const parts = panes.flatMap((pane, index) => {
    const share = shares[index] ?? 0;
    if (pane.kind === 'leaf' || pane.direction !== direction) return [{ pane, share }];
    const inner = sharesOf(pane.sizes, pane.panes.length);
    return pane.panes.map((each, at) => ({ pane: each, share: share * (inner[at] ?? 0) }));
  });
  const [first] = parts;
  if (!first) return null;
  if (parts.length === 1) return first.pane;
  const all = parts.map(({ share }) => share);
  return { kind, direction, sizes: sharesOf(all, all.length), panes: parts.map(({ pane }) => pane) };
}

/** Sizes that add up to 1; equal ones when they are not one positive number for each pane. */
function sharesOf(sizes: readonly number[], count: number): number[] {
  const sum = sizes.reduce((total, size) => total + size, 0);
  const shares = sizes.map((size) => size / sum);
  return shares.length === count && shares.every((share) => share > 0) && Number.isFinite(sum)
    ? shares
    : Array.from({ length: count }, () => 1 / count);
}

const fits = (root: Pane): boolean => splitsIn(root) <= deepestSplits && documentsIn(root).length <= mostPanes;

const splitsIn = (pane: Pane): number => (pane.kind === 'leaf' ? 0 : 1 + pane.panes.reduce((most, each) => Math.max(most, splitsIn(each)), 0));
