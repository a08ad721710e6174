import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fitBounds, windowStateFile } from './window-state.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-window-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const screen = { x: 0, y: 25, width: 1920, height: 1055 };
const second = { x: 1920, y: 0, width: 1280, height: 1024 };

test('saved bounds come back as they were when they still fit', async () => {
  const path = join(folder, 'window.json');
  const bounds = { x: 2000, y: 40, width: 800, height: 600 };
  await windowStateFile(path).write({ bounds, maximized: true, fullScreen: false, theme: 'dark', zoom: 1.2 });
  expect(windowStateFile(path).read().value).toEqual({ bounds, maximized: true, fullScreen: false, theme: 'dark', zoom: 1.2 });
  expect(fitBounds(bounds, [screen, second])).toEqual(bounds);
});

test('on a display that is gone, the window opens in the middle of the first', () => {
  expect(fitBounds({ x: 5000, y: 0, width: 800, height: 600 }, [screen])).toEqual({ x: 320, y: 152, width: 1280, height: 800 });
  expect(fitBounds(null, [{ x: 0, y: 0, width: 1024, height: 700 }])).toEqual({ x: 0, y: 0, width: 1024, height: 700 });
});

test('whatever was saved, the title bar is within reach and the window is no larger than its display', () => {
  const integer = fc.integer({ min: -20_000, max: 20_000 });
  const size = fc.integer({ min: 1, max: 20_000 });
  fc.assert(
    fc.property(fc.record({ x: integer, y: integer, width: size, height: size }), (bounds) => {
      const fitted = fitBounds(bounds, [screen, second]);
      const reach = [screen, second].some(
        (area) =>
          fitted.x + fitted.width >= area.x + 1 && fitted.x <= area.x + area.width - 1 && fitted.y >= area.y && fitted.y < area.y + area.height,
      );
      expect(reach).toBe(true);
      expect(fitted.width).toBeLessThanOrEqual(1920);
      expect(fitted.height).toBeLessThanOrEqual(1055);
    }),
  );
});

test('nonsense in the file is as no file', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (bounds) => {
      writeFileSync(join(folder, 'window.json'), JSON.stringify({ bounds, maximized: bounds, theme: bounds }));
      const { value } = windowStateFile(join(folder, 'window.json')).read();
      expect(value.bounds === null || Number.isSafeInteger(value.bounds.x)).toBe(true);
    }),
  );
});
