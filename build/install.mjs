// Makes sure that node_modules fits package-lock.json. Uses only Node's own modules, since it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { moveOldHome } from './home.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs `npm ci` when the lock file is not the one that node_modules was installed from. */
export function ensureInstalled() {
  moveOldHome(root);
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules/.slipway-lock');
  // Hides the package with another Node, which serves tests only: npm scripts would otherwise prefer it to the person's own Node.
  const hideOtherNode = () => rmSync(join(root, 'node_modules/.bin/node'), { force: true });
  hideOtherNode();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.log('Installing dependencies …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    console.error(
      'The dependencies could not be installed. Check the network, the npm registry setting and that package-lock.json fits package.json, then run this again.',
    );
    process.exit(1);
  }
  hideOtherNode();
  writeFileSync(stamp, lock);
}
