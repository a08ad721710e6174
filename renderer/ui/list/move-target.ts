interface From {
  /** Index of the row the keyboard is on, or -1. */
  readonly active: number;
  readonly count: number;
  /** Rows that a page turns by. */
  readonly page: number;
}

/** The row that a key moves to; null when it is no key that moves, or there are no rows. */
export function moveTarget(key: string, { active, count, page }: From): number | null {
  const targets: Record<string, number> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: count - 1,
  };
  const target = Object.hasOwn(targets, key) ? targets[key] : undefined;
  return target === undefined || count === 0 ? null : Math.max(0, Math.min(count - 1, target));
}
