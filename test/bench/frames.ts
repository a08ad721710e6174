import type { Page } from 'playwright-core';
import { quantile, type Row } from './row.ts';

const milliseconds = 5000;
const pixelsPerFrame = 240;

/** Frames while the list scrolls all the time, beside those of the page at rest; what `installInPage` brings is there. */
export function scrolling(page: Page, what: string): Promise<Row> {
  return besideIdle(page, `scrolling ${what}, p99 frame`, () =>
    page.evaluate(
      ([time, pixels]) => {
        const grid = document.querySelector('[role=grid]')!;
        grid.scrollTop = 0;
        return inPage.frames(time, () => (grid.scrollTop += pixels));
      },
      [milliseconds, pixelsPerFrame] as const,
    ),
  );
}

/** Frames while the filters of the list, buttons of the group with this name, are pressed one after the other, each some 200 ms after the last. */
export function filtering(page: Page, what: string, group: string): Promise<Row> {
  return besideIdle(page, `filtering ${what}, p99 frame`, () =>
    page.evaluate(
      ([time, name]) => {
        const buttons = [...document.querySelectorAll<HTMLElement>(`[role=group][aria-label="${name}"] button`)];
        let frame = 0;
        return inPage.frames(time, () => {
          if (frame++ % 12 === 0) buttons[((frame / 12) % buttons.length) | 0]!.click();
        });
      },
      [milliseconds, group] as const,
    ),
  );
}

async function besideIdle(page: Page, name: string, busy: () => Promise<number[]>): Promise<Row> {
  const runs = { ours: [] as number[][], peer: [] as number[][] };
  for (let run = 0; run < 3; run++) {
    runs.peer.push(await page.evaluate((time) => inPage.frames(time), milliseconds));
    runs.ours.push(await busy());
  }
  const figure = (frames: number[][]) =>
    `${quantile(frames.flat(), 0.99).toFixed(0)} ms (runs ${frames.map((run) => quantile(run, 0.99).toFixed(0)).join(', ')})`;
  const p99 = quantile(runs.ours.flat(), 0.99);
  return { name, ours: figure(runs.ours), peer: `${figure(runs.peer)} (idle page)`, ratio: null, bar: '< 50 ms', pass: p99 < 50 };
}
