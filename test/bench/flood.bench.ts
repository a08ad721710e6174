import type { Page } from 'playwright-core';
import { have } from '../support/have.ts';
import { hostHeap, inspected, pageHeap } from './heap.ts';
import { installInPage } from './page/in-page.ts';
import { openInBrowser, showTerminal, terminalOn, typeLine } from './page-app.ts';
import { type Benchmark, median, needs, pause, quantile, type Row } from './row.ts';
import { startBench } from './setup.ts';

const size = 1e9;
const interrupts = 5;
const keys = 100;

/** A program that never stops writing: what it leaves in memory, how soon it can be stopped, and what it does to another tab. */
export const flood: Benchmark = {
  name: 'flood',
  async run() {
    needs(have('sshd'), 'sshd');
    const bench = await startBench();
    const app = await openInBrowser(bench, [terminalOn(bench, 'demo-openssh', 'flood'), terminalOn(bench, 'demo-openssh', 'keys')], inspected);
    try {
      const { page } = app;
      await showTerminal(page, 1);
      await installInPage(page);
      await typeLine(page, 'exec cat > /dev/null');
      await showTerminal(page, 0);
      await typeLine(page, 'PS1="ready\\$ "');
      await page.evaluate(() => inPage.shown('ready$'));
      const heap = { page: await pageHeap(page), host: await hostHeap(app) };
      const before = { page: await heap.page(), host: await heap.host() };

      const stops: number[] = [];
      for (let nth = 0; nth < interrupts - 1; nth++) {
        await typeLine(page, 'clear; yes');
        await pause(1500);
        stops.push(await interrupt(page));
      }
      await typeLine(page, 'clear; yes');
      await pause(500);
      const started = await page.evaluate(() => inPage.bytes());
      const echoes = await keysInOtherTab(page);
      await showTerminal(page, 0);
      await page.keyboard.press('a'); // its stream is counted again
      const floodStarted = Date.now();
      while ((await page.evaluate(() => inPage.bytes())) - started < size) {
        if (Date.now() - floodStarted > 600_000) throw new Error('1 GB did not come in ten minutes');
        await pause(500);
      }
      stops.push(await interrupt(page));
      await pause(500);
      const after = { page: await heap.page(), host: await heap.host() };
      heap.host.close();
      return [
        growth('flood, 1 GB of `yes`: memory of the page', after.page - before.page, before.page),
        growth('flood, 1 GB of `yes`: memory of the host', after.host - before.host, before.host),
        limit('flood: Ctrl+C to the prompt', stops, 150, 'slowest of 5', 1),
        limit('flood: key press in another tab, p95', echoes, 50, 'p95', 0.95),
      ];
    } finally {
      await app.kill();
      await bench.close();
    }
  },
};

function growth(name: string, grown: number, before: number): Row {
  return {
    name,
    ours: `${grown >= 0 ? '+' : '−'}${Math.abs(grown).toFixed(1)} MB`,
    peer: `${before.toFixed(0)} MB before`,
    ratio: null,
    bar: '< +30 MB',
    pass: grown < 30,
  };
}

function limit(name: string, times: number[], bar: number, word: string, q: number): Row {
  const worst = quantile(times, q);
  return {
    name,
    ours: `${worst.toFixed(0)} ms ${word} (p50 ${median(times).toFixed(0)})`,
    peer: '–',
    ratio: null,
    bar: `${q === 1 ? '≤' : '<'} ${bar} ms`,
    pass: q === 1 ? worst <= bar : worst < bar,
  };
}

/** Milliseconds from Ctrl+C to the prompt on screen. */
async function interrupt(page: Page): Promise<number> {
  const shown = page.evaluate(() => inPage.shown('ready$'));
  await page.keyboard.press('Control+c');
  const at = await shown;
  return at - (await page.evaluate(() => inPage.lastKey()));
}

/** From the key's event to its echo handed to the other tab's terminal, while the flood goes on behind it. */
async function keysInOtherTab(page: Page): Promise<number[]> {
  await showTerminal(page, 1);
  const times: number[] = [];
  const before = await page.evaluate(() => inPage.echoes());
  for (let nth = 0; nth < keys; nth++) {
    await page.keyboard.press(nth % 60 === 59 ? 'Enter' : 'x');
    times.push((await page.evaluate((key) => inPage.echo(key), before + nth)).fromEvent);
    await pause(30);
  }
  return times;
}
