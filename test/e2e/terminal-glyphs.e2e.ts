import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openTerminalPage } from '../support/terminal-page.ts';
import { type HostName, hosts } from './app.ts';
import { inkIn } from './pixels.ts';

const text = '____gjpqy';
const allSizes = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24];
/** The fonts that are offered on Linux, each by itself. */
const fonts = ['DejaVu Sans Mono', 'Liberation Mono'];

interface Screen {
  host: HostName;
  renderer: 'dom' | 'gpu';
  /** Device pixels per CSS pixel. */
  ratio: number;
  sizes: readonly number[];
}

/**
 * Heights are rounded to whole device pixels, so a font is cut off or not by its size times the ratio. All sizes are tried at ratio 1, where most are cut off;
 * at the others those that come to a new number of device pixels. Both renderers have the same heights, so the slow one takes few sizes.
 */
const screens: readonly Screen[] = [
  { host: 'browser', renderer: 'dom', ratio: 1, sizes: allSizes },
  { host: 'browser', renderer: 'dom', ratio: 1.25, sizes: [10, 11, 13, 14, 15, 17, 19, 23] },
  { host: 'browser', renderer: 'dom', ratio: 1.5, sizes: [10, 11, 13, 14, 15, 17, 19, 23] },
  { host: 'browser', renderer: 'dom', ratio: 2, sizes: [10, 13, 14, 17, 24] },
  { host: 'browser', renderer: 'gpu', ratio: 1, sizes: [10, 14, 19] },
  { host: 'browser', renderer: 'gpu', ratio: 1.25, sizes: [14] },
  { host: 'browser', renderer: 'gpu', ratio: 1.5, sizes: [10, 14] },
  { host: 'browser', renderer: 'gpu', ratio: 2, sizes: [14] },
  { host: 'electron', renderer: 'dom', ratio: 1, sizes: [10, 13, 14, 17, 24] },
  { host: 'electron', renderer: 'gpu', ratio: 1, sizes: [10, 14] },
];

describe('glyphs are whole, with a coloured row below', () => {
  for (const { host, renderer, ratio, sizes } of screens)
    test.skipIf(!hosts[host])(`in the ${renderer} renderer of the ${host} host at ${ratio} device pixels`, async () => {
      const { page, close } = await openTerminalPage(host, { pixelRatio: ratio, gpu: renderer === 'gpu' });
      try {
        for (const font of fonts) for (const size of sizes) await expectWhole(page, { font, size, renderer, ratio });
      } finally {
        await close();
      }
    });
});

/** The ink of the text has the height it has where there is room all around it, and its underscores are there. */
async function expectWhole(page: Page, { font, size, renderer, ratio }: { font: string; size: number; renderer: Screen['renderer']; ratio: number }) {
  const settings = { fontFamily: font, fontSize: size, renderer };
  await page.evaluate((wanted) => terminalInPage.open('light', wanted), settings);
  await page.evaluate((line) => terminalInPage.output(`\x1b[?25l\r\n${line}\r\n\x1b[47m${' '.repeat(20)}`), text);
  await showReference(page, size);
  const { whole, drawn } = await inkIn(page, {
    whole: { x: 820, y: 0, width: 360, height: 80 },
    drawn: { x: 0, y: 0, width: 780, height: 80 },
  });
  const where = `${font} ${size} px`;
  expect(whole.rows, where).toBeGreaterThan(size * ratio * 0.6);
  // The GPU renderer draws glyphs on a canvas first, which softens their upper edges in another way.
  expect(drawn.rows, where).toBeGreaterThanOrEqual(whole.rows - (renderer === 'gpu' ? 1 : 0));
  expect(drawn.lowestRow, `underscores, ${where}`).toBeGreaterThanOrEqual(whole.lowestRow * 0.9);
}

/** The same text in the same font beside the terminal, with room all around it. */
async function showReference(page: Page, fontSize: number): Promise<void> {
  await page.evaluate(
    ([line, size]) => {
      document.getElementById('reference')?.remove();
      const reference = document.body.appendChild(document.createElement('div'));
      reference.id = 'reference';
      reference.textContent = line;
      reference.style.cssText =
        'position:absolute;left:820px;top:0;width:360px;background:#fff;color:#1c2128;line-height:80px;white-space:pre;font-kerning:none';
      reference.style.fontFamily = terminalInPage.view.terminal.options.fontFamily!;
      reference.style.fontSize = `${size}px`;
    },
    [text, fontSize] as const,
  );
}
