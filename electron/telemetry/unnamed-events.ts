import type { Clock } from './clock.ts';
import type { UsageEvent } from './events.ts';

const longestWaitMs = 60_000;
const most = 50;

/** Events of clusters that have not told their id yet: in memory only, and not for long. Each keeps its own time. */
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

  /** Offers each again; those that are taken are no longer kept. */
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
