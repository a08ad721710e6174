export type Step = 'up' | 'down' | 'first' | 'last';

/** Before which other row the run of rows from `low` to `high` goes; null is the end. Undefined when it is there already. */
export function moveTarget(order: readonly string[], low: number, high: number, step: Step): string | null | undefined {
  if (low < 0 || high >= order.length) return undefined;
  if (step === 'up' || step === 'first') return low === 0 ? undefined : order[step === 'up' ? low - 1 : 0];
  if (high === order.length - 1) return undefined;
  return (step === 'down' ? order[high + 2] : null) ?? null;
}

/** `order` with `ids` before another, or at the end. */
export function movedOrder(order: readonly string[], ids: readonly string[], before: string | null): string[] {
  const moving = new Set(ids);
  const rest = order.filter((id) => !moving.has(id));
  const at = before === null ? -1 : rest.indexOf(before);
  return rest.toSpliced(at < 0 ? rest.length : at, 0, ...ids);
}
