import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTerminalPage } from '../support/terminal-page.ts';
import { hosts } from './app.ts';

/**
 * Output made to hold the window up, drawn in a real page. What it costs in milliseconds is measured by `npm run bench`; here a
 * line that costs the square of its length runs into the time limit.
 */
describe.skipIf(!hosts.browser)('hostile output in a real page', () => {
  let page: Page;
  let session: CDPSession;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ page, close } = await openTerminalPage('browser'));
    session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.enable');
  });
  afterAll(() => close?.());
  beforeEach(() => page.evaluate(() => terminalInPage.open('dark', {})));

  /** Megabytes of the page's heap after a collection. */
  const heap = async () => {
    for (let round = 0; round < 3; round++) await session.send('HeapProfiler.collectGarbage');
    return (await session.send('Runtime.getHeapUsage')).usedSize / 1e6;
  };
  const fullestCell = () =>
    page.evaluate(() => {
      const buffer = terminalInPage.view.terminal.buffer.active;
      let most = 0;
      for (let y = 0; y < buffer.length; y++)
        for (let x = 0; x < 100; x++) most = Math.max(most, [...(buffer.getLine(y)?.getCell(x)?.getChars() ?? '')].length);
      return most;
    });

  test.each([
    ['30,000 accents', 'e', '\u0301', 30_000],
    ['100,000 accents', 'e', '\u0301', 100_000],
    ['100,000 joiners', '👩', '\u200d', 100_000],
    ['100,000 variation selectors', 'a', '\ufe0f', 100_000],
    ['100,000 vowels of Hangul', '\u1100', '\u1161', 100_000],
    ['100,000 tags', '🏴', '\u{e0067}', 100_000],
    ['100,000 viramas', '\u0915', '\u094d', 100_000],
  ])('%s on one letter', { timeout: 20_000 }, async (_name, base, mark, times) => {
    await page.evaluate(([letter, accent, count]) => terminalInPage.output(`${letter}${accent.repeat(count)}\r\n`), [base, mark, times] as const);
    expect(await fullestCell()).toBe(17);
  });

  test('200,000 links: the heap is as before after a reset', async () => {
    const before = await heap();
    await page.evaluate(async () => {
      for (let from = 0; from < 200_000; from += 1000)
        await terminalInPage.output(Array.from({ length: 1000 }, (_, at) => `\x1b]8;;https://example.com/${from + at}\x07x\x1b]8;;\x07`).join(''));
    });
    await page.evaluate(() => terminalInPage.output('\x1bc'));
    expect((await heap()) - before).toBeLessThan(10);
  });

  test('an OSC and a DCS without an end keep nothing', async () => {
    const before = await heap();
    for (const begin of ['\x1b]0;', '\x18\x1bP$q']) await page.evaluate((start) => terminalInPage.output(start + 'x'.repeat(4_000_000)), begin);
    expect((await heap()) - before).toBeLessThan(10);
    await page.evaluate(() => terminalInPage.output('\x18\x1bcalive'));
    expect(await page.locator('.xterm-rows').textContent()).toContain('alive');
  });

  test('ten thousand changes of the palette are drawn once a frame', { timeout: 30_000 }, async () => {
    await page.evaluate(() =>
      terminalInPage.output(
        `${Array.from({ length: 10_000 }, (_, at) => `\x1b]4;1;#${(at % 4096).toString(16).padStart(3, '0')}\x07`).join('')}\x1b]4;1;#102030\x07`,
      ),
    );
    await page.evaluate(() => terminalInPage.output('\x1b[41mx'));
    const colour = () => page.evaluate(() => getComputedStyle(document.querySelector('.xterm-bg-1')!).backgroundColor);
    await expect.poll(colour).toBe('rgb(16, 32, 48)');
  });
});
