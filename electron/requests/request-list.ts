import type { RequestFacts } from '../teleport/auth/access-request-messages.ts';

/** What became of one request; `before` null for one that is new here. */
export interface RequestChange {
  before: RequestFacts | null;
  after: RequestFacts | null;
}

/** Time for which what an event said wins over a list: servers answer lists from a cache that lags behind (login-and-auth §7.7). */
const cacheLagMs = 5000;

interface Entry {
  facts: RequestFacts;
  text: string;
  touched: number;
}

/**
 * The requests of one cluster as far as they are known, from lists, events and answers that overtake each other. Answers what changed, so that
 * what is repeated changes nothing.
 */
export class RequestList {
  readonly #entries = new Map<string, Entry>();
  /** Requests that are gone, with the time: a list that lags behind does not bring them back. */
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

  /** What an event or the answer to a call said. */
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

  /** Whether what an event says goes back behind what is known: it may be an old one, sent again. */
  goesBack(facts: RequestFacts): boolean {
    if (this.#now() - (this.#gone.get(facts.id) ?? -Infinity) < cacheLagMs) return true;
    const known = this.get(facts.id);
    return known !== null && ((known.state !== 'pending' && facts.state === 'pending') || facts.reviews.length < known.reviews.length);
  }

  /** A full list, asked for at `since`. `doubtful`: where it contradicts something newer, since the cache may have lagged; nothing was done about those. */
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
