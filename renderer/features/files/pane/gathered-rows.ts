import type { FileEntry } from '../../../../shared/model/files.ts';
import type { ListingEnd } from '../side.ts';
import { addRun, mergeRows, type Row, type Sort, toRow } from './list/row-order.ts';

/** A list that grows eight times a second looks steady. */
const publishMs = 120;
/** Putting rows in order takes longer the more there are. It may take one fortieth of the time, so that the page stays quick. */
const restShare = 40;

/** Lets the page draw and answer before the work goes on. */
export const nextTurn = () => new Promise<void>((resolve) => setTimeout(resolve));

interface Options {
  /** The order that is wanted at the moment. */
  sort(): Sort;
  signal: AbortSignal;
  /** Nothing is published before the end. */
  keepsBack: boolean;
  /** All rows so far, in order. `end` comes with the last of them. */
  publish(rows: readonly Row[], end: ListingEnd | null): void;
}

/** The rows of a folder while its entries arrive, published in order now and then. Nothing is published after an abort. */
export class GatheredRows {
  readonly #options: Options;
  #rows: readonly Row[] = [];
  /** Arrived since the last time, in runs that are in order. */
  #added: readonly Row[][] = [];
  #nextId = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wait = publishMs;

  constructor(options: Options) {
    this.#options = options;
  }

  add(entries: readonly FileEntry[]): void {
    const run = entries.map((entry) => toRow(entry, this.#nextId++));
    this.#added = addRun(this.#added, run, this.#options.sort());
    if (!this.#options.keepsBack) this.#timer ??= setTimeout(() => void this.#publish(null), this.#wait);
  }

  finish(end: ListingEnd): Promise<void> {
    return this.#publish(end);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #publish(end: ListingEnd | null): Promise<void> {
    const { sort, signal, publish } = this.#options;
    clearTimeout(this.#timer);
    const order = sort();
    const started = performance.now();
    for (const run of this.#added) this.#rows = mergeRows(this.#rows, run, order);
    this.#added = [];
    this.#wait = Math.max(publishMs, restShare * (performance.now() - started));
    // Drawn in a turn of its own: together with the order it would hold up a frame.
    await nextTurn();
    this.#timer = undefined;
    if (signal.aborted) return;
    if (sort() !== order) this.#rows = mergeRows([], this.#rows, sort());
    publish(this.#rows, end);
  }
}
