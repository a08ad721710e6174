// npm run package: builds, then runs electron-builder with build/electron-builder.cjs; its options (`--dir`, `--linux deb`) pass through.
import { spawnSync } from 'node:child_process';
import { ensureInstalled } from './install.mjs';

ensureInstalled();
const { root } = await import('./bundle.mjs');
const { buildAll } = await import('./build.mjs');
await buildAll();
const result = spawnSync(
  process.execPath,
  ['node_modules/electron-builder/cli.js', '--config', 'build/electron-builder.cjs', '--publish', 'never', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
process.exit(result.status ?? 1);
