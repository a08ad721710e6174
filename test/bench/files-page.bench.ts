import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Document } from '../../shared/model/document.ts';
import { hosts } from '../e2e/app.ts';
import { memoryFolder } from './file-peers.ts';
import { pageHeap } from './heap.ts';
import { installInPage } from './page/in-page.ts';
import { openInBrowser } from './page-app.ts';
import { type Benchmark, needs, pause, quantile, type Row } from './row.ts';
import { type BenchSetup, startBench } from './setup.ts';

const entries = 50_000;
const rounds = 3;
const scrollMs = 5000;
const pixelsPerFrame = 260;
const queueRows = 10_000;
const bar = 50;

/** The view of files with a large folder and with a long queue. */
export const filesPage: Benchmark = {
  name: 'files-page',
  async run() {
    needs(hosts.browser, 'Chromium');
    const bench = await startBench();
    const folder = memoryFolder('files-page');
    try {
      mkdirSync(join(folder, 'many'));
      for (let index = 0; index < entries; index++) writeFileSync(join(folder, 'many', `entry-${index}.log`), '');
      const document: Document = { kind: 'files', id: 'files', target: bench.target('demo-server'), remotePath: folder, localPath: folder };
      return [...(await largeFolder(bench, document)), await longQueue(bench, document)];
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await bench.close();
    }
  },
};

async function largeFolder(bench: BenchSetup, document: Document): Promise<Row[]> {
  const app = await openInBrowser(bench, [document]);
  try {
    const { page } = app;
    await shown(page);
    await installInPage(page);
    const frames = { listed: [] as number[][], scrolled: [] as number[][], counted: [] as number[][], idle: [] as number[][] };
    for (let round = 0; round < rounds; round++) {
      await pause(1000);
      frames.idle.push(await page.evaluate((milliseconds) => inPage.frames(milliseconds), scrollMs));
      frames.counted.push(await framesOf(page, 'Delete', 'counted'));
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      frames.listed.push(await framesOf(page, 'Enter', 'listed'));
      frames.scrolled.push(
        await page.evaluate(
          ([milliseconds, pixels]) => {
            const grid = globalThis.document.querySelector('[data-side=remote] [role=grid]')!;
            return inPage.frames(milliseconds, () => (grid.scrollTop += pixels));
          },
          [scrollMs, pixelsPerFrame] as const,
        ),
      );
      await page.locator('[data-side=remote] [role=grid]').press('Backspace');
      await shown(page);
    }
    const row = (what: string, runs: number[][]): Row => {
      const p99 = quantile(runs.flat(), 0.99);
      return {
        name: `${what}, p99 frame`,
        ours: figure(runs),
        peer: `${figure(frames.idle)} (idle page)`,
        ratio: null,
        bar: `< ${bar} ms`,
        pass: p99 < bar,
      };
    };
    return [
      row('a folder of 50,000 entries, listed and sorted', frames.listed),
      row('the same, scrolled', frames.scrolled),
      row('the same, counted for a question', frames.counted),
    ];
  } finally {
    await app.kill();
  }
}

const figure = (runs: number[][]) =>
  `${quantile(runs.flat(), 0.99).toFixed(0)} ms (runs ${runs.map((run) => quantile(run, 0.99).toFixed(0)).join(', ')})`;

/** The folder with the one entry is there and can be worked on. */
async function shown(page: Page): Promise<void> {
  const grid = page.locator('[data-side=remote] [role=grid][aria-busy=false][aria-rowcount="2"]');
  await grid.waitFor({ timeout: 60_000 });
  await grid.focus();
}

/** Lengths of the frames from a key until what it asks for is there. */
function framesOf(page: Page, key: 'Enter' | 'Delete', until: 'listed' | 'counted'): Promise<number[]> {
  return page.evaluate(
    async ([key, until, entries]) => {
      const grid = globalThis.document.querySelector<HTMLElement>('[data-side=remote] [role=grid]')!;
      const isThere = () =>
        until === 'listed'
          ? grid.getAttribute('aria-rowcount') === String(entries + 1) && grid.getAttribute('aria-busy') === 'false'
          : globalThis.document.querySelector('[role=dialog]')?.textContent?.includes(`${entries.toLocaleString('en-US')} files`);
      grid.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      const frames: number[] = [];
      const begin = performance.now();
      for (let last = begin; !isThere(); ) {
        const now = await new Promise<number>((resolve) => requestAnimationFrame(() => resolve(performance.now())));
        frames.push(now - last);
        last = now;
        if (now - begin > 60_000) throw new Error(`not ${until} after a minute`);
      }
      return frames;
    },
    [key, until, entries] as const,
  );
}

async function longQueue(bench: BenchSetup, document: Document): Promise<Row> {
  const short = await heapWith(bench, document, 1);
  const long = await heapWith(bench, document, queueRows);
  const growth = long - short;
  return {
    name: 'page with 10,000 rows in the queue, beside one',
    ours: `+${growth.toFixed(1)} MB`,
    peer: `${short.toFixed(0)} MB with one row`,
    ratio: null,
    bar: '< +30 MB',
    pass: growth < 30,
  };
}

/** Megabytes that the page holds with so many transfers in its list, after that was scrolled to the end. */
async function heapWith(bench: BenchSetup, document: Document, count: number): Promise<number> {
  if (document.kind !== 'files') throw new Error('no tab with files');
  const { target, localPath } = document;
  const transfers = Array.from({ length: count }, (_, index) => ({
    id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    spec: { direction: 'upload', target, sources: [join(localPath, 'many', `entry-${index}.log`)], folder: '/tmp', conflicts: 'ask', rename: null },
    state: 'paused',
    policy: 'ask',
    isAgain: false,
    parts: {},
    row: {
      ...{ items: { done: 0, total: 1 }, bytes: { done: 0, total: index }, skipped: 0, failures: 0, problems: [], notes: [], error: null },
      ...{ createdAt: index, startedAt: null, finishedAt: null },
    },
  }));
  writeFileSync(join(bench.home, 'transfers.json'), JSON.stringify({ version: 1, perHost: 2, transfers }));
  const app = await openInBrowser(bench, [document]);
  try {
    const { page } = app;
    const queue = page.getByRole('grid', { name: 'Transfers' });
    await shown(page);
    await page.locator(`[role=grid][aria-label=Transfers][aria-rowcount="${count}"]`).waitFor({ timeout: 60_000 });
    const heap = await pageHeap(page);
    await queue.focus();
    for (const key of ['End', 'Home', 'End']) await page.keyboard.press(key);
    await pause(2000);
    return await heap();
  } finally {
    await app.kill();
  }
}
