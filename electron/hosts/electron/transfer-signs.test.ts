import { beforeEach, expect, test, vi } from 'vitest';
import type { TransferRow, Transfers } from '../../../shared/model/files.ts';

const { FakeNotification, FakeChannel } = vi.hoisted(() => {
  class FakeChannel {
    port1 = { on: () => {}, start: () => {}, postMessage: () => {} };
    port2 = {};
  }
  class FakeNotification {
    static shown: FakeNotification[] = [];
    static isSupported = () => true;
    readonly options: { title: string; body: string };
    readonly #handlers = new Map<string, () => void>();
    constructor(options: { title: string; body: string }) {
      this.options = options;
    }
    on(name: string, listener: () => void) {
      this.#handlers.set(name, listener);
    }
    click() {
      this.#handlers.get('click')?.();
    }
    show() {
      FakeNotification.shown.push(this);
    }
  }
  return { FakeNotification, FakeChannel };
});
vi.mock('electron', () => ({ Notification: FakeNotification, MessageChannelMain: FakeChannel }));
const { TransferSigns } = await import('./transfer-signs.ts');

beforeEach(() => {
  FakeNotification.shown = [];
});

const fakeWindow = (isFocused = true) => {
  const bar: unknown[][] = [];
  return { bar, isFocused: () => isFocused, isDestroyed: () => false, setProgressBar: (...given: unknown[]) => void bar.push(given) };
};
type FakeWindow = ReturnType<typeof fakeWindow>;

const queue = (progress: number | null, state: TransferRow['state'] = 'running'): Transfers => ({
  rows: {
    a: {
      id: 'a',
      direction: 'download',
      state,
      name: 'x',
      sources: 1,
      folder: '/tmp',
      target: { login: 'root', hostname: 'h' },
      failures: 0,
      startedAt: 1,
      finishedAt: 2,
    } as TransferRow,
  },
  order: ['a'],
  totals: { active: progress === null ? 0 : 1, queued: 0, bytesDone: 0, bytesTotal: 0, speed: 0, secondsLeft: null, progress },
  perHost: 2,
  problem: null,
});

const setUp = (window: FakeWindow | null) => {
  const now = { window };
  const open = vi.fn();
  const signs = new TransferSigns({ window: () => now.window as never, open });
  return { signs, open, now };
};

test('the bar follows in whole percents, stands out while a transfer asks, and goes at the end', () => {
  const window = fakeWindow();
  const { signs } = setUp(window);
  signs.update(queue(null));
  for (const progress of [0, 0.001, 0.254, 0.256]) signs.update(queue(progress));
  signs.update(queue(0.256, 'asking'));
  signs.update(queue(null, 'done'));
  signs.update(queue(null, 'done'));
  expect(window.bar).toEqual([[0, { mode: 'normal' }], [0.25, { mode: 'normal' }], [0.25, { mode: 'paused' }], [-1]]);
});

test('a window that is opened later shows it too, and a dead session process leaves no bar behind', () => {
  const { signs, now } = setUp(null);
  signs.update(queue(0.5));
  const window = fakeWindow();
  now.window = window;
  signs.update(queue(0.5));
  signs.follow(() => {});
  expect(window.bar).toEqual([[0.5, { mode: 'normal' }], [-1]]);
});

test('an end that nobody looks at is told by the OS, and a click opens the transfers', () => {
  const { signs, open } = setUp(fakeWindow(false));
  signs.update(queue(0.5));
  signs.update(queue(null, 'done'));
  expect(FakeNotification.shown.map(({ options }) => options)).toEqual([{ title: 'Download done', body: 'x from root@h is in /tmp' }]);
  FakeNotification.shown[0]!.click();
  expect(open).toHaveBeenCalledOnce();
});
