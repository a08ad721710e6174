// npm run check, with `--fix` and `--measures`: the lock file, what comments and pages refer to, types, lint and format, layers, dead code. Each prints its findings; the exit code says whether all passed.
import { spawnSync } from 'node:child_process';
import { ensureInstalled } from './install.mjs';

ensureInstalled();
const { root } = await import('./bundle.mjs');
const { lockProblems, readLock } = await import('./checks/lock-file.mjs');
const { referenceProblems } = await import('./checks/references.mjs');
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
const problems = lockProblems(readLock(root));
for (const problem of problems) console.log(`package-lock.json: ${problem}`);
report('lock file', problems.length === 0);
const references = referenceProblems(root);
for (const problem of references) console.log(problem);
report('references', references.length === 0);
for (const [name, tool, args] of steps) {
  const result = spawnSync(process.execPath, [`node_modules/${bin(tool)}`, ...args], { stdio: 'inherit' });
  report(name, result.status === 0);
}
if (process.argv.includes('--measures')) (await import('./measures.mjs')).printMeasures(root);
process.exit(failed ? 1 : 0);

function report(name, passed) {
  console.log(`${passed ? 'passed' : 'FAILED'}: ${name}`);
  if (!passed) failed++;
}

function bin(tool) {
  return {
    tsc: 'typescript/bin/tsc',
    biome: '@biomejs/biome/bin/biome',
    depcruise: 'dependency-cruiser/bin/dependency-cruise.mjs',
    knip: 'knip/bin/knip.js',
  }[tool];
}
