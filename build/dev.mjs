// npm run dev: the page with hot reload from Vite, the app on it in Electron (or, with `--browser`, in the browser host), both on
// the embedded cluster. Main and session host are rebuilt on a change and the app is started again.
import { spawn } from 'node:child_process';
import { mkdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { checkoutHome } from './home.mjs';
import { ensureInstalled } from './install.mjs';

ensureInstalled();
const { bundleApp, bundleCluster, root } = await import('./bundle.mjs');
const { generateProto } = await import('./proto.mjs');
const { obtainElectron } = await import('./electron-runtime.mjs');
const { createServer } = await import('vite');

generateProto();
await Promise.all([bundleApp({ minify: false }), bundleCluster()]);
const page = await createServer({ configFile: join(root, 'build/vite.config.ts') });
await page.listen();
const home = checkoutHome(root);
mkdirSync(home, { recursive: true, mode: 0o700 });
const environment = { ...process.env, SLIPWAY_HOME: home, SLIPWAY_DEV_URL: page.resolvedUrls.local[0] };

const cluster = spawn(process.execPath, ['out/test/cluster.js'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
const facts = await new Promise((resolve) => {
  let ready = false;
  createInterface({ input: cluster.stdout }).on('line', (line) => {
    if (ready || !line.startsWith('{')) return console.log(line);
    ready = true;
    resolve(JSON.parse(line));
  });
});
if (facts.collector) environment.SLIPWAY_COLLECTOR = facts.collector;

const electron = process.argv.includes('--browser') ? null : await obtainElectron();
let app;
function startApp() {
  const args = ['--connect', facts.address];
  const sandbox = process.platform === 'linux' && process.getuid() === 0 ? ['--no-sandbox'] : [];
  const child = electron
    ? spawn(electron, [...sandbox, root, ...args], { cwd: root, stdio: 'inherit', env: environment })
    : spawn(process.execPath, ['out/browser-host.js', ...args], { cwd: root, stdio: 'inherit', env: environment });
  app = child;
  child.once('exit', (code) => {
    if (app === child) stop(code ?? 0);
  });
}

async function stop(code) {
  const child = app;
  app = undefined;
  child?.kill('SIGTERM');
  cluster.kill('SIGTERM');
  await page.close();
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop(0));

let timer;
for (const folder of ['electron', 'shared']) {
  watch(join(root, folder), { recursive: true }, (_event, name) => {
    if (!name?.endsWith('.ts') || name.endsWith('.test.ts')) return;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      try {
        await bundleApp({ minify: false });
      } catch {
        return; // esbuild has printed the error; the app keeps running as it was
      }
      const old = app;
      app = undefined;
      old?.once('exit', startApp);
      old?.kill('SIGTERM');
    }, 200);
  });
}
startApp();
