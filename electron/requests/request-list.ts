import type { RequestFacts } from '../teleport/auth/access-request-messages.ts';

/** A change of one request; `before` is null for a new one. */
export interface RequestChange {
  before: RequestFacts | null;
  after: RequestFacts | null;
}

/** For this long an event wins over a list, because servers answer lists from a cache that lags behind (login-and-auth §7.7). */
const cacheLagMs = 5000;

interface Entry {
  facts: RequestFacts;
  text: string;
  touched: number;
}

/**
 * The requests of one cluster, merged from lists, events and answers that may overtake each other. Each method returns what
 * changed, so that repeated facts change nothing.
 */
export class RequestList {
  readonly #entries = new Map<string, Entry>();
  /** When each removed request was removed: a list that lags behind does not bring it back. */
  readonly #gone = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(id: string): RequestFacts | null {
    return this.#entries.get(id)?.facts ?? null;
  }

  *values(): Generator<RequestFacts> {
    for (const { facts } of this.#entries.values()) yield facts;
  }

  /** Adds facts from an event or from the answer to a call. */
  put(facts: RequestFacts): RequestChange[] {
    this.#gone.delete(facts.id);
    return this.#set(facts, this.#now());
  }

  remove(id: string): RequestChange[] {
    this.#gone.set(id, this.#now());
    const before = this.#entries.get(id);
    this.#entries.delete(id);
    return before ? [{ before: before.facts, after: null }] : [];
  }

  /** Whether an event is older than the known state: it may have been sent again. */
  goesBack(facts: RequestFacts): boolean {
    if (this.#now() - (this.#gone.get(facts.id) ?? -Infinity) < cacheLagMs) return true;
    const known = this.get(facts.id);
    return known !== null && ((known.state !== 'pending' && facts.state === 'pending') || facts.reviews.length < known.reviews.length);
  }

  /**
   * Takes a full list that was requested at `since`. `doubtful` are ids where it contradicts something newer; these are left
   * unchanged, since the server's cache may have lagged.
   */
  replace(all: readonly RequestFacts[], since: number): { changes: RequestChange[]; doubtful: string[] } {
    const changes: RequestChange[] = [];
    const doubtful: string[] = [];
    const listed = new Set<string>();
    for (const facts of all) {
      listed.add(facts.id);
      const known = this.#entries.get(facts.id);
      if (known?.text === JSON.stringify(facts)) continue;
      const newer = Math.max(known?.touched ?? -Infinity, this.#gone.get(facts.id) ?? -Infinity);
      if (newer > since - cacheLagMs) doubtful.push(facts.id);
      else changes.push(...this.#set(facts, since - cacheLagMs));
    }
    for (const [id, entry] of this.#entries) {
      if (listed.has(id)) continue;
      if (entry.touched > since - cacheLagMs) doubtful.push(id);
      else {
        this.#entries.delete(id);
        changes.push({ before: entry.facts, after: null });
      }
    }
    for (const [id, at] of this.#gone) if (at < since - 10 * cacheLagMs) this.#gone.delete(id);
    return { changes, doubtful };
  }

  #set(facts: RequestFacts, touched: number): RequestChange[] {
    const text = JSON.stringify(facts);
    const known = this.#entries.get(facts.id);
    this.#entries.set(facts.id, { facts, text, touched });
    return known?.text === text ? [] : [{ before: known?.facts ?? null, after: facts }];
  }
}
