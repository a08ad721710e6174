// npm run bench: builds, then runs test/bench/run.ts; `-- NAME` runs the rows whose name contains NAME.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';

ensureInstalled();
const { build } = await import('esbuild');
const { bundleModules, root } = await import('./bundle.mjs');
const { buildAll } = await import('./build.mjs');
const { findElectron } = await import('./electron-runtime.mjs');

await buildAll({ cluster: true });
const external = ['electron', '@lydell/node-pty', 'koffi', 'cpu-features', 'bufferutil', 'utf-8-validate', '*.node', 'playwright-core'];
await Promise.all([
  bundleModules({ bench: 'test/bench/run.ts', 'delay-line': 'test/bench/delay-line.ts' }, 'out/test', { external }),
  build({
    absWorkingDir: root,
    entryPoints: ['test/bench/page/raw-xterm.ts'],
    outdir: 'out/test',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'chrome130',
    logLevel: 'warning',
  }),
]);

const electron = findElectron();
const chromium = which('chromium') ?? which('chromium-browser') ?? which('google-chrome');
const xvfb = which('xvfb-run');
const display = process.platform !== 'linux' || process.env.DISPLAY ? [] : xvfb ? [xvfb, '-a'] : null;
const [command, ...args] = [...(display ?? []), process.execPath, '--expose-gc', 'out/test/bench.js', ...process.argv.slice(2)];
const result = spawnSync(command, args, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ...(chromium ? { SLIPWAY_CHROMIUM: chromium } : {}), ...(electron && display ? { SLIPWAY_ELECTRON: electron } : {}) },
});
process.exit(result.status ?? 1);

function which(name) {
  return (process.env.PATH ?? '')
    .split(':')
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}
