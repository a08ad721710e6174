// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pageKey } from './page-key.ts';

const storage = new Map<string, string>();
/** What the browser host takes, and gives the key for. */
const good = new Set<string>();
const shown: unknown[] = [];
beforeEach(() => {
  storage.clear();
  good.clear();
  shown.length = 0;
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => storage.get(name) ?? null,
    setItem: (name: string, text: string) => storage.set(name, text),
  });
  vi.stubGlobal('fetch', async (path: string, { method, body }: { method: string; body: string }) => {
    expect([path, method]).toEqual(['/page-key', 'POST']);
    shown.push(body);
    return good.has(body) ? new Response('key') : new Response('', { status: 403 });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  history.replaceState(null, '', '/');
});

test('the token behind # gives the key once and leaves the address; the kept key serves later', async () => {
  history.replaceState(null, '', '/#token=t');
  good.add('t');
  expect(await pageKey()).toBe('key');
  expect(location.href).not.toMatch(/token/);
  expect(shown).toEqual(['t']);
  good.clear();
  good.add('key');
  expect(await pageKey()).toBe('key');
  expect(shown).toEqual(['t', 'key']);
});

test('an address that was used already does no harm to a page that has the key', async () => {
  storage.set('slipway-page-key', 'old');
  good.add('old');
  history.replaceState(null, '', '/#token=used');
  expect(await pageKey()).toBe('key');
});

test('without either it says what to do', async () => {
  storage.set('slipway-page-key', 'of another run');
  await expect(pageKey()).rejects.toMatchObject({ code: 'access-denied', message: expect.stringMatching(/newest address/) });
});
