import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const { app } = vi.hoisted(() => ({ app: { on: vi.fn<(name: string, listener: () => void) => void>(), quit: vi.fn() } }));
vi.mock('electron', () => ({ app }));
const { CloseWish } = await import('./close-wish.ts');

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let before: Map<string, readonly NodeJS.SignalsListener[]>;
beforeEach(() => (before = new Map(signals.map((name) => [name, process.listeners(name)]))));
afterEach(() => {
  for (const name of signals) for (const listener of process.listeners(name)) if (!before.get(name)?.includes(listener)) process.off(name, listener);
});

function setUp() {
  const wish = new CloseWish();
  const window = Object.assign(new EventEmitter(), { webContents: new EventEmitter() });
  wish.watch(window as unknown as BrowserWindow);
  /** True when the page may hold the window open. */
  const pageHolds = () => {
    const preventDefault = vi.fn();
    window.webContents.emit('will-prevent-unload', { preventDefault });
    return preventDefault.mock.calls.length === 0;
  };
  return { wish, close: () => window.emit('close'), quit: () => app.on.mock.lastCall?.[1](), pageHolds };
}

test('a quit that waited for the page goes on when the page closes its window', () => {
  const { wish, close, quit, pageHolds } = setUp();
  quit();
  close();
  expect(pageHolds()).toBe(true);
  expect(wish.quit).toBe(true);
});

test('after a quit that was cancelled, closing the window is only that', () => {
  const { wish, close, quit } = setUp();
  quit();
  close();
  close();
  expect(wish.quit).toBe(false);
});

test('a signal is not held up', () => {
  const { pageHolds } = setUp();
  process.emit('SIGTERM');
  expect(app.quit).toHaveBeenCalled();
  expect(pageHolds()).toBe(false);
});
