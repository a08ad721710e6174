import type { FileEntry } from '../../../../../shared/model/files.ts';

export const columns = ['name', 'size', 'modified', 'mode', 'owner'] as const;
export type Column = (typeof columns)[number];

export interface Sort {
  readonly column: Column;
  readonly descending: boolean;
}

/** An entry with what is needed to put it in order. `id` tells rows of equal names apart, within one listing. */
export interface Row {
  readonly id: number;
  readonly entry: FileEntry;
  readonly isFolder: boolean;
  readonly key: string;
}

export const isFolder = ({ kind, targetKind }: FileEntry): boolean => kind === 'folder' || (kind === 'link' && targetKind === 'folder');

/** Puts numbers in their order as numbers, and letters without regard to case and accents, when compared as plain text. */
export function sortKey(name: string): string {
  const plain = /[^\0-\x7f]/.test(name) ? name.normalize('NFD').replace(/\p{M}/gu, '') : name;
  return plain.toLowerCase().replace(/\d+/g, (digits) => {
    const number = digits.replace(/^0+(?=.)/, '');
    return `0${String.fromCharCode(Math.min(number.length, 0xff))}${number}`;
  });
}

export const toRow = (entry: FileEntry, id: number): Row => ({ id, entry, isFolder: isFolder(entry), key: sortKey(entry.name) });

type Compare = (a: Row, b: Row) => number;

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byName: Compare = (a, b) => byText(a.key, b.key) || byText(a.entry.name, b.entry.name) || a.id - b.id;
const byColumn: Record<Column, Compare> = {
  name: () => 0,
  size: (a, b) => a.entry.size - b.entry.size,
  modified: (a, b) => (a.entry.modified ?? -Infinity) - (b.entry.modified ?? -Infinity) || 0,
  mode: (a, b) => (a.entry.mode ?? -1) - (b.entry.mode ?? -1),
  owner: (a, b) => byText(a.entry.owner, b.entry.owner) || byText(a.entry.group, b.entry.group),
};

/** Folders stand above files whatever the direction; rows that are equal in the column go by name. */
export function compareBy({ column, descending }: Sort): Compare {
  const compare = byColumn[column];
  const sign = descending ? -1 : 1;
  return (a, b) => Number(b.isFolder) - Number(a.isFolder) || sign * (compare(a, b) || byName(a, b));
}

/** `sorted` with `added` in its places. The engine's sort finds the two runs and merges them in linear time. */
export function mergeRows(sorted: readonly Row[], added: readonly Row[], sort: Sort): Row[] {
  const compare = compareBy(sort);
  if (sorted.length === 0) return added.toSorted(compare);
  return [...sorted, ...added.toSorted(compare)].sort(compare);
}

/** Rows in runs that are in order, a new one merged into its neighbours while they are not much longer: no step sorts all of them. */
export function addRun(runs: readonly Row[][], added: readonly Row[], sort: Sort): Row[][] {
  const next = [...runs];
  let run = added.toSorted(compareBy(sort));
  for (let last = next.at(-1); last && last.length < 2 * run.length; last = next.at(-1)) {
    run = mergeSorted(last, run, sort);
    next.pop();
  }
  return [...next, run];
}

const sliceRows = 8192;

/** Sorts a long list in pieces, with a `pause` between them for the page to draw in. Null when `isStale` became true meanwhile. */
export async function sortRows(rows: readonly Row[], sort: Sort, pause: () => Promise<void>, isStale: () => boolean): Promise<readonly Row[] | null> {
  let runs: (readonly Row[])[] = [];
  for (let at = 0; at < rows.length; at += sliceRows) {
    if (at > 0) await pause();
    if (isStale()) return null;
    runs.push(rows.slice(at, at + sliceRows).sort(compareBy(sort)));
  }
  while (runs.length > 1) {
    const merged: (readonly Row[])[] = [];
    for (const [at, run] of runs.entries()) {
      if (at % 2 === 1) continue; // merged into the run before it
      const next = runs[at + 1];
      merged.push(next ? mergeSorted(run, next, sort) : run);
      await pause();
      if (isStale()) return null;
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

const mergeSorted = (a: readonly Row[], b: readonly Row[], sort: Sort): Row[] => [...a, ...b].sort(compareBy(sort));

/** The rows that are shown: without names that begin with a dot unless asked for, and with every typed word in their name. */
export function visibleRows(rows: readonly Row[], filter: string, showHidden: boolean): readonly Row[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (showHidden && words.length === 0) return rows;
  return rows.filter(({ entry: { name } }) => {
    if (!showHidden && name.startsWith('.')) return false;
    if (words.length === 0) return true;
    const text = name.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
