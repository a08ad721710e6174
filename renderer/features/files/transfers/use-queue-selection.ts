import { useState } from 'react';

interface Held {
  readonly cursor: string;
  readonly anchor: string;
  readonly place: number;
}

export interface QueueSelection {
  /** Index of the row the keyboard is on, or -1. */
  readonly cursor: number;
  /** The first and the last of the chosen rows; -1 when there are none. */
  readonly low: number;
  readonly high: number;
  chosen(): readonly string[];
  /** Chooses a row alone, or all up to it. */
  go(index: number, extend: boolean): void;
  all(): void;
}

/** The run of rows that is chosen. It is held by ids, since rows move under it; by place where the row was taken out of the list. */
export function useQueueSelection(order: readonly string[]): QueueSelection {
  const [held, setHeld] = useState<Held>({ cursor: '', anchor: '', place: -1 });
  const at = order.indexOf(held.cursor);
  const cursor = at >= 0 ? at : Math.min(held.place, order.length - 1);
  const other = order.indexOf(held.anchor);
  const anchor = other >= 0 ? other : cursor;
  const low = Math.min(cursor, anchor);
  const high = Math.max(cursor, anchor);
  return {
    cursor,
    low,
    high,
    chosen: () => order.slice(Math.max(0, low), high + 1),
    go(index, extend) {
      const place = Math.max(0, Math.min(order.length - 1, index));
      const id = order[place] ?? '';
      setHeld({ cursor: id, anchor: extend && anchor >= 0 ? (order[anchor] ?? id) : id, place });
    },
    all: () => setHeld({ cursor: order.at(-1) ?? '', anchor: order[0] ?? '', place: order.length - 1 }),
  };
}
