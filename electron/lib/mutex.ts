/** Runs pieces of work one after the other, in the order in which they were given. A failed one does not stop the next. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {}); // the caller of `run` gets the failure
    return result;
  }
}
