import type { Row } from './row-order.ts';

/** Which rows are chosen, the row the keyboard is on (-1: none), and where a range began. `cursor` and `anchor` count shown rows. */
export interface Selection {
  readonly ids: ReadonlySet<number>;
  readonly cursor: number;
  readonly anchor: number;
}

export const noSelection: Selection = { ids: new Set(), cursor: -1, anchor: -1 };

export type SelectHow = 'only' | 'extend' | 'toggle' | 'move';

/** Goes to a row: choosing it alone, all from where the range began, it in addition, or none. */
export function select(selection: Selection, rows: readonly Row[], index: number, how: SelectHow): Selection {
  const cursor = Math.max(0, Math.min(rows.length - 1, index));
  const row = rows[cursor];
  if (!row) return noSelection;
  const { id } = row;
  switch (how) {
    case 'only':
      return { ids: new Set([id]), cursor, anchor: cursor };
    case 'move':
      return { ...selection, cursor, anchor: cursor };
    case 'toggle': {
      const ids = new Set(selection.ids);
      if (!ids.delete(id)) ids.add(id);
      return { ids, cursor, anchor: cursor };
    }
    case 'extend': {
      const anchor = selection.anchor < 0 ? cursor : Math.min(selection.anchor, rows.length - 1);
      const range = rows.slice(Math.min(anchor, cursor), Math.max(anchor, cursor) + 1);
      return { ids: new Set(range.map((row) => row.id)), cursor, anchor };
    }
  }
}

export const selectAll = (selection: Selection, rows: readonly Row[]): Selection => ({
  ids: new Set(rows.map(({ id }) => id)),
  cursor: Math.max(0, selection.cursor),
  anchor: 0,
});

/** The next row after `from` whose name begins with what was typed, round and round; -1 when none does. */
export function typeAhead(rows: readonly Row[], typed: string, from: number): number {
  const start = typed.toLowerCase();
  const fits = ({ entry }: Row) => entry.name.toLowerCase().startsWith(start);
  const below = rows.findIndex((row, index) => index >= from && fits(row));
  return below >= 0 ? below : rows.findIndex(fits);
}

/** The same names chosen in other rows, after a listing was read anew or shown otherwise. The cursor stays by name, else by place. */
export function carryOver(selection: Selection, before: readonly Row[], after: readonly Row[]): Selection {
  if (selection.cursor < 0 && selection.ids.size === 0) return noSelection;
  const isChosen = selection.ids.size > 0;
  const chosen = new Set(isChosen ? before.filter(({ id }) => selection.ids.has(id)).map(({ entry }) => entry.name) : []);
  const ids = new Set(isChosen ? after.filter(({ entry }) => chosen.has(entry.name)).map(({ id }) => id) : []);
  const name = before[selection.cursor]?.entry.name;
  const found = name === undefined ? -1 : after.findIndex(({ entry }) => entry.name === name);
  const cursor = found >= 0 ? found : Math.min(selection.cursor, after.length - 1);
  return { ids, cursor, anchor: cursor };
}
