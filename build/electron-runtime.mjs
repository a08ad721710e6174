// Finds a real Electron without ever starting a download by accident: `require('electron')` would.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../node_modules/electron', import.meta.url));
const executables = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
const executable = executables[process.platform] ?? 'electron';

/** Path of the executable, or null. ELECTRON_OVERRIDE_DIST_PATH names a folder that holds one. */
export function findElectron() {
  for (const dist of [process.env.ELECTRON_OVERRIDE_DIST_PATH, join(folder, 'dist')]) {
    if (dist && existsSync(join(dist, executable))) return join(dist, executable);
  }
  return null;
}

/** findElectron, after trying to install the binary when its host answers within three seconds. */
export async function obtainElectron() {
  const found = findElectron();
  if (found || !(await downloadHostAnswers())) return found;
  console.log(`Installing Electron ${JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version} …`);
  spawnSync(process.execPath, [join(folder, 'install.js')], { stdio: 'inherit', timeout: 10 * 60_000 });
  return findElectron();
}

function downloadHostAnswers() {
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com';
  const { hostname, port, protocol } = new URL(mirror);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) || (protocol === 'http:' ? 80 : 443) });
    const done = (answer) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => done(false), 3000);
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}
