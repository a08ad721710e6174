import { createStore, type StoreApi } from 'zustand';
import { AppError, type ErrorData } from '../../../../shared/errors/app-error.ts';
import type { AccessRequest, RequestPage } from '../../../../shared/model/access-request.ts';

export const pageSize = 100;

export interface RequestPages {
  /** `loading` has no rows of this query yet; those of the query before may still stand in `pages`. */
  readonly status: 'idle' | 'loading' | 'ready' | 'failed';
  /** How many requests fit the query. */
  readonly total: number;
  /** By page number; what was scrolled far away from is missing. */
  readonly pages: ReadonlyMap<number, readonly AccessRequest[]>;
  /** Why rows could not be had. */
  readonly error: ErrorData | null;
}

export type FetchRequests = (offset: number, limit: number, signal: AbortSignal) => Promise<RequestPage>;

export interface RequestPagesStore extends StoreApi<RequestPages> {
  /** Starts over with another query; the rows of the last one stay until the first page is there. */
  load(fetch: FetchRequests): void;
  /** The list is at this revision now: what is on screen and older is read again, and stays meanwhile. */
  refresh(revision: number): void;
  /** Reads again what failed, and what is on screen when anything did. */
  retry(): void;
  /** Says which rows are on screen. */
  show(first: number, last: number): void;
  dispose(): void;
}

const empty: RequestPages = { status: 'idle', total: 0, pages: new Map(), error: null };

/** The row at `index`; undefined while its page is not there. */
export const requestAt = ({ pages }: RequestPages, index: number): AccessRequest | undefined =>
  pages.get(Math.floor(index / pageSize))?.[index % pageSize];

/** Where a request stands among the rows that are there, or -1. */
export function indexOfRequest({ pages }: RequestPages, id: string): number {
  if (id === '') return -1;
  for (const [page, rows] of pages) {
    const at = rows.findIndex((request) => request.id === id);
    if (at >= 0) return page * pageSize + at;
  }
  return -1;
}

export function createRequestPages(): RequestPagesStore {
  const store = createStore<RequestPages>(() => empty);
  let fetch: FetchRequests | null = null;
  let controller = new AbortController();
  let shown = { from: 0, to: 0 };
  /** The newest revision that is known of. */
  let revision = 0;
  /** The revision that a page was read at, whether that worked or not. */
  const readAt = new Map<number, number>();
  const underWay = new Set<number>();

  const read = async (page: number) => {
    if (!fetch || underWay.has(page)) return;
    const { signal } = controller;
    underWay.add(page);
    const asOf = revision;
    try {
      const answer = await fetch(page * pageSize, pageSize, signal);
      if (signal.aborted) return;
      underWay.delete(page);
      readAt.set(page, Math.max(asOf, answer.revision));
      store.setState(({ status, pages }) => {
        const kept = status === 'loading' ? [] : [...pages].filter(([number]) => near(number) && number * pageSize < answer.total);
        return { status: 'ready', total: answer.total, error: null, pages: new Map([...kept, [page, answer.requests]]) };
      });
    } catch (caught) {
      if (signal.aborted) return;
      underWay.delete(page);
      readAt.set(page, asOf);
      const error = AppError.from(caught).toData();
      store.setState(({ status }) => (status === 'loading' ? { ...empty, status: 'failed', error } : { error }));
    }
    readShown();
  };
  const near = (page: number) => page >= shown.from - 2 && page <= shown.to + 2;
  const readShown = () => {
    const { status, total } = store.getState();
    if (status === 'idle' || status === 'failed') return;
    const last = status === 'loading' ? 0 : Math.min(shown.to, Math.max(0, Math.ceil(total / pageSize) - 1));
    for (let page = status === 'loading' ? 0 : Math.min(shown.from, last); page <= last; page++) {
      if ((readAt.get(page) ?? -1) < revision) void read(page);
    }
  };

  return {
    ...store,
    load(newFetch) {
      controller.abort();
      controller = new AbortController();
      underWay.clear();
      readAt.clear();
      shown = { from: 0, to: 0 };
      fetch = newFetch;
      store.setState({ status: 'loading', error: null });
      readShown();
    },
    refresh(newRevision) {
      if (newRevision === revision) return;
      // An app that was started anew counts from the beginning.
      if (newRevision < revision) readAt.clear();
      revision = newRevision;
      if (store.getState().status === 'failed') store.setState({ status: 'loading', error: null });
      readShown();
    },
    retry() {
      const { status, error } = store.getState();
      if (error === null) return;
      readAt.clear();
      store.setState({ status: status === 'failed' ? 'loading' : status, error: null });
      readShown();
    },
    show(first, last) {
      shown = { from: Math.floor(Math.max(0, first) / pageSize), to: Math.floor(Math.max(0, last) / pageSize) };
      if (store.getState().status === 'ready') readShown();
    },
    dispose() {
      controller.abort();
      underWay.clear();
      readAt.clear();
      fetch = null;
      store.setState(empty);
    },
  };
}
