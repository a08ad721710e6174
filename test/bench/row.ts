/** One line of the table: our figure beside the best peer's in the same run. */
export interface Row {
  name: string;
  /** With its unit, as it was measured: medians unless the name says otherwise. For a row that could not run, why. */
  ours: string;
  peer: string;
  /** Ours to peer's; null where the bar is a difference or an absolute limit. */
  ratio: number | null;
  /** The bar in words: `≥ 0.7 ×`, `≤ +3 ms`. */
  bar: string;
  /** Null when it could not run. */
  pass: boolean | null;
}

export interface Benchmark {
  /** Chosen on the command line by any part of it. */
  name: string;
  run(): Promise<Row[]>;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Nearest-rank quantile; `q` from 0 to 1. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN;
}

/** Throws a `CannotRun` unless `found`: the row then says what is missing. */
export function needs(found: unknown, what: string): asserts found {
  if (!found) throw new CannotRun(`${what} is not on this machine`);
}

export class CannotRun extends Error {}

export const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
