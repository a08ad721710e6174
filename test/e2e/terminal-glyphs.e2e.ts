import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTerminalPage } from '../support/terminal-page.ts';
import { hosts } from './app.ts';
import { inkIn } from './pixels.ts';

const text = '____gjpqy';
const sizes = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24];
/** The fonts that are offered on Linux, each by itself. */
const fonts = ['DejaVu Sans Mono', 'Liberation Mono'];

for (const renderer of ['dom', 'gpu'] as const)
  describe.skipIf(!hosts.browser).each([1, 1.25, 1.5, 2])(`glyphs are whole in the ${renderer} renderer at %s device pixels`, (pixelRatio) => {
    let page: Page;
    let close: () => Promise<void>;
    beforeAll(async () => {
      ({ page, close } = await openTerminalPage({ pixelRatio, gpu: renderer === 'gpu' }));
    });
    afterAll(() => close?.());

    test.each(fonts)('%s at every size, with a coloured row below', async (font) => {
      for (const fontSize of sizes) {
        await page.evaluate(([fontFamily, size, wanted]) => terminalInPage.open('light', { fontFamily, fontSize: size, renderer: wanted }), [
          font,
          fontSize,
          renderer,
        ] as const);
        await page.evaluate((line) => terminalInPage.output(`\x1b[?25l\r\n${line}\r\n\x1b[47m${' '.repeat(20)}`), text);
        await showReference(page, fontSize);
        const { whole, drawn } = await inkIn(page, {
          whole: { x: 820, y: 0, width: 360, height: 80 },
          drawn: { x: 0, y: 0, width: 780, height: 80 },
        });
        const where = `${font} ${fontSize} px`;
        expect(whole.rows, where).toBeGreaterThan(fontSize * pixelRatio * 0.6);
        // The GPU renderer draws glyphs on a canvas first, which softens their upper edges in another way.
        expect(drawn.rows, where).toBeGreaterThanOrEqual(whole.rows - (renderer === 'gpu' ? 1 : 0));
        expect(drawn.lowestRow, `underscores, ${where}`).toBeGreaterThanOrEqual(whole.lowestRow * 0.9);
      }
    });
  });

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
