/** Calls back once the clock has reached a time. One at a time; long waits are split, since timers end after 24 days and sleep with the computer. */
export class Alarm {
  readonly #now: () => number;
  readonly #ring: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(now: () => number, ring: () => void) {
    this.#now = now;
    this.#ring = ring;
  }

  /** Replaces what was set before; null clears it. */
  set(at: number | null): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (at === null) return;
    const wait = at - this.#now();
    const step = Math.min(Math.max(wait, 0), maxStepMs);
    this.#timer = setTimeout(() => (this.#now() >= at ? this.#ring() : this.set(at)), step);
    this.#timer.unref();
  }
}

/** Timers stop while the computer sleeps. With steps of this length the alarm rings at most that much late afterwards. */
const maxStepMs = 4000;
