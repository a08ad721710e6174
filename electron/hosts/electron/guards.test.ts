import { EventEmitter } from 'node:events';
import type { Session, WebContents } from 'electron';
import { beforeEach, expect, test, vi } from 'vitest';

const { app } = vi.hoisted(() => ({
  app: {
    listeners: [] as ((event: unknown, contents: unknown) => void)[],
    on: (_name: string, listener: (event: unknown, contents: unknown) => void) => app.listeners.push(listener),
  },
}));
vi.mock('electron', () => ({ app }));
const { guardContents, guardSession, isPage } = await import('./guards.ts');

const page = 'slipway-app://app/index.html';
const refused = vi.fn();
beforeEach(() => {
  refused.mockClear();
  app.listeners.length = 0;
});

class FakeContents extends EventEmitter {
  open: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
  readonly loaded: string[] = [];
  async loadURL(url: string) {
    this.loaded.push(url);
  }
  setWindowOpenHandler(handler: typeof this.open) {
    this.open = handler;
  }
  try(event: string, details: object = {}): boolean {
    const preventDefault = vi.fn();
    this.emit(event, { preventDefault, ...details });
    return preventDefault.mock.calls.length === 0;
  }
}

test('a page that was left without asking is fetched back', () => {
  const contents = guarded();
  contents.emit('did-navigate', {}, page);
  expect(contents.loaded).toEqual([]);
  contents.emit('did-navigate', {}, 'about:blank');
  expect(contents.loaded).toEqual([page]);
  expect(refused).toHaveBeenCalledWith('navigation');
});

function guarded(): FakeContents {
  const contents = new FakeContents();
  guardContents(page, refused);
  app.listeners.at(-1)!({}, contents as unknown as WebContents);
  return contents;
}

test('the page may load itself again and nothing else', () => {
  const contents = guarded();
  expect(contents.try('will-frame-navigate', { url: page, isMainFrame: true })).toBe(true);
  for (const url of [
    'https://example.com/',
    'slipway-app://app/other.html',
    'slipway-app://other/index.html',
    'http://app/index.html',
    'file:///index.html',
    'data:text/html,x',
    'javascript:1',
    'about:blank',
    '',
  ])
    expect([url, contents.try('will-frame-navigate', { url, isMainFrame: true })]).toEqual([url, false]);
  expect(contents.try('will-frame-navigate', { url: page, isMainFrame: false })).toBe(false);
  expect(contents.try('will-redirect', { url: page })).toBe(false);
  expect(contents.try('will-attach-webview')).toBe(false);
  expect(contents.open({ url: page })).toEqual({ action: 'deny' });
});

test('other schemes and hosts are not the page', () => {
  expect(isPage('slipway-app://app/assets/x.js', page)).toBe(true);
  for (const url of ['slipway-app://app.evil/index.html', 'slipway-app://app:1/', 'slipway-app2://app/', 'https://app/', 'no url'])
    expect([url, isPage(url, page)]).toEqual([url, false]);
});

test('the page gets the clipboard and no other permission, and other pages none', () => {
  const handlers = new Map<string, (...args: never[]) => unknown>();
  const emitter = new EventEmitter();
  const keep = (name: string) => (handler: (...args: never[]) => unknown) => handlers.set(name, handler);
  const session = Object.assign(emitter, {
    setPermissionRequestHandler: keep('request'),
    setPermissionCheckHandler: keep('check'),
    setDevicePermissionHandler: keep('device'),
  });
  guardSession(session as unknown as Session, page, refused);
  const request = (permission: string, requestingUrl: string) => {
    let answer: boolean | undefined;
    (handlers.get('request') as (...args: unknown[]) => void)(null, permission, (allowed: boolean) => (answer = allowed), { requestingUrl });
    return answer;
  };
  const check = handlers.get('check') as (...args: unknown[]) => boolean;
  for (const permission of ['clipboard-read', 'clipboard-sanitized-write']) {
    expect(request(permission, page)).toBe(true);
    expect(check(null, permission, 'slipway-app://app/')).toBe(true);
    expect(request(permission, 'https://example.com/')).toBe(false);
    expect(check(null, permission, 'https://example.com/')).toBe(false);
  }
  for (const permission of ['media', 'geolocation', 'notifications', 'openExternal', 'fullscreen', 'fileSystem', 'serial', 'display-capture']) {
    expect(request(permission, page)).toBe(false);
    expect(check(null, permission, 'slipway-app://app/')).toBe(false);
  }
  expect((handlers.get('device') as () => boolean)()).toBe(false);
  const download = (url: string) => {
    const preventDefault = vi.fn();
    emitter.emit('will-download', { preventDefault }, { getURL: () => url });
    return preventDefault.mock.calls.length === 0;
  };
  expect(download('blob:slipway-app://app/1')).toBe(true);
  expect(download('https://example.com/x.exe')).toBe(false);
});
