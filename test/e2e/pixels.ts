import type { Page } from 'playwright-core';

/** Dark pixels on a light background, counted in device pixels on a screenshot. */
export interface Ink {
  /** From the first row with ink to the last. */
  rows: number;
  /** Ink in the fullest row of the lowest quarter: the underscores. */
  lowestRow: number;
}

/** An area of the page in CSS pixels. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The ink of the text in each of these areas, which are beside one another, from one screenshot. */
export async function inkIn<Names extends string>(page: Page, areas: Record<Names, Area>): Promise<Record<Names, Ink>> {
  const edges = Object.values<Area>(areas);
  const clip = {
    x: 0,
    y: 0,
    width: Math.max(...edges.map(({ x, width }) => x + width)),
    height: Math.max(...edges.map(({ y, height }) => y + height)),
  };
  const png = (await page.screenshot({ clip })).toString('base64');
  return page.evaluate(
    async ([data, wanted]) => {
      const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      const inkOf = (area: Area): Ink => {
        const [x, y, w, h] = [area.x, area.y, area.width, area.height].map((length) => Math.round(length * devicePixelRatio)) as [
          number,
          number,
          number,
          number,
        ];
        const pixels = context.getImageData(x, y, w, h).data;
        const counts = Array.from({ length: h }, (_, row) => {
          let dark = 0;
          for (let column = 0; column < w; column++) if (pixels[(row * w + column) * 4 + 1]! < 170) dark++;
          return dark;
        });
        const first = counts.findIndex((count) => count > 0);
        const last = counts.findLastIndex((count) => count > 0);
        const rows = last - first + 1;
        return { rows, lowestRow: Math.max(0, ...counts.slice(Math.floor(last - rows / 4) + 1, last + 1)) };
      };
      return Object.fromEntries(Object.entries(wanted as Record<string, Area>).map(([name, area]) => [name, inkOf(area)])) as Record<Names, Ink>;
    },
    [png, areas] as const,
  );
}
