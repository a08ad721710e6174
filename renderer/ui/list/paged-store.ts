import { createStore, type StoreApi } from 'zustand';
import { AppError, type ErrorData } from '../../../shared/errors/app-error.ts';

interface Slot<Row> {
  /** What the server knows the page by, where it gives keys. */
  readonly key: string;
  /** Index of its first row. */
  readonly offset: number;
  readonly count: number;
  /** Null until they are read, and again after they were dropped. */
  readonly rows: readonly Row[] | null;
  /** The list's revision that the rows are of. */
  readonly revision: number;
}

/** A long list of which only the pages near the screen are held. */
export interface Paged<Row> {
  /** `loading` has no rows of this query yet; those of the query before may still stand in `slots`. */
  readonly status: 'idle' | 'loading' | 'ready' | 'failed';
  readonly slots: readonly Slot<Row>[];
  /** Rows known so far, the dropped ones included. */
  readonly count: number;
  /** Nothing comes after the rows known so far. */
  readonly complete: boolean;
  /** Items the server sent that could not be understood. */
  readonly skipped: number;
  /** Why the first page (`failed`) or a later one (`ready`) could not be had. */
  readonly error: ErrorData | null;
}

export interface PageAsk {
  readonly offset: number;
  readonly limit: number;
  /** The key that came with the page before; empty for the first page. */
  readonly key: string;
}

/** A page of a list that tells its length. */
interface CountedPage<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  /** Grows whenever the list changes. */
  readonly revision: number;
}

/** A page of a list that gives with each page the key of the next; empty at the end. */
interface KeyedPage<Row> {
  readonly rows: readonly Row[];
  readonly nextKey: string;
  /** Items of the page that could not be understood. */
  readonly skipped: number;
}

export type PageAnswer<Row> = CountedPage<Row> | KeyedPage<Row>;

export type FetchPage<Row> = (ask: PageAsk, signal: AbortSignal) => Promise<PageAnswer<Row>>;

interface Limits {
  /** Rows that one page asks for. */
  readonly pageSize: number;
  /** Pages held on each side of the screen; those further away are dropped, and read again when they come near. */
  readonly keep: number;
  /** Rows beyond the screen that are read before they are scrolled to. */
  readonly ahead: number;
}

/** The row at `index`; undefined while its page is not there. */
export function rowAt<Row>({ slots }: Paged<Row>, index: number): Row | undefined {
  const slot = slots[slotAt(slots, index)];
  return slot?.rows?.[index - slot.offset];
}

/** Where a row stands among those that are there, or -1. */
export function indexOfRow<Row>({ slots }: Paged<Row>, isIt: (row: Row) => boolean): number {
  for (const { rows, offset } of slots) {
    const at = rows?.findIndex(isIt) ?? -1;
    if (at >= 0) return offset + at;
  }
  return -1;
}

const slotAt = (slots: readonly Slot<unknown>[], index: number) => slots.findLastIndex(({ offset }) => offset <= index);

const empty = { status: 'idle', slots: [], count: 0, complete: false, skipped: 0, error: null } as const;

/** Reads a long list page by page: those near the screen, once each, and again when the list has changed. */
export class PagedStore<Row> {
  readonly state: StoreApi<Paged<Row>> = createStore<Paged<Row>>(() => empty);
  readonly #limits: Limits;
  #fetch: FetchPage<Row> | null = null;
  #controller = new AbortController();
  #shown = { first: 0, last: 0 };
  #revision = 0;
  #nextKey = '';
  readonly #underWay = new Set<number>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Starts over with another query; the rows of the last one stay until the first page is there. */
  load(fetch: FetchPage<Row>): void {
    this.#abort();
    this.#fetch = fetch;
    this.#shown = { first: 0, last: 0 };
    this.state.setState({ status: 'loading', error: null });
    this.#readShown();
  }

  /** The list is at this revision now: what is on screen and older is read again, and stays meanwhile. */
  refresh(revision: number): void {
    if (revision === this.#revision) return;
    // An app that was started anew counts from the beginning.
    if (revision < this.#revision) this.state.setState(({ slots }) => ({ slots: slots.map((slot) => ({ ...slot, revision: -1 })) }));
    this.#revision = revision;
    this.#forgetError();
    this.#readShown();
  }

  /** Reads again what failed. After a failure nothing else is read until this, `refresh` or `load` is called. */
  readonly retry = (): void => {
    this.#forgetError();
    this.#readShown();
  };

  /** Says which rows are on screen: near pages are read, far ones dropped. */
  readonly show = (first: number, last: number): void => {
    this.#shown = { first: Math.max(0, first), last: Math.max(0, last) };
    const { status, slots } = this.state.getState();
    if (status !== 'ready') return;
    const kept = this.#dropFar(slots);
    if (kept !== slots) this.state.setState({ slots: kept });
    this.#readShown();
  };

  /** Ends what is under way and forgets the rows. */
  dispose(): void {
    this.#abort();
    this.#fetch = null;
    this.state.setState(empty);
  }

  #abort() {
    this.#controller.abort();
    this.#controller = new AbortController();
    this.#underWay.clear();
  }

  /** Lets a list that failed as a whole start over, and one that lacks pages go on. */
  #forgetError() {
    const { status, error } = this.state.getState();
    if (error) this.state.setState({ status: status === 'failed' ? 'loading' : status, error: null });
  }

  /** Reads the pages that are on screen or near it, and missing or older than the list. */
  #readShown() {
    const { status, slots, count, complete, error } = this.state.getState();
    if (status === 'loading') return void this.#read(0);
    if (status !== 'ready' || error) return;
    const { first, last } = this.#shown;
    const { ahead } = this.#limits;
    const [nearFrom, nearTo] = this.#near(slots);
    const from = Math.max(nearFrom, slotAt(slots, Math.max(0, first - ahead)), 0);
    const to = Math.min(nearTo, slotAt(slots, last + ahead));
    for (let page = from; page <= to; page++) {
      const slot = slots[page];
      if (slot && (slot.rows === null || slot.revision < this.#revision)) void this.#read(page);
    }
    if (!complete && last + ahead >= count) void this.#read(slots.length);
  }

  /** Reads one page, unless that is under way already. The answer to an abandoned query is dropped. */
  async #read(page: number) {
    if (!this.#fetch || this.#underWay.has(page)) return;
    const { signal } = this.#controller;
    const { status, slots, count } = this.state.getState();
    const slot = status === 'loading' ? first : (slots[page] ?? { key: this.#nextKey, offset: count });
    const asOf = this.#revision;
    this.#underWay.add(page);
    try {
      const answer = await this.#fetch({ offset: slot.offset, limit: this.#limits.pageSize, key: slot.key }, signal);
      if (signal.aborted) return;
      this.#accept(page, slot.key, answer, asOf);
    } catch (caught) {
      if (signal.aborted) return;
      const error = AppError.from(caught).toData();
      this.state.setState((now) => (now.status === 'loading' ? { ...empty, status: 'failed', error } : { error }));
    }
    this.#underWay.delete(page);
    this.#readShown();
  }

  #accept(page: number, key: string, answer: PageAnswer<Row>, asOf: number) {
    const now = this.state.getState();
    const before: Paged<Row> = now.status === 'loading' ? { ...empty, error: now.error } : now;
    if ('total' in answer) {
      const slots = withPage(before.slots, page, answer, this.#limits.pageSize, asOf);
      return this.state.setState({ ...before, status: 'ready', slots: this.#dropFar(slots), count: answer.total, complete: true });
    }
    if (page >= before.slots.length) this.#nextKey = answer.nextKey;
    this.state.setState({ ...before, status: 'ready', ...withKeyedPage(before, page, key, answer, asOf) });
  }

  /** Indices of the first and the last page that are held. */
  #near(slots: readonly Slot<Row>[]): [number, number] {
    const { keep } = this.#limits;
    return [slotAt(slots, this.#shown.first) - keep, slotAt(slots, this.#shown.last) + keep];
  }

  #dropFar(slots: readonly Slot<Row>[]): readonly Slot<Row>[] {
    const [from, to] = this.#near(slots);
    const isFar = ({ rows }: Slot<Row>, page: number) => rows !== null && (page < from || page > to);
    return slots.some(isFar) ? slots.map((slot, page) => (isFar(slot, page) ? { ...slot, rows: null } : slot)) : slots;
  }
}

const first = { key: '', offset: 0 };

/** The pages of a list whose length is known, with one that was read. */
function withPage<Row>(
  before: readonly Slot<Row>[],
  page: number,
  { rows, total, revision }: CountedPage<Row>,
  pageSize: number,
  asOf: number,
): Slot<Row>[] {
  return Array.from({ length: Math.ceil(total / pageSize) }, (_, at) => {
    const offset = at * pageSize;
    const old = before[at] ?? { rows: null, revision: 0 };
    const held = at === page ? { rows, revision: Math.max(asOf, revision) } : { rows: old.rows, revision: old.revision };
    return { key: '', offset, count: Math.min(pageSize, total - offset), ...held };
  });
}

/** The pages of a list that is read from key to key, with one that was read again, or that is new at its end. */
function withKeyedPage<Row>(
  before: Paged<Row>,
  page: number,
  key: string,
  { rows, nextKey, skipped }: KeyedPage<Row>,
  asOf: number,
): Partial<Paged<Row>> {
  if (page < before.slots.length) {
    return { slots: before.slots.map((slot, at) => (at === page ? { ...slot, rows, revision: asOf } : slot)) };
  }
  const slots = [...before.slots, { key, offset: before.count, count: rows.length, rows, revision: asOf }];
  return {
    slots,
    count: before.count + rows.length,
    // A server that gives a key twice would have the list go on for ever.
    complete: nextKey === '' || slots.some((slot) => slot.key === nextKey),
    skipped: before.skipped + skipped,
  };
}
