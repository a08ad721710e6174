import { AppError } from '../../../../shared/errors/app-error.ts';

/**
 * Runs `step` in `workers` loops at the same time until it says that nothing is left. The first failure, or the abort, ends all of it at once;
 * requests that are still under way then are forgotten.
 */
export function runWorkers(workers: number, signal: AbortSignal, step: (worker: number) => Promise<boolean>): Promise<void> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const end = (error?: unknown) => {
      if (isOver) return;
      isOver = true;
      signal.removeEventListener('abort', aborted);
      if (error === undefined) resolve();
      else reject(error);
    };
    const aborted = () => end(signal.reason instanceof AppError ? signal.reason : new AppError('cancelled', 'The transfer was cancelled.'));
    if (signal.aborted) return aborted();
    signal.addEventListener('abort', aborted, { once: true });
    const loop = async (worker: number) => {
      while (!isOver && (await step(worker)));
    };
    Promise.all(Array.from({ length: workers }, (_, worker) => loop(worker))).then(() => end(), end);
  });
}

/** How much of a file is there without a gap, while its pieces come in any order. */
export class Prefix {
  #end: number;
  readonly #beyond = new Map<number, number>();

  constructor(start: number) {
    this.#end = start;
  }

  get end(): number {
    return this.#end;
  }

  add(start: number, length: number): void {
    this.#beyond.set(start, length);
    for (let next = this.#beyond.get(this.#end); next !== undefined; next = this.#beyond.get(this.#end)) {
      this.#beyond.delete(this.#end);
      this.#end += next;
    }
  }
}
