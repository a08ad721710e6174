import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium, type Page } from 'playwright-core';
import { attachToElectron, type HostName, hosts, quiet, start } from '../e2e/app.ts';
import { freePort } from './free-port.ts';
import { tempFolder } from './temp-folder.ts';

const html =
  '<!doctype html><meta charset="utf-8"><title>terminal</title><link rel="stylesheet" href="terminal-in-page.css">' +
  '<style>body{margin:0;background:#fff}#terminal{position:absolute;inset:0 400px 0 0}</style><div id="terminal" class="terminal-screen"></div>' +
  '<script type="module" src="terminal-in-page.js"></script>';

/** A window of 1200 × 700 CSS pixels, with nothing in it. */
type EmptyWindow = { page: Page; close(): Promise<void> };

const openWindow: Record<HostName, (args: string[]) => Promise<EmptyWindow>> = {
  async browser(args) {
    const browser = await chromium.launch({ executablePath: hosts.browser!, args, ignoreDefaultArgs: ['--hide-scrollbars'] });
    const context = await browser.newContext({ viewport: null });
    return { page: await context.newPage(), close: () => browser.close() };
  },
  async electron(args) {
    const port = await freePort();
    const folder = await tempFolder('slipway-window-');
    const main = fileURLToPath(new URL('../e2e/electron-window.cjs', import.meta.url));
    const started = start(hosts.electron!, [...args, `--remote-debugging-port=${port}`, `--user-data-dir=${folder.path}`, main], {});
    const { browser, page } = await attachToElectron(port, started, 'about:');
    const close = async () => {
      started.child.kill('SIGKILL');
      await started.ended;
      await browser.close();
      await folder.remove();
    };
    return { page, close };
  },
};

/**
 * The app's terminal alone on a page of the real Chromium or in a window of Electron, as test/support/page/terminal-in-page.ts offers it.
 * `gpu` draws with WebGL in software.
 */
export async function openTerminalPage(host: HostName, options: { pixelRatio?: number; gpu?: boolean } = {}): Promise<EmptyWindow> {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    entryPoints: ['test/support/page/terminal-in-page.ts'],
    outdir: 'out/test',
    bundle: true,
    write: false,
    format: 'esm',
    target: 'chrome130',
  });
  const gl = options.gpu ? ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'] : ['--disable-gpu'];
  // A ratio that the debugger emulates is not known to WebGL's canvas.
  const size = [`--force-device-scale-factor=${options.pixelRatio ?? 1}`, '--window-size=1200,700'];
  const { page, close } = await openWindow[host]([...quiet, ...gl, ...size]);
  await page.route('http://localhost/**', async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    const file = outputFiles.find(({ path }) => path.endsWith(`/${name}`));
    const contentType = name.endsWith('.js') ? 'text/javascript' : name.endsWith('.css') ? 'text/css' : 'text/html';
    if (name === '' || file) await route.fulfill({ contentType, body: file?.text ?? html });
    else await route.fulfill({ status: 404 });
  });
  await page.goto('http://localhost/');
  await page.waitForFunction(() => 'terminalInPage' in globalThis);
  return { page, close };
}
