import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Page } from 'playwright-core';
import { have } from '../support/have.ts';
import { pageHeap } from './heap.ts';
import { installInPage } from './page/in-page.ts';
import { openInBrowser, showTerminal, terminalOn, typeLine } from './page-app.ts';
import { type Benchmark, median, needs, pause, quantile, type Row } from './row.ts';
import { startBench } from './setup.ts';

/** Size of the random output; SLIPWAY_BENCH_RANDOM_MB makes it smaller while one works on it. */
const randomSize = Number(process.env.SLIPWAY_BENCH_RANDOM_MB ?? 1000) * 1e6;
const longestRunMs = 1_800_000;

/** Output made to hold the window up, printed in the tab that a person types in. */
export const hostileOutput: Benchmark = {
  name: 'hostile output',
  async run() {
    needs(have('sshd'), 'sshd');
    const bench = await startBench();
    const app = await openInBrowser(bench, [terminalOn(bench, 'demo-openssh', 'hostile')]);
    try {
      const { page } = app;
      await showTerminal(page, 0);
      await installInPage(page);
      const heap = await pageHeap(page);
      const rows: Row[] = [];
      for (const [name, content] of Object.entries(outputs)) {
        const file = join(bench.home, name.replaceAll(/\W/g, '-'));
        await pipeline(Readable.from(content()), createWriteStream(file));
        await reset(page, 'ready');
        const before = await heap();
        const keys = await keysWhile(page, file);
        await reset(page, 'again');
        const grown = (await heap()) - before;
        rows.push({
          name: `${name}: key press until the next frame, p95`,
          ours: `${quantile(keys, 0.95).toFixed(0)} ms (p50 ${median(keys).toFixed(0)}, ${keys.length} keys)`,
          peer: '–',
          ratio: null,
          bar: '≤ 50 ms',
          pass: quantile(keys, 0.95) <= 50,
        });
        rows.push({
          name: `${name}: memory of the page after a reset`,
          ours: `${grown >= 0 ? '+' : '−'}${Math.abs(grown).toFixed(1)} MB`,
          peer: `${before.toFixed(0)} MB before`,
          ratio: null,
          bar: '≤ +30 MB',
          pass: grown <= 30,
        });
      }
      return rows;
    } finally {
      await app.kill();
      await bench.close();
    }
  },
};

const outputs: Record<string, () => Iterable<Buffer>> = {
  '100,000 marks on a letter': function* () {
    yield Buffer.from(`e${'\u0301'.repeat(100_000)}\n`);
  },
  '200,000 links': function* () {
    for (let from = 0; from < 200_000; from += 1000)
      yield Buffer.from(Array.from({ length: 1000 }, (_, at) => `\x1b]8;;https://example.com/${from + at}\x07x\x1b]8;;\x07`).join(''));
  },
  'random bytes': function* () {
    const next = randomBytes(12_345);
    for (let left = randomSize; left > 0; left -= 1e6) yield next(Math.min(left, 1e6));
  },
};

/** The same bytes in each run (xorshift32). */
function randomBytes(seed: number): (size: number) => Buffer {
  let state = seed;
  return (size) => {
    const words = new Uint32Array(Math.ceil(size / 4));
    for (let at = 0; at < words.length; at++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      words[at] = state;
    }
    return Buffer.from(words.buffer, 0, size);
  };
}

/** Ends string sequences and modes that output has left open, and waits for a new prompt. */
async function reset(page: Page, word: string): Promise<void> {
  const shown = page.evaluate((text) => inPage.shown(text), `${word}-42`);
  await typeLine(page, `printf '\\030\\033\\\\\\033c'; stty sane; echo ${word}-$((6*7))`);
  await shown;
  await pause(500);
}

/** Milliseconds from each key to the frame after it, while the file is printed. */
async function keysWhile(page: Page, file: string): Promise<number[]> {
  const ended = 'end-of-output-42';
  let over = false;
  const shown = page.evaluate((text) => inPage.shown(text), ended).then(() => (over = true));
  await typeLine(page, `stty -echo -isig; cat ${file}; stty sane; printf '\\030\\033\\\\\\033c'; echo end-of-output-$((6*7))`);
  const deadline = Date.now() + longestRunMs;
  await page.evaluate(() => inPage.keyFrames());
  do {
    await page.keyboard.press(' ');
    await pause(30);
    if (Date.now() > deadline) throw new Error('the output did not end in half an hour');
  } while (!over);
  await shown;
  const times = await page.evaluate(() => inPage.keyFrames());
  await page.keyboard.press('Enter');
  return times;
}
