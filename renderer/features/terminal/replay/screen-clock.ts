/** Output after which a picture of the screen is due: half of what the session host keeps, so that the next half has time to be drawn. */
export const dueBytes = 256 * 1024;
/** Output that takes longer than this to become due is too slow to be disturbed by a picture, such as a progress bar's. */
export const slowMs = 10_000;
/** Faster output has paused when nothing came for this long. */
export const quietMs = 500;

/**
 * Tells when a terminal should hand over a picture of its screen: seldom, since one takes some ten milliseconds, and never while
 * output is fast, when it would be out of date at once.
 */
export class ScreenClock {
  readonly #take: () => void;
  readonly #now: () => number;
  #bytes = 0;
  #began = 0;
  #isDue = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(take: () => void, now = () => performance.now()) {
    this.#take = take;
    this.#now = now;
  }

  /** That much more output is on the screen. */
  parsed(bytes: number): void {
    if (this.#bytes === 0) this.#began = this.#now();
    this.#bytes += bytes;
    if (this.#bytes >= dueBytes) {
      if (this.#now() - this.#began >= slowMs) return this.#taken();
      this.#bytes = 0;
      this.#isDue = true;
    }
    if (!this.#isDue) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#taken(), quietMs);
  }

  /** The screen is another one's now, or nobody's. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#bytes = 0;
    this.#isDue = false;
  }

  #taken(): void {
    this.stop();
    this.#take();
  }
}
