import type { Clock } from './clock.ts';
import type { UsageEvent } from './events.ts';

/** A cluster tells its id with the first answer after a login; after this time it is not expected any more. */
const longestWaitMs = 60_000;
/** Bounds the memory for clusters that never tell their id. */
const most = 50;

/** Events of clusters whose id is not known yet: kept in memory only, each for a short time. */
export class UnnamedEvents {
  readonly #clock: Clock;
  readonly #note: (message: string) => void;
  readonly #waiting = new Set<{ event: UsageEvent; time: number; forget: () => void }>();

  constructor(clock: Clock, note: (message: string) => void) {
    this.#clock = clock;
    this.#note = note;
  }

  add(event: UsageEvent, time: number): void {
    if (this.#waiting.size >= most) {
      this.#note(`a ${event.event} event was dropped: too many wait for their cluster’s id`);
      return;
    }
    const entry = { event, time, forget: () => {} };
    entry.forget = this.#clock.after(longestWaitMs, () => {
      this.#waiting.delete(entry);
      this.#note(`a ${event.event} event was dropped: its cluster did not tell its id`);
    });
    this.#waiting.add(entry);
  }

  /** Offers each event again; those that are taken are dropped here. */
  offer(take: (event: UsageEvent, time: number) => boolean): void {
    for (const entry of [...this.#waiting]) {
      if (!take(entry.event, entry.time)) continue;
      entry.forget();
      this.#waiting.delete(entry);
    }
  }

  clear(): void {
    for (const { forget } of this.#waiting) forget();
    this.#waiting.clear();
  }
}
