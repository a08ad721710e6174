import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { heapGrowth } from '../../electron/hosts/heap-growth.ts';
import { connecting } from './connecting.bench.ts';
import { files } from './files.bench.ts';
import { filesBeside } from './files-beside.bench.ts';
import { filesInElectron } from './files-electron.bench.ts';
import { hostileTree } from './files-hostile.bench.ts';
import { filesPage } from './files-page.bench.ts';
import { firstPaint } from './first-paint.bench.ts';
import { flood } from './flood.bench.ts';
import { forwardMemory } from './forward-memory.bench.ts';
import { gateways } from './gateways.bench.ts';
import { hostileOutput } from './hostile-output.bench.ts';
import { keyPress } from './key-press.bench.ts';
import { describeMachine, repository } from './machine.ts';
import { pageOutput } from './page-output.bench.ts';
import { accessRequests } from './requests.bench.ts';
import { resources } from './resources.bench.ts';
import { type Benchmark, CannotRun, type Row } from './row.ts';
import { shellOutput } from './shell-output.bench.ts';
import { usageEvents } from './telemetry.bench.ts';

const benchmarks: readonly Benchmark[] = [
  firstPaint,
  shellOutput,
  pageOutput,
  keyPress,
  flood,
  hostileOutput,
  connecting,
  resources,
  files,
  filesPage,
  filesBeside,
  filesInElectron,
  hostileTree,
  accessRequests,
  usageEvents,
  forwardMemory,
  ...gateways,
];

// As in the app's own processes that move bytes.
setFlagsFromString(heapGrowth);

/** Runs the benchmarks whose name contains one of the words given; all without words. Other rows of an earlier run on this machine stay. */
const words = process.argv.slice(2).map((word) => word.toLowerCase());
const chosen = benchmarks.filter(({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word)));
if (chosen.length === 0) {
  console.error(`No benchmark is called so. There are: ${benchmarks.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}
const rows: Row[] = [];
for (const benchmark of chosen) {
  console.error(`… ${benchmark.name}`);
  rows.push(...(await runOne(benchmark)));
}
const machine = describeMachine();
console.log(`\nMeasured on ${machine}\n\n${table(rows)}`);
writeResults(join(repository, 'test/bench/results.json'));
process.exit(rows.some(({ pass }) => pass === false) ? 1 : 0);

function writeResults(path: string): void {
  const earlier = words.length > 0 && existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { machine: string; rows: Row[] }) : null;
  const kept = earlier?.machine === machine ? earlier.rows.filter(({ name }) => rows.every((row) => row.name !== name)) : [];
  writeFileSync(path, `${JSON.stringify({ machine, rows: [...kept, ...rows] }, null, 2)}\n`);
}

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
