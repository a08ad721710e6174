import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { hosts } from '../e2e/app.ts';
import { freePort } from '../support/free-port.ts';
import { repository } from './machine.ts';
import { type Benchmark, median, needs } from './row.ts';

const emptyMain = `
const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 720, show: false });
  window.once('ready-to-show', () => window.show());
  window.loadFile('index.html');
});
app.on('window-all-closed', () => app.quit());
`;

/** From the start of the process to the first paint of its window, against a window with one word in it on the same runtime. */
export const firstPaint: Benchmark = {
  name: 'first paint',
  async run() {
    const electron = hosts.electron;
    needs(electron, 'Electron, or a display for it,');
    const empty = mkdtempSync(join(tmpdir(), 'slipway-empty-'));
    writeFileSync(join(empty, 'package.json'), JSON.stringify({ name: 'empty', main: 'main.js' }));
    writeFileSync(join(empty, 'main.js'), emptyMain);
    writeFileSync(join(empty, 'index.html'), '<!doctype html><title>empty</title><body>empty</body>');
    const times = { ours: [] as number[], peer: [] as number[] };
    for (let round = 0; round < 6; round++) {
      const peer = await timeToPaint(electron, empty);
      const ours = await timeToPaint(electron, repository);
      if (round === 0) continue; // warms the disk cache
      times.peer.push(peer);
      times.ours.push(ours);
    }
    rmSync(empty, { recursive: true, force: true });
    const [ours, peer] = [median(times.ours), median(times.peer)];
    const ratio = ours / peer;
    return [
      {
        name: 'first paint of the window',
        ours: `${ours.toFixed(0)} ms`,
        peer: `${peer.toFixed(0)} ms (empty window)`,
        ratio,
        bar: '≤ 1.5 ×',
        pass: ratio <= 1.5,
      },
    ];
  },
};

async function timeToPaint(electron: string, app: string): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), 'slipway-paint-'));
  const port = await freePort();
  const started = Date.now();
  const child = spawn(electron, ['--no-sandbox', '--disable-gpu', `--user-data-dir=${home}`, `--remote-debugging-port=${port}`, app], {
    env: { ...process.env, SLIPWAY_HOME: home },
    stdio: 'ignore',
  });
  try {
    return (await paintedAt(port)) - started;
  } finally {
    await end(child);
    rmSync(home, { recursive: true, force: true });
  }
}

async function paintedAt(port: number): Promise<number> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { timeout: 2000 });
      try {
        for (const page of browser.contexts().flatMap((context) => context.pages())) {
          const at = await page.evaluate(() => {
            const [paint] = performance.getEntriesByType('paint');
            return paint ? performance.timeOrigin + paint.startTime : 0;
          });
          if (at > 0) return at;
        }
      } finally {
        await browser.close();
      }
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    if (Date.now() > deadline) throw new Error('no window painted within 30 s');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
