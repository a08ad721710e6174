import { describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { ResourcePage } from '../../../shared/model/resource.ts';
import { sampleResource } from '../../fakes/samples.ts';
import { createResourcePages, type FetchPage, resourceAt } from './resource-pages.ts';

const size = 10;

/** A list of `total` resources whose keys are indices. */
function listOf(total: number) {
  const asked: string[] = [];
  const fetch = vi.fn<FetchPage>(async (startKey) => {
    asked.push(startKey);
    const from = Number(startKey || 0);
    const resources = Array.from({ length: Math.min(size, total - from) }, (_, index) => sampleResource(from + index));
    return { resources, nextKey: from + size < total ? String(from + size) : '', skipped: 0 };
  });
  return { fetch, asked };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const held = (store: ReturnType<typeof createResourcePages>) => store.getState().slots.filter(({ resources }) => resources !== null).length;

async function visitAll(store: ReturnType<typeof createResourcePages>) {
  for (let guard = 0; guard < 1000 && !store.getState().complete; guard++) {
    const { count } = store.getState();
    store.show(count - 5, count - 1);
    await settled();
  }
}

describe('pages', () => {
  test('the first page comes with the query, the next when its end is near', async () => {
    const store = createResourcePages();
    const { fetch, asked } = listOf(1000);
    store.load(fetch);
    await settled();
    expect(store.getState()).toMatchObject({ status: 'ready', count: 10, complete: false });
    store.show(0, 9);
    store.show(0, 9);
    await settled();
    expect(asked).toEqual(['', '10']);
    expect(store.getState().count).toBe(20);
  });

  test('pages far away are dropped, and come back when they are looked at', async () => {
    const store = createResourcePages();
    store.load(listOf(1000).fetch);
    await settled();
    await visitAll(store);
    expect(store.getState()).toMatchObject({ count: 1000, complete: true });
    expect(held(store)).toBeLessThanOrEqual(12);
    expect(resourceAt(store.getState(), 3)).toBeUndefined();
    store.show(0, 9);
    await settled();
    expect(resourceAt(store.getState(), 3)?.id).toBe(sampleResource(3).id);
    expect(resourceAt(store.getState(), 999)).toBeUndefined();
    expect(store.getState().count).toBe(1000);
  });

  test('an answer to an abandoned query is dropped', async () => {
    const store = createResourcePages();
    let answer: (page: ResourcePage) => void = () => {};
    let signal: AbortSignal | undefined;
    store.load((_key, given) => {
      signal = given;
      return new Promise((resolve) => {
        answer = resolve;
      });
    });
    store.load(listOf(3).fetch);
    expect(signal?.aborted).toBe(true);
    await settled();
    answer({ resources: [sampleResource(500)], nextKey: '', skipped: 0 });
    await settled();
    expect(store.getState().count).toBe(3);
  });

  test('the rows of the last query stay until the new ones are there', async () => {
    const store = createResourcePages();
    store.load(listOf(5).fetch);
    await settled();
    store.load(listOf(2).fetch);
    expect(store.getState()).toMatchObject({ status: 'loading', count: 5 });
    await settled();
    expect(store.getState()).toMatchObject({ status: 'ready', count: 2 });
  });
});

describe('failures', () => {
  test('a failed first page leaves no rows and can be asked for again', async () => {
    const store = createResourcePages();
    const { fetch } = listOf(4);
    fetch.mockRejectedValueOnce(new AppError('offline', 'Away.'));
    store.load(fetch);
    await settled();
    expect(store.getState()).toMatchObject({ status: 'failed', count: 0, error: { code: 'offline' } });
    store.retry();
    await settled();
    expect(store.getState()).toMatchObject({ status: 'ready', count: 4, error: null });
  });

  test('a failed next page keeps the rows, is not asked for in a loop, and goes on after a retry', async () => {
    const store = createResourcePages();
    const { fetch, asked } = listOf(100);
    store.load(fetch);
    await settled();
    fetch.mockRejectedValueOnce(new AppError('timeout', 'Slow.'));
    store.show(0, 9);
    await settled();
    store.show(0, 9);
    store.show(0, 9);
    await settled();
    expect(asked).toEqual(['']);
    expect(store.getState()).toMatchObject({ status: 'ready', count: 10, error: { code: 'timeout' } });
    store.retry();
    store.show(0, 9);
    await settled();
    expect(store.getState()).toMatchObject({ count: 20, error: null });
  });

  test('a server that gives a key again cannot make the list endless', async () => {
    const store = createResourcePages();
    store.load(async (startKey) => ({ resources: [sampleResource(1)], nextKey: startKey === '' ? 'a' : startKey === 'a' ? 'b' : 'a', skipped: 1 }));
    await settled();
    await visitAll(store);
    expect(store.getState()).toMatchObject({ complete: true, count: 3, skipped: 3 });
  });

  test('nothing is asked for after it was disposed of', async () => {
    const store = createResourcePages();
    const { fetch } = listOf(100);
    store.load(fetch);
    await settled();
    store.dispose();
    store.show(0, 9);
    store.retry();
    await settled();
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});
