/** A server that has said nothing by then is asked whether it is there. */
const askAfter = 1000;
/** What is typed echoes within a round trip; after this nobody thinks of a slow one any more. */
const stalledAfter = 3000;

/** Notices that a connection carries nothing: what was sent over it, and a question after that, brought no byte back for 3 s. */
export class Pulse {
  readonly #ask: () => void;
  readonly #listeners = new Set<(isStalled: boolean) => void>();
  #timer: NodeJS.Timeout | undefined;
  #isStalled = false;

  constructor(ask: () => void) {
    this.#ask = ask;
  }

  /** Called at each change, and at once when it is stalled already. Returns what ends that. */
  onChange(listener: (isStalled: boolean) => void): () => void {
    this.#listeners.add(listener);
    if (this.#isStalled) listener(true);
    return () => this.#listeners.delete(listener);
  }

  /** Something was sent. */
  sent(): void {
    if (this.#isStalled) return;
    this.#timer ??= setTimeout(() => {
      this.#ask();
      this.#timer = setTimeout(() => this.#set(true), stalledAfter - askAfter);
    }, askAfter);
  }

  /** Something came. */
  heard(): void {
    this.stop();
    this.#set(false);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #set(isStalled: boolean): void {
    if (this.#isStalled === isStalled) return;
    this.#isStalled = isStalled;
    for (const listener of this.#listeners) listener(isStalled);
  }
}
