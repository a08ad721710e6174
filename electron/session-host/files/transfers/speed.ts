const windowMilliseconds = 4000;

/** Bytes per second over the last few seconds. */
export class Speed {
  #samples: { at: number; bytes: number }[] = [];

  /** `bytes`: everything moved so far, noted now and then. */
  note(at: number, bytes: number): void {
    // The clock was put back.
    if (at < (this.#samples.at(-1)?.at ?? at)) this.reset();
    this.#samples.push({ at, bytes });
    while (this.#samples.length > 2 && this.#samples[1]!.at <= at - windowMilliseconds) this.#samples.shift();
  }

  /** Null until there is something to tell. */
  get perSecond(): number | null {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (!first || !last || last.at - first.at < 400) return null;
    return Math.max(0, ((last.bytes - first.bytes) / (last.at - first.at)) * 1000);
  }

  reset(): void {
    this.#samples = [];
  }
}
