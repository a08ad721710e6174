import { createStore, type StoreApi } from 'zustand';
import { AppError, type ErrorData } from '../../../shared/errors/app-error.ts';
import type { Resource, ResourcePage } from '../../../shared/model/resource.ts';

/** Pages held on each side of what is on screen; those further away are dropped and asked for again when they come near. */
const keepAround = 5;
/** Rows before the end at which the next page is asked for. */
const ahead = 100;

interface Slot {
  readonly startKey: string;
  /** Index of its first row. */
  readonly offset: number;
  readonly count: number;
  /** Null while it is dropped. */
  readonly resources: readonly Resource[] | null;
}

export interface ResourcePages {
  /** `loading` has no rows of this query yet; those of the query before may still stand in `slots`. */
  readonly status: 'idle' | 'loading' | 'ready' | 'failed';
  readonly slots: readonly Slot[];
  /** Rows known so far, the dropped ones included. */
  readonly count: number;
  /** Nothing comes after the rows known so far. */
  readonly complete: boolean;
  /** Items the server sent that could not be understood. */
  readonly skipped: number;
  /** Why the first page (`failed`) or the next one (`ready`) could not be had. */
  readonly error: ErrorData | null;
}

export type FetchPage = (startKey: string, signal: AbortSignal) => Promise<ResourcePage>;

export interface ResourcePagesStore extends StoreApi<ResourcePages> {
  /** Starts over with another query; the rows of the last one stay until the first page is there. */
  load(fetch: FetchPage): void;
  /** Says which rows are on screen: near pages are fetched, far ones dropped. */
  show(first: number, last: number): void;
  /** Asks again for a first page that failed; for a later one, makes `show` ask again. */
  retry(): void;
  dispose(): void;
}

const empty: ResourcePages = { status: 'idle', slots: [], count: 0, complete: false, skipped: 0, error: null };

/** The row at `index`; undefined while its page is not there. */
export function resourceAt({ slots }: ResourcePages, index: number): Resource | undefined {
  const slot = slots.findLast(({ offset }) => offset <= index);
  return slot?.resources?.[index - slot.offset];
}

export function createResourcePages(): ResourcePagesStore {
  const store = createStore<ResourcePages>(() => empty);
  let fetch: FetchPage | null = null;
  let controller = new AbortController();
  let nextKey = '';
  const underWay = new Set<string>();

  /** One request per page at a time; an answer to an abandoned query is dropped. */
  const request = async (startKey: string, accept: (page: ResourcePage) => void, fail: (error: ErrorData) => void) => {
    if (!fetch || underWay.has(startKey)) return;
    const { signal } = controller;
    underWay.add(startKey);
    try {
      const page = await fetch(startKey, signal);
      if (!signal.aborted) accept(page);
    } catch (caught) {
      if (!signal.aborted) fail(AppError.from(caught).toData());
    } finally {
      if (!signal.aborted) underWay.delete(startKey);
    }
  };

  const append = (startKey: string, { resources, nextKey: next, skipped }: ResourcePage) => {
    const before = startKey === '' ? empty : store.getState();
    nextKey = next;
    store.setState({
      status: 'ready',
      error: null,
      slots: [...before.slots, { startKey, offset: before.count, count: resources.length, resources }],
      count: before.count + resources.length,
      // A server that gives its own key again would have us ask for ever.
      complete: next === '' || next === startKey || before.slots.some((slot) => slot.startKey === next),
      skipped: before.skipped + skipped,
    });
  };
  const loadFirst = () =>
    request(
      '',
      (page) => append('', page),
      (error) => store.setState({ ...empty, status: 'failed', error }),
    );
  const loadNext = () => {
    const key = nextKey;
    return request(
      key,
      (page) => append(key, page),
      (error) => store.setState({ error }),
    );
  };
  const setSlot = (startKey: string, resources: readonly Resource[] | null) =>
    store.setState(({ slots }) => ({ slots: slots.map((slot) => (slot.startKey === startKey ? { ...slot, resources } : slot)) }));
  const loadAgain = ({ startKey }: Slot) =>
    request(
      startKey,
      (page) => setSlot(startKey, page.resources),
      (error) => store.setState({ error }),
    );

  return {
    ...store,
    load(newFetch) {
      controller.abort();
      controller = new AbortController();
      underWay.clear();
      fetch = newFetch;
      store.setState({ status: 'loading', error: null });
      void loadFirst();
    },
    show(first, last) {
      const { status, slots, count, complete, error } = store.getState();
      if (status !== 'ready') return;
      const from = slots.findLastIndex(({ offset }) => offset <= first);
      const to = slots.findLastIndex(({ offset }) => offset <= last);
      const near = (index: number) => index >= from - keepAround && index <= to + keepAround;
      if (slots.some((slot, index) => slot.resources !== null && !near(index)))
        store.setState({ slots: slots.map((slot, index) => (near(index) ? slot : { ...slot, resources: null })) });
      if (error) return;
      for (const slot of slots.slice(Math.max(0, from - 1), to + 2)) if (slot.resources === null) void loadAgain(slot);
      if (!complete && last + ahead >= count) void loadNext();
    },
    retry() {
      if (store.getState().status !== 'failed') return store.setState({ error: null });
      store.setState({ status: 'loading', error: null });
      void loadFirst();
    },
    dispose() {
      controller.abort();
      underWay.clear();
      fetch = null;
      store.setState(empty);
    },
  };
}
