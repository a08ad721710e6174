import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTerminalPage } from '../support/terminal-page.ts';
import { type HostName, hosts } from './app.ts';

for (const host of Object.keys(hosts) as HostName[])
  describe.skipIf(!hosts[host])(`the contrast of text as it is drawn, in the ${host} host`, () => {
    let page: Page;
    let close: () => Promise<void>;
    beforeAll(async () => {
      ({ page, close } = await openTerminalPage(host));
    });
    afterAll(() => close?.());

    /** Contrast ratios (WCAG 2.2) of all spans that show `text`, by what they are drawn with. */
    const ratios = (text: string) =>
      page.evaluate((wanted) => {
        const channels = (colour: string) => (/\d[\d., ]*/.exec(colour)?.[0] ?? '').split(',').map(Number);
        const luminance = (colour: string) => {
          const [red, green, blue] = channels(colour).map((channel) => {
            const value = channel / 255;
            return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
          }) as [number, number, number];
          return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        };
        const page = getComputedStyle(document.querySelector('.xterm-scrollable-element') ?? document.querySelector('.xterm')!).backgroundColor;
        const background = (element: Element) => {
          const own = getComputedStyle(element).backgroundColor;
          return own === 'rgba(0, 0, 0, 0)' ? page : own;
        };
        return [...document.querySelectorAll('.xterm-rows span')]
          .filter(({ textContent }) => textContent?.includes(wanted))
          .map((span) => {
            const [light, dark] = [luminance(getComputedStyle(span).color), luminance(background(span))].sort((a, b) => b - a) as [number, number];
            return (light + 0.05) / (dark + 0.05);
          });
      }, text);

    test.each(['light', 'dark'] as const)('%s: all pairs of the sixteen colours and the default ones, bold and inverse too', async (theme) => {
      const colour = (at: number, base: number) => (at === 16 ? base + 9 : at < 8 ? base + at : base + 52 + at);
      for (const style of ['', '1;', '7;']) {
        await page.evaluate((wanted) => terminalInPage.open(wanted, {}), theme);
        const lines = Array.from({ length: 17 }, (_, back) =>
          Array.from({ length: 17 }, (_, front) => `\x1b[0;${style}${colour(front, 30)};${colour(back, 40)}mx\x1b[0m `).join(''),
        );
        await page.evaluate((text) => terminalInPage.output(text), `\x1b[?25l${lines.join('\r\n')}`);
        const found = await ratios('x');
        expect(found).toHaveLength(17 * 17);
        expect(Math.min(...found)).toBeGreaterThanOrEqual(4.45); // colours are whole numbers
      }
    });
  });
