import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { have } from '../support/have.ts';
import { openPeer } from './driven-shell.ts';
import { installInPage } from './page/in-page.ts';
import { openInBrowser, showTerminal, terminalOn, typeLine } from './page-app.ts';
import { serveRawPage } from './raw-page.ts';
import { type Benchmark, median, needs, type Row } from './row.ts';
import { megabyte, sampleOutput, writeSample } from './sample-output.ts';
import { startBench } from './setup.ts';

const rounds = 3;
const megabytes = 200;

/**
 * Output of a server's shell into a terminal tab, from Enter to the last line drawn, beside xterm alone on a page of the same browser: once fed
 * by `ssh` from the same server through a plain WebSocket, once with the same bytes out of its own memory, where no server takes part.
 */
export const pageOutput: Benchmark = {
  name: 'shell output into the page',
  async run() {
    needs(have('sshd'), 'sshd');
    needs(have('ssh'), 'ssh');
    const bench = await startBench();
    const shell = await openPeer(await bench.openSsh('demo-openssh'));
    const files = await serveRawPage(sampleOutput(5 * megabyte).replaceAll('\n', '\r\n'), shell);
    const app = await openInBrowser(bench, [terminalOn(bench, 'demo-openssh', 'output')]);
    try {
      const { page } = app;
      const raw = await page.context().newPage();
      await raw.goto(files.url);
      await page.bringToFront();
      await showTerminal(page, 0);
      await installInPage(page);
      await typeLine(page, 'stty -echo; PS1=');
      const options = await optionsOf(page);
      await raw.evaluate((settings) => rawXterm.open(settings), options);
      const speeds = { ours: [] as number[], fed: [] as number[], alone: [] as number[] };
      for (let round = 0; round <= rounds; round++) {
        const size = round === 0 ? 20 : megabytes;
        const command = writeSample(join(bench.home, 'sample'), size);
        const marker = `round-${round}`;
        await raw.bringToFront();
        const alone = await raw.evaluate((times) => rawXterm.show('sample', times), size / 5);
        const fed = await raw.evaluate(([url, typed, end]) => rawXterm.follow(url, typed, end), [
          files.url.replace('http', 'ws'),
          `${command}; echo ${marker}"-end"\n`,
          `${marker}-end`,
        ] as const);
        await page.bringToFront();
        const ours = await runInPage(page, command, marker);
        if (round === 0) continue;
        for (const [name, milliseconds] of Object.entries({ ours, fed, alone }))
          speeds[name as keyof typeof speeds].push(size / (milliseconds / 1000));
      }
      return [row(speeds.ours, speeds.fed, 'xterm fed by ssh'), row(speeds.ours, speeds.alone, 'xterm out of its memory, without a server')];
    } finally {
      await app.kill();
      shell.close();
      files.close();
      await bench.close();
    }
  },
};

function row(ours: number[], peer: number[], name: string): Row {
  const ratio = median(ours) / median(peer);
  const figure = (speeds: number[]) => `${median(speeds).toFixed(1)} MB/s`;
  return {
    name: `shell output, 200 MB, into the page; beside ${name}`,
    ours: figure(ours),
    peer: figure(peer),
    ratio,
    bar: '≥ 0.8 ×',
    pass: ratio >= 0.8,
  };
}

/** Milliseconds from Enter to the last line drawn. */
async function runInPage(page: Page, command: string, marker: string): Promise<number> {
  const shown = page.evaluate((text) => inPage.shown(text), `${marker}-end`);
  await typeLine(page, `${command}; echo ${marker}"-end"`);
  const started = await page.evaluate(() => inPage.lastKey());
  return (await shown) - started;
}

/** Size and font of the terminal on screen, so that xterm alone draws the same. */
async function optionsOf(page: Page) {
  const shown = page.evaluate(() => inPage.shown('-cols'));
  await typeLine(page, 'echo $(stty size | cut -d" " -f2)"-"cols');
  await shown;
  return page.evaluate(() => {
    const rows = document.querySelector<HTMLElement>('.xterm-rows')!;
    const { fontFamily, fontSize } = getComputedStyle(rows);
    return {
      cols: Number(/(\d+)-cols/.exec(rows.textContent ?? '')![1]),
      rows: rows.childElementCount,
      fontFamily,
      fontSize: Number.parseFloat(fontSize),
      scrollback: 5000,
    };
  });
}
