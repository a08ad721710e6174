import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connecting } from './connecting.bench.ts';
import { firstPaint } from './first-paint.bench.ts';
import { flood } from './flood.bench.ts';
import { keyPress } from './key-press.bench.ts';
import { describeMachine, repository } from './machine.ts';
import { pageOutput } from './page-output.bench.ts';
import { resources } from './resources.bench.ts';
import { type Benchmark, CannotRun, type Row } from './row.ts';
import { shellOutput } from './shell-output.bench.ts';
import { usageEvents } from './telemetry.bench.ts';

const benchmarks: readonly Benchmark[] = [firstPaint, shellOutput, pageOutput, keyPress, flood, connecting, resources, usageEvents];

/** Runs the benchmarks whose name contains one of the words given; all without words. Rows of others stay in the results of the last run. */
const words = process.argv.slice(2).map((word) => word.toLowerCase());
const chosen = benchmarks.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
if (chosen.length === 0) {
  console.error(`No benchmark is called so. There are: ${benchmarks.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}
const rows: Row[] = [];
for (const benchmark of chosen) {
  console.error(`… ${benchmark.name}`);
  rows.push(...(await runOne(benchmark)));
}
console.log(`\nMeasured on ${describeMachine()}\n\n${table(rows)}`);
if (words.length === 0) writeFileSync(join(repository, 'test/bench/results.json'), `${JSON.stringify({ machine: describeMachine(), rows }, null, 2)}\n`);
process.exit(rows.some(({ pass }) => pass === false) ? 1 : 0);

async function runOne({ name, run }: Benchmark): Promise<Row[]> {
  try {
    return await run();
  } catch (error) {
    const ran = !(error instanceof CannotRun);
    const reason = error instanceof Error ? error.message : String(error);
    if (ran) console.error(error);
    return [{ name, ours: `${ran ? 'failed' : 'not run'}: ${reason.split('\n')[0]}`, peer: '–', ratio: null, bar: '–', pass: ran ? false : null }];
  }
}

function table(rows: readonly Row[]): string {
  const verdict = (pass: boolean | null) => (pass === null ? 'not run' : pass ? 'yes' : '**no**');
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['', 'Slipway', 'Peer', 'Ratio', 'Bar', 'Held']),
    '|---|---|---|---|---|---|',
    ...rows.map(({ name, ours, peer, ratio, bar, pass }) => line([name, ours, peer, ratio === null ? '' : ratio.toFixed(2), bar, verdict(pass)])),
  ].join('\n');
}
