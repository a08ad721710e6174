import { describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { type FetchPage, indexOfRow, PagedStore, rowAt } from './paged-store.ts';

const pageSize = 10;
const limits = { pageSize, keep: 5, ahead: 10 };
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const held = (store: PagedStore<string>) => store.state.getState().slots.filter(({ rows }) => rows !== null).length;
const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, index) => `row ${from + index}`);

/** A list of `total` rows whose keys are indices. */
function keyed(total: number) {
  const asked: string[] = [];
  const fetch = vi.fn<FetchPage<string>>(async ({ key }) => {
    asked.push(key);
    const from = Number(key || 0);
    return { rows: range(from, Math.min(total, from + pageSize)), nextKey: from + pageSize < total ? String(from + pageSize) : '', skipped: 0 };
  });
  return { fetch, asked };
}

/** A list that tells its length. Its rows say which revision they are of, from the second on. */
function counted(total: number) {
  const list = { total, revision: 1 };
  const asked: number[] = [];
  const fetch = vi.fn<FetchPage<string>>(async ({ offset, limit }) => {
    asked.push(offset);
    const rows = range(offset, Math.min(list.total, offset + limit));
    return { rows: list.revision === 1 ? rows : rows.map((row) => `${row}, revision ${list.revision}`), ...list };
  });
  return { fetch, asked, list };
}

async function loaded(fetch: FetchPage<string>, given = limits) {
  const store = new PagedStore<string>(given);
  store.load(fetch);
  await settled();
  return store;
}

async function visitAll(store: PagedStore<string>) {
  for (let guard = 0; guard < 1000 && !store.state.getState().complete; guard++) {
    const { count } = store.state.getState();
    store.show(count - 5, count - 1);
    await settled();
  }
}

describe('a list with keys', () => {
  test('the first page comes with the query, the next when its end is near', async () => {
    const { fetch, asked } = keyed(1000);
    const store = await loaded(fetch, { ...limits, ahead: 0 });
    expect(store.state.getState()).toMatchObject({ status: 'ready', count: 10, complete: false });
    expect(asked).toEqual(['']);
    store.show(0, 10);
    store.show(0, 10);
    await settled();
    expect(asked).toEqual(['', '10']);
    expect(store.state.getState().count).toBe(20);
  });

  test('pages far away are dropped, and come back when they are looked at', async () => {
    const store = await loaded(keyed(1000).fetch);
    await visitAll(store);
    expect(store.state.getState()).toMatchObject({ count: 1000, complete: true });
    expect(held(store)).toBeLessThanOrEqual(12);
    expect(rowAt(store.state.getState(), 3)).toBeUndefined();
    store.show(0, 9);
    await settled();
    expect(rowAt(store.state.getState(), 3)).toBe('row 3');
    expect(rowAt(store.state.getState(), 999)).toBeUndefined();
    expect(store.state.getState().count).toBe(1000);
  });

  test('a server that gives a key again cannot make the list endless', async () => {
    const store = await loaded(async ({ key }) => ({ rows: ['x'], nextKey: key === '' ? 'a' : key === 'a' ? 'b' : 'a', skipped: 1 }));
    await visitAll(store);
    expect(store.state.getState()).toMatchObject({ complete: true, count: 3, skipped: 3 });
  });

  test('a failed next page keeps the rows, is not asked for in a loop, and is read after a retry', async () => {
    const { fetch, asked } = keyed(100);
    const store = await loaded(fetch, { ...limits, ahead: 0 });
    fetch.mockRejectedValueOnce(new AppError('timeout', 'Slow.'));
    store.show(0, 10);
    await settled();
    store.show(0, 10);
    store.show(0, 10);
    await settled();
    expect(asked).toEqual(['']);
    expect(store.state.getState()).toMatchObject({ status: 'ready', count: 10, error: { code: 'timeout' } });
    store.retry();
    await settled();
    expect(store.state.getState()).toMatchObject({ count: 20, error: null });
  });
});

describe('a list that tells its length', () => {
  const small = { pageSize, keep: 1, ahead: 0 };

  test('pages are read where it is scrolled to, and nowhere else', async () => {
    const { fetch, asked } = counted(1000);
    const store = await loaded(fetch, small);
    store.show(495, 515);
    await settled();
    expect(asked).toEqual([0, 490, 500, 510]);
    expect(rowAt(store.state.getState(), 512)).toBe('row 512');
    expect(indexOfRow(store.state.getState(), (row) => row === 'row 512')).toBe(512);
    expect(indexOfRow(store.state.getState(), (row) => row === 'row 3')).toBe(-1);
  });

  test('a page that was dropped is read again', async () => {
    const { fetch, asked } = counted(1000);
    const store = await loaded(fetch, small);
    store.show(500, 505);
    await settled();
    expect(rowAt(store.state.getState(), 0)).toBeUndefined();
    store.show(0, 5);
    await settled();
    expect(rowAt(store.state.getState(), 0)).toBe('row 0');
    expect(asked).toEqual([0, 500, 0]);
  });

  test('a new revision reads what is on screen again, and keeps it meanwhile', async () => {
    const { fetch, list } = counted(30);
    const store = await loaded(fetch, small);
    store.refresh(1);
    list.revision = 2;
    list.total = 31;
    store.refresh(2);
    expect(rowAt(store.state.getState(), 0)).toBe('row 0');
    await settled();
    expect(rowAt(store.state.getState(), 0)).toBe('row 0, revision 2');
    expect(store.state.getState().count).toBe(31);
    expect(fetch).toHaveBeenCalledTimes(2);
    store.refresh(2);
    await settled();
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  test('an answer that is newer than what the store was told is not read twice', async () => {
    const { fetch, list } = counted(30);
    list.revision = 7;
    const store = await loaded(fetch, small);
    store.refresh(7);
    await settled();
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  test('an app that was started anew counts revisions from the beginning: everything is old', async () => {
    const { fetch, list } = counted(5);
    list.revision = 9;
    const store = await loaded(fetch, small);
    store.refresh(9);
    list.revision = 1;
    store.refresh(1);
    await settled();
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  test('a list that became shorter loses its end', async () => {
    const { fetch, list } = counted(30);
    const store = await loaded(fetch, small);
    store.show(0, 29);
    await settled();
    Object.assign(list, { revision: 2, total: 5 });
    store.refresh(2);
    await settled();
    expect(store.state.getState()).toMatchObject({ count: 5, status: 'ready' });
    expect(rowAt(store.state.getState(), 12)).toBeUndefined();
  });

  test('a page that failed is read again after a retry, or with a new revision', async () => {
    const { fetch, list } = counted(30);
    const store = await loaded(fetch, small);
    store.refresh(1);
    fetch.mockRejectedValueOnce(new AppError('internal', 'No.'));
    store.show(20, 25);
    await settled();
    expect(store.state.getState()).toMatchObject({ status: 'ready', error: { message: 'No.' } });
    store.retry();
    await settled();
    expect(rowAt(store.state.getState(), 20)).toBe('row 20');
    fetch.mockRejectedValueOnce(new AppError('internal', 'No.'));
    list.revision = 2;
    store.refresh(2);
    await settled();
    expect(rowAt(store.state.getState(), 20)).toBe('row 20');
    list.revision = 3;
    store.refresh(3);
    await settled();
    expect(store.state.getState().error).toBeNull();
    expect(rowAt(store.state.getState(), 20)).toBe('row 20, revision 3');
  });
});

describe('any list', () => {
  test('an answer to an abandoned query is dropped', async () => {
    const store = new PagedStore<string>(limits);
    let answer: (page: { rows: string[]; nextKey: string; skipped: number }) => void = () => {};
    let signal: AbortSignal | undefined;
    store.load((_ask, given) => {
      signal = given;
      return new Promise((resolve) => {
        answer = resolve;
      });
    });
    store.load(keyed(3).fetch);
    expect(signal?.aborted).toBe(true);
    await settled();
    answer({ rows: ['late'], nextKey: '', skipped: 0 });
    await settled();
    expect(store.state.getState().count).toBe(3);
  });

  test('the rows of the last query stay until the new ones are there', async () => {
    const store = await loaded(keyed(5).fetch);
    store.load(counted(2).fetch);
    expect(store.state.getState()).toMatchObject({ status: 'loading', count: 5 });
    await settled();
    expect(store.state.getState()).toMatchObject({ status: 'ready', count: 2 });
  });

  test('a failed first page leaves no rows and can be asked for again', async () => {
    const { fetch } = keyed(4);
    fetch.mockRejectedValueOnce(new AppError('offline', 'Away.'));
    const store = await loaded(fetch);
    expect(store.state.getState()).toMatchObject({ status: 'failed', count: 0, error: { code: 'offline' } });
    store.retry();
    await settled();
    expect(store.state.getState()).toMatchObject({ status: 'ready', count: 4, error: null });
  });

  test('a retry without a failure asks for nothing', async () => {
    const { fetch } = counted(4);
    const store = await loaded(fetch);
    store.retry();
    await settled();
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  test('nothing is asked for after it was disposed of', async () => {
    const { fetch } = keyed(100);
    const store = await loaded(fetch, { ...limits, ahead: 0 });
    store.dispose();
    store.show(0, 9);
    store.retry();
    store.refresh(4);
    await settled();
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(store.state.getState()).toMatchObject({ status: 'idle', count: 0 });
  });
});
