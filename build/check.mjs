// npm run check: types, lint and format, layers, dead code. Each prints its findings; the exit code says whether all passed.
import { spawnSync } from 'node:child_process';
import { ensureInstalled } from './install.mjs';

ensureInstalled();
const { generateProto } = await import('./proto.mjs');
generateProto();

const fix = process.argv.includes('--fix');
const steps = [
  ['types', 'tsc', ['--noEmit', '-p', 'tsconfig.json']],
  ['lint', 'biome', ['check', '--diagnostic-level=error', ...(fix ? ['--write'] : []), '.']],
  ['layers', 'depcruise', ['--config', 'build/layers.cjs', 'electron', 'renderer', 'shared', 'test']],
  ['dead code', 'knip', ['--config', 'build/knip.json', '--no-progress']],
];
let failed = 0;
for (const [name, tool, args] of steps) {
  const result = spawnSync(process.execPath, [`node_modules/${bin(tool)}`, ...args], { stdio: 'inherit' });
  console.log(`${result.status === 0 ? 'passed' : 'FAILED'}: ${name}`);
  if (result.status !== 0) failed++;
}
process.exit(failed ? 1 : 0);

function bin(tool) {
  return {
    tsc: 'typescript/bin/tsc',
    biome: '@biomejs/biome/bin/biome',
    depcruise: 'dependency-cruiser/bin/dependency-cruise.mjs',
    knip: 'knip/bin/knip.js',
  }[tool];
}
