// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pageIdentity } from './page-identity.ts';

const call = vi.fn(async () => ['tab']);
const load = (type: string) => {
  vi.spyOn(performance, 'getEntriesByType').mockReturnValue([Object.assign(performance.mark('load'), { type })]);
  return pageIdentity({ call: call as never });
};

beforeEach(() => {
  sessionStorage.clear();
  call.mockClear();
});
afterEach(() => void vi.restoreAllMocks());

test('a page that is loaded anew is the same, and learns which programs go on', async () => {
  const first = await load('navigate');
  expect(first.running.size).toBe(0);
  expect(call).not.toHaveBeenCalled();
  const again = await load('reload');
  expect(again.secret).toBe(first.secret);
  expect([...again.running]).toEqual(['tab']);
  expect(call).toHaveBeenCalledWith('terminals.kept', { page: first.secret }, expect.anything());
});

test('a copy of a tab, with its storage, is a page of its own', async () => {
  const first = await load('navigate');
  const copy = await load('back_forward');
  expect(copy.secret).not.toBe(first.secret);
  expect(copy.running.size).toBe(0);
});

test('a session host that does not answer keeps no page from opening', async () => {
  await load('navigate');
  call.mockRejectedValueOnce(new Error('gone'));
  expect((await load('reload')).running.size).toBe(0);
});
