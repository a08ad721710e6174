import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../shared/errors/app-error.ts';
import { clusterProblems } from '../../shared/model/cluster.ts';
import type { RequestEvent } from '../teleport/auth/access-request-api.ts';
import type { RequestFacts } from '../teleport/auth/access-request-messages.ts';

/** Whose requests the event stream tells about. */
export type WatchScope = 'all' | 'own';

/** `live`: everything by events. `own`: what is one's own; the rest is read at times. `interrupted`: the stream is down. `unwatched`: the server gives none. */
export type FeedConnection = 'live' | 'own' | 'interrupted' | 'unwatched' | 'offline';

export interface FeedSource {
  list(signal: AbortSignal): Promise<RequestFacts[]>;
  get(id: string, signal: AbortSignal): Promise<RequestFacts | null>;
  watch(scope: WatchScope, onEvent: (event: RequestEvent) => void, signal: AbortSignal): Promise<never>;
}

export interface FeedTarget {
  /** Takes a full list that was requested at `since`. Returns the ids that have to be asked about one by one. */
  onList(all: RequestFacts[], since: number): string[];
  onPut(request: RequestFacts): void;
  onDelete(id: string): void;
  /** Whether an event may be an old one that was sent again; if so, the cluster is asked for the current state. */
  isDoubtful(request: RequestFacts): boolean;
  onConnection(state: FeedConnection, problem: AppError | null): void;
}

export interface FeedTimes {
  /** Between readings of the list while the stream is down, or the cluster cannot be reached. */
  pollMs: number;
  /**
   * Time between readings otherwise: for changes that the stream does not report, and in case the stream is silent when it should
   * not be.
   */
  reconcileMs: number;
  /** First and longest wait before the stream is opened again. */
  retryMs: readonly [number, number];
}

export const usualTimes: FeedTimes = { pollMs: 4000, reconcileMs: 30_000, retryMs: [250, 4000] };
/** More requests are doubtful than may be checked one by one, so the whole list is read again soon. */
const rereadMs = 1000;
/**
 * After the stream has come back the list is read once more after this time: the server's cache may lag behind the changes of the
 * time without a stream.
 */
const settleMs = 3000;
/** Each doubtful request costs one question; beyond this number another list is cheaper. */
const maxChecks = 50;
/** A slow list is read less often: reading takes at most one part in this many of the time. */
const readingShare = 20;
/** After these failures only another login helps, so nothing is repeated. */
const final = ['expired', 'not-found', 'closed', 'locked'];
/** Refusals of a watch that repeating does not change: the roles do not allow it, or the server does not know it. */
const refusals: readonly string[] = ['access-denied', 'unsupported', 'invalid-argument', 'session-mfa'];

/** Whether a watch failed for good. Most people may not watch, so that is no fault of the cluster: the list is read instead. */
export const isRefusedWatch = (caught: unknown) => refusals.includes(AppError.from(caught).code);

/**
 * Follows the access requests of one cluster through its event stream. The list is read at the beginning, whenever the stream is
 * established again, and every few seconds while it is not. A person who may not watch all requests gets events of their own ones,
 * and the list is read at intervals for the others. A refused watch is not repeated.
 */
export class RequestFeed {
  readonly #source: FeedSource;
  readonly #target: FeedTarget;
  readonly #times: FeedTimes;
  readonly #now: () => number;
  readonly #closing = new AbortController();
  #isLive = false;
  /** Null once all watches were refused. */
  #scope: WatchScope | null = 'all';
  #reading: Promise<void> | null = null;
  #readAgain = false;
  #timer: NodeJS.Timeout | undefined;
  #lastReadMs = 0;
  /** True until the list that follows the stream's return has been confirmed by a second one. */
  #isSettling = false;

  constructor(options: { source: FeedSource; target: FeedTarget; now: () => number; times?: FeedTimes }) {
    this.#source = options.source;
    this.#target = options.target;
    this.#now = options.now;
    this.#times = options.times ?? usualTimes;
  }

  start(): void {
    void this.#stream();
    void this.read();
  }

  /** Reads the whole list now. If a reading is under way, it may have begun too early, so another one follows it. */
  read(): Promise<void> {
    if (this.#reading) {
      this.#readAgain = true;
      return this.#reading;
    }
    this.#reading = this.#readAll().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  close(): void {
    this.#closing.abort(new AppError('closed', 'The access requests are not followed any more.'));
    clearTimeout(this.#timer);
  }

  async #readAll(): Promise<void> {
    const { signal } = this.#closing;
    let soon = false;
    let away = false;
    do {
      this.#readAgain = false;
      away = false;
      const since = this.#now();
      const began = performance.now();
      try {
        const all = await this.#source.list(signal);
        if (signal.aborted) return;
        const doubtful = this.#target.onList(all, since);
        soon = doubtful.length > maxChecks;
        for (const id of doubtful.slice(0, maxChecks)) void this.#check(id);
        this.#target.onConnection(this.#connection, null);
      } catch (caught) {
        if (signal.aborted) return;
        const error = AppError.from(caught);
        this.#target.onConnection('offline', error);
        if (final.includes(error.code)) return this.close();
        away = clusterProblems.includes(error.code);
      }
      // The duration of a failed reading measures the outage, not the cost of a list for the cluster.
      this.#lastReadMs = away ? 0 : performance.now() - began;
    } while (this.#readAgain);
    const settles = this.#isLive && this.#isSettling;
    if (settles) this.#isSettling = false;
    this.#later(soon ? rereadMs : settles ? settleMs : away || this.#connection === 'interrupted' ? this.#times.pollMs : this.#times.reconcileMs);
  }

  #later(wait: number): void {
    clearTimeout(this.#timer);
    if (this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => void this.read(), Math.max(wait, this.#lastReadMs * readingShare));
    this.#timer.unref();
  }

  get #connection(): FeedConnection {
    if (this.#scope === null) return 'unwatched';
    if (!this.#isLive) return 'interrupted';
    return this.#scope === 'all' ? 'live' : 'own';
  }

  async #stream(): Promise<void> {
    const { signal } = this.#closing;
    const [first, longest] = this.#times.retryMs;
    let wait = first;
    while (!signal.aborted && this.#scope) {
      try {
        await this.#source.watch(
          this.#scope,
          (event) => {
            if (event.type === 'ready') {
              wait = first;
              this.#isLive = true;
              this.#isSettling = true;
              void this.read();
            } else this.#onEvent(event);
          },
          signal,
        );
      } catch (caught) {
        const wasLive = this.#isLive;
        this.#isLive = false;
        if (signal.aborted) return;
        const error = AppError.from(caught);
        if (final.includes(error.code)) {
          this.#target.onConnection('offline', error);
          return this.close();
        }
        if (!wasLive && isRefusedWatch(error)) {
          this.#scope = this.#scope === 'all' ? 'own' : null;
          if (this.#scope === null) void this.read();
          continue;
        }
        if (wasLive) this.#target.onConnection('interrupted', null);
        if (wasLive) void this.read();
        await delay(wait, undefined, { signal, ref: false }).catch(() => {}); // the feed is closed, so the loop ends
        wait = Math.min(wait * 2, longest);
      }
    }
  }

  #onEvent(event: Exclude<RequestEvent, { type: 'ready' }>): void {
    if (event.type === 'delete') this.#target.onDelete(event.id);
    else if (this.#target.isDoubtful(event.request)) void this.#check(event.request.id);
    else this.#target.onPut(event.request);
  }

  async #check(id: string): Promise<void> {
    try {
      const found = await this.#source.get(id, this.#closing.signal);
      if (this.#closing.signal.aborted) return;
      if (found) this.#target.onPut(found);
      else this.#target.onDelete(id);
    } catch {
      // The next list has the answer.
      this.#later(0);
    }
  }
}
