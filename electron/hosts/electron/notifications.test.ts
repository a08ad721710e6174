import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import { Topic } from '../../../shared/ipc/server.ts';
import type { RequestNotice, RequestsOverview } from '../../../shared/model/access-request.ts';

const id = '01a20459-6b5b-7109-89e4-5b37851e13c2';
const { app, FakeNotification } = vi.hoisted(() => {
  const listeners = new Map<string, (...given: unknown[]) => void>();
  class FakeNotification {
    static shown: FakeNotification[] = [];
    static supported = true;
    static isSupported = () => FakeNotification.supported;
    readonly options: { title: string; body: string };
    readonly on: (name: string, listener: () => void) => void;
    readonly click: () => void;
    constructor(options: { title: string; body: string }) {
      this.options = options;
      const handlers = new Map<string, () => void>();
      this.on = (name, listener) => void handlers.set(name, listener);
      this.click = () => handlers.get('click')?.();
    }
    show() {
      FakeNotification.shown.push(this);
    }
    close() {}
  }
  const app = {
    badge: 0,
    isPackaged: true,
    protocol: '',
    emit: (name: string, ...given: unknown[]) => listeners.get(name)?.(...given),
    on: (name: string, listener: (...given: unknown[]) => void) => void listeners.set(name, listener),
    setBadgeCount: (count: number) => {
      app.badge = count;
    },
    setAsDefaultProtocolClient: (scheme: string) => {
      app.protocol = scheme;
    },
  };
  return { app, FakeNotification };
});
const nativeImage = { createFromBitmap: (pixels: Buffer, size: object) => ({ pixels, ...size }) };
vi.mock('electron', () => ({ app, Notification: FakeNotification, nativeImage }));
const { showNotifications } = await import('./notifications.ts');
const { takeDeepLinks } = await import('./deep-links.ts');

const notice = (serial: number): RequestNotice => ({
  serial,
  kind: 'waiting',
  cluster: 'rita@c:443',
  request: id,
  title: `title ${serial}`,
  body: 'body',
});
const overview = (waiting: number) => ({ counts: { total: 9, waiting, pending: 0, approved: 0, reviewed: 0 } }) as RequestsOverview;
beforeEach(() => {
  FakeNotification.shown = [];
  FakeNotification.supported = true;
  app.badge = 0;
});

test('each new notice is shown once, and a click opens its request', () => {
  const notices = new Topic<RequestNotice[]>([notice(1)]);
  const open = vi.fn();
  const stop = showNotifications({ notices, requests: new Topic({}), window: () => null, open });
  expect(FakeNotification.shown).toEqual([]);
  notices.set([notice(1), notice(2)]);
  notices.set([notice(1), notice(2), notice(3)]);
  expect(FakeNotification.shown.map(({ options }) => options.title)).toEqual(['title 2', 'title 3']);
  FakeNotification.shown[1]!.click();
  expect(open).toHaveBeenCalledExactlyOnceWith({ cluster: 'rita@c:443', address: '', id });
  stop();
  notices.set([notice(4)]);
  expect(FakeNotification.shown).toHaveLength(2);
});

test('many at once do not bury the person, and a system without notifications is left alone', () => {
  const notices = new Topic<RequestNotice[]>([]);
  showNotifications({ notices, requests: new Topic({}), window: () => null, open: vi.fn() });
  notices.set(Array.from({ length: 40 }, (_, index) => notice(index + 1)));
  expect(FakeNotification.shown.map(({ options }) => options.title)).toEqual(['title 36', 'title 37', 'title 38', 'title 39', 'title 40']);
  FakeNotification.supported = false;
  notices.set([notice(41)]);
  expect(FakeNotification.shown).toHaveLength(5);
});

test('on Windows the button on the taskbar wears the count', () => {
  const worn: [{ pixels: Buffer; width: number; height: number } | null, string][] = [];
  const window = { setOverlayIcon: (image: unknown, text: string) => void worn.push([image as (typeof worn)[0][0], text]) };
  const requests = new Topic<Record<string, RequestsOverview>>({});
  showNotifications({ notices: new Topic<RequestNotice[]>([]), requests, window: () => window, platform: 'win32', open: vi.fn() });
  for (const count of [2, 12, 0]) requests.set({ a: overview(count) });
  expect(worn.map(([, text]) => text)).toEqual(['2 access requests wait for your review', '12 access requests wait for your review', '']);
  const [two, many, none] = worn.map(([image]) => image);
  expect([two!.width * two!.height * 4, none]).toEqual([two!.pixels.length, null]);
  expect(two!.pixels.equals(many!.pixels)).toBe(false);
  expect([...two!.pixels.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
  expect(app.badge).toBe(0);
});

test('the icon counts what waits on all clusters', () => {
  const requests = new Topic<Record<string, RequestsOverview>>({ a: overview(2) });
  showNotifications({ notices: new Topic<RequestNotice[]>([]), requests, window: () => null, open: vi.fn() });
  expect(app.badge).toBe(2);
  requests.set({ a: overview(2), b: overview(3) });
  expect(app.badge).toBe(5);
  requests.set({});
  expect(app.badge).toBe(0);
});

test('links come from macOS as events, from others on the command line; bad ones are refused', () => {
  const open = vi.fn();
  const refused = vi.fn();
  const links = takeDeepLinks(open, refused);
  expect(app.protocol).toBe('slipway');
  const event = new EventEmitter() as EventEmitter & { preventDefault(): void };
  event.preventDefault = vi.fn();
  app.emit('open-url', event, `slipway://cluster/c.example:443/requests/${id}`);
  links.fromArguments(['slipway', '--flag', `slipway://cluster/[::1]:3080/requests/${id}`]);
  links.fromArguments(['slipway', '--flag']);
  expect(open.mock.calls).toEqual([[{ cluster: null, address: 'c.example:443', id }], [{ cluster: null, address: '[::1]:3080', id }]]);
  links.fromArguments(['slipway', 'slipway://cluster/c.example:443/requests/x --connect=evil']);
  expect(refused).toHaveBeenCalledTimes(1);
  expect(open).toHaveBeenCalledTimes(2);
});
