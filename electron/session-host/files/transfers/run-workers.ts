import { orAborted, throwIfAborted } from '../../../lib/deadline.ts';

/**
 * Runs `step` in `workers` loops at the same time until each of them says with `false` that nothing is left. The first failure, or the abort, rejects at
 * once with its reason; steps that are still under way then are left to themselves.
 */
export async function runWorkers(workers: number, signal: AbortSignal, step: (worker: number) => Promise<boolean>): Promise<void> {
  throwIfAborted(signal);
  let isOver = false;
  const loop = async (worker: number) => {
    while (!isOver && (await step(worker)));
  };
  try {
    await orAborted(Promise.all(Array.from({ length: workers }, (_, worker) => loop(worker))), signal);
  } finally {
    isOver = true;
  }
}

/** Calls `action` for every value of `list`, for `workers` of them at the same time. Ends as `runWorkers` does. */
export async function forEachAtOnce<T>(
  workers: number,
  list: Iterable<T>,
  signal: AbortSignal,
  action: (value: T) => Promise<unknown>,
): Promise<void> {
  const values = list[Symbol.iterator]();
  await runWorkers(workers, signal, async () => {
    const { value, done } = values.next();
    if (done) return false;
    await action(value);
    return true;
  });
}
