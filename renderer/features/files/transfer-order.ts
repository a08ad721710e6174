export type Step = 'up' | 'down' | 'first' | 'last';

/** Where the run of rows from `low` to `high` goes: before which other, and by how many places. Null when it is there already. */
export function moveTarget(order: readonly string[], low: number, high: number, step: Step): { before: string | null; by: number } | null {
  const count = high - low + 1;
  if (low < 0 || high >= order.length) return null;
  if (step === 'up' || step === 'first') {
    if (low === 0) return null;
    const to = step === 'up' ? low - 1 : 0;
    return { before: order[to]!, by: to - low };
  }
  if (high === order.length - 1) return null;
  const to = step === 'down' ? low + 1 : order.length - count;
  return { before: order[to + count] ?? null, by: to - low };
}
