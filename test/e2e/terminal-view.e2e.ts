import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contrast, palettes } from '../../renderer/features/terminal/look/palette.ts';
import { openTerminalPage } from '../support/terminal-page.ts';
import { type HostName, hosts } from './app.ts';

for (const host of Object.keys(hosts) as HostName[])
  describe.skipIf(!hosts[host])(`what a terminal shows beside its text, in the ${host} host`, () => {
    let page: Page;
    let close: () => Promise<void>;
    beforeAll(async () => {
      ({ page, close } = await openTerminalPage(host));
    });
    afterAll(() => close?.());

    /** `#rrggbb` of what is behind each place where the word stands, from the first line to the last. */
    const backgrounds = (word: string) =>
      page.evaluate((wanted) => {
        const hex = (colour: string) =>
          `#${(/\d[\d, ]*/.exec(colour)?.[0] ?? '')
            .split(',')
            .slice(0, 3)
            .map((channel) => Number(channel).toString(16).padStart(2, '0'))
            .join('')}`;
        return [...document.querySelectorAll('.xterm-rows > div')]
          .filter((row) => row.textContent?.includes(wanted))
          .map((row) => {
            const span = [...row.querySelectorAll('span')].find((each) => wanted.startsWith(each.textContent ?? '-'))!;
            return { behind: hex(getComputedStyle(span).backgroundColor), text: hex(getComputedStyle(span).color) };
          });
      }, word);

    test.each(['light', 'dark'] as const)('%s: the current match of a search is the strongest', async (theme) => {
      await page.evaluate((wanted) => terminalInPage.open(wanted, {}), theme);
      await page.evaluate(() => terminalInPage.output('one needle\r\ntwo needle\r\nthree needle\r\n'));
      await page.evaluate((wanted) => terminalInPage.search(wanted, 'needle'), theme);
      const found = await backgrounds('needle');
      const strength = found.map(({ behind }) => contrast(behind, palettes[theme].background!));
      expect(strength).toHaveLength(3);
      expect(strength[2]).toBeGreaterThan(4.5); // the newest is found first
      expect(strength[2]).toBeGreaterThan(2 * Math.max(strength[0]!, strength[1]!));
      for (const { behind, text } of found) expect(contrast(behind, text)).toBeGreaterThanOrEqual(4.45);
    });

    test('an empty terminal has no scroll bar', async () => {
      await page.evaluate(() => terminalInPage.open('dark', {}));
      const bars = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('#terminal *')]
          .filter((element) => element.offsetWidth - element.clientWidth >= 8)
          .map(({ className }) => className),
      );
      expect(bars).toEqual([]);
      expect(await page.locator('.xterm .scrollbar.visible').count()).toBe(0);
    });
  });
