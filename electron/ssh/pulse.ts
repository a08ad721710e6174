/** After this silence the server is asked whether it is there. */
const askAfter = 1000;
/** Typed characters echo within a round trip. A person who waited this long no longer takes it for a slow line. */
const stalledAfter = 3000;

/** Notices a connection that carries nothing: neither input nor a question after it brought a byte back for 3 s. */
export class Pulse {
  readonly #ask: () => void;
  readonly #listeners = new Set<(isStalled: boolean) => void>();
  #timer: NodeJS.Timeout | undefined;
  #isStalled = false;

  constructor(ask: () => void) {
    this.#ask = ask;
  }

  /** Calls back at each change, and at once when the connection is stalled. Returns the unsubscriber. */
  onChange(listener: (isStalled: boolean) => void): () => void {
    this.#listeners.add(listener);
    if (this.#isStalled) listener(true);
    return () => this.#listeners.delete(listener);
  }

  /** Called when bytes were sent. */
  sent(): void {
    if (this.#isStalled) return;
    this.#timer ??= setTimeout(() => {
      this.#ask();
      this.#timer = setTimeout(() => this.#set(true), stalledAfter - askAfter);
    }, askAfter);
  }

  /** Called when bytes arrived. */
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
