import { isJsonObject, JsonFile } from '../lib/json-file.ts';

export interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface WindowState {
  /** Null until a window has stood somewhere. */
  bounds: Bounds | null;
  maximized: boolean;
  fullScreen: boolean;
  /** The theme last set, so that the empty window has its colour before the settings are read. */
  theme: 'system' | 'light' | 'dark';
  zoom: number;
}

export const minimumSize = { width: 490, height: 300 };
const defaultSize = { width: 1280, height: 800 };

/** The window's place. It is read before anything else is loaded, so the check is written by hand instead of with zod. */
export function windowStateFile(path: string): JsonFile<WindowState> {
  return new JsonFile<WindowState>({
    path,
    version: 1,
    check: ({ bounds, maximized, fullScreen, theme, zoom }) => ({
      bounds: checkBounds(bounds),
      maximized: maximized === true,
      fullScreen: fullScreen === true,
      theme: theme === 'light' || theme === 'dark' ? theme : 'system',
      zoom: typeof zoom === 'number' && zoom >= 0.5 && zoom <= 3 ? zoom : 1,
    }),
    fallback: () => ({ bounds: null, maximized: false, fullScreen: false, theme: 'system', zoom: 1 }),
    maxBytes: 64 * 1024,
  });
}

function checkBounds(raw: unknown): Bounds | null {
  if (!isJsonObject(raw)) return null;
  const { x, y, width, height } = raw;
  if (!isPixels(x) || !isPixels(y) || !isPixels(width) || !isPixels(height)) return null;
  return { x, y, width: Math.max(width, minimumSize.width), height: Math.max(height, minimumSize.height) };
}

const isPixels = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) < 100_000;

/**
 * Saved bounds as they can be used now: no larger than the work area of the display they fall on most, and with the title
 * bar within reach. On none of the displays: the default size in the middle of the first.
 */
export function fitBounds(saved: Bounds | null, workAreas: readonly Bounds[]): Bounds {
  const primary = workAreas[0] ?? { x: 0, y: 0, ...defaultSize };
  const best = saved && [...workAreas].sort((a, b) => overlap(saved, b) - overlap(saved, a))[0];
  if (!saved || !best || overlap(saved, best) === 0) {
    const width = Math.min(defaultSize.width, primary.width);
    const height = Math.min(defaultSize.height, primary.height);
    return { x: primary.x + Math.floor((primary.width - width) / 2), y: primary.y + Math.floor((primary.height - height) / 2), width, height };
  }
  const width = Math.min(saved.width, best.width);
  const height = Math.min(saved.height, best.height);
  const visible = 100;
  return {
    x: Math.min(Math.max(saved.x, best.x - width + visible), best.x + best.width - visible),
    y: Math.min(Math.max(saved.y, best.y), best.y + best.height - Math.min(visible, height)),
    width,
    height,
  };
}

function overlap(a: Bounds, b: Bounds): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}
