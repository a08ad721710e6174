// npm run bench: builds, then runs test/bench/run.ts; `-- NAME` runs the rows whose name contains NAME.
import { spawnSync } from 'node:child_process';
import { ensureInstalled } from './install.mjs';

ensureInstalled();
const { bundleModules, root } = await import('./bundle.mjs');
const { buildAll } = await import('./build.mjs');
await buildAll({ cluster: true, gallery: true });
await bundleModules({ bench: 'test/bench/run.ts' }, 'out/test', { external: ['electron', '@lydell/node-pty', 'koffi', 'cpu-features', 'bufferutil', 'utf-8-validate', '*.node', 'playwright-core'] });
const result = spawnSync(process.execPath, ['--expose-gc', 'out/test/bench.js', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exit(result.status ?? 1);
