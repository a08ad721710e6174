import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Benchmarks run as out/test/bench.js. */
export const repository = fileURLToPath(new URL('../..', import.meta.url));

/** What the figures were measured on, in one line. */
export function describeMachine(): string {
  const [first] = cpus();
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}, Node ${process.versions.node}`;
}
