// npm start: installs, builds, starts the embedded cluster and opens the app on it, in Electron or in the browser host.
// `--browser` asks for the browser host; `--no-cluster` opens the app alone; every other argument is the app's.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { checkoutHome } from './home.mjs';
import { ensureInstalled } from './install.mjs';

ensureInstalled();
const { root } = await import('./bundle.mjs');
const { buildAll } = await import('./build.mjs');
const { obtainElectron } = await import('./electron-runtime.mjs');

const own = ['--browser', '--no-cluster'];
const wants = (flag) => process.argv.includes(flag);
const children = [];
function run(command, args, options) {
  const child = spawn(command, args, { cwd: root, ...options });
  children.push(child);
  return child;
}
const stop = () => {
  for (const child of children) child.kill('SIGTERM');
};
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    stop();
    setTimeout(() => process.exit(0), 500);
  });

const leave = (code) => {
  stop();
  process.exit(code ?? 0);
};

console.log('Building …');
await buildAll({ cluster: true });
const electron = wants('--browser') ? null : await obtainElectron();
const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
const home = process.env.SLIPWAY_HOME ?? checkoutHome(root);
mkdirSync(home, { recursive: true, mode: 0o700 });

const environment = { ...process.env, SLIPWAY_HOME: home };
const appArguments = process.argv.slice(2).filter((argument) => !own.includes(argument));
if (!wants('--no-cluster')) {
  const cluster = run(process.execPath, ['out/test/cluster.js', '--sso'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const facts = await firstJsonLine(cluster);
  appArguments.push('--connect', facts.address);
  if (facts.collector) environment.SLIPWAY_COLLECTOR = facts.collector;
}

if (electron && hasDisplay) {
  console.log('\nOpening Slipway in Electron.');
  const sandbox = process.platform === 'linux' && process.getuid() === 0 ? ['--no-sandbox'] : [];
  const app = run(electron, [...sandbox, root, ...appArguments], { stdio: 'inherit', env: environment });
  app.once('exit', leave);
} else {
  const why = wants('--browser') ? '' : `There is no ${electron ? 'display' : 'Electron runtime'} on this machine: `;
  console.log(`\n${why}Slipway runs in the browser host.`);
  const app = run(process.execPath, ['out/browser-host.js', ...appArguments], { stdio: 'inherit', env: environment });
  app.once('exit', leave);
}

/** The cluster prints its facts as one line of JSON, then text for people, which is passed on. */
function firstJsonLine(child) {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The embedded cluster ended with code ${code} before it was ready.`)));
    let ready = false;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (ready || !line.startsWith('{')) return console.log(line);
      ready = true;
      resolve(JSON.parse(line));
    });
  });
}
