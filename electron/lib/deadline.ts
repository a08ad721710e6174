import { AppError } from '../../shared/errors/app-error.ts';

/** Why a signal was aborted, as an AppError: its own reason where that is one, else `cancelled`. */
export function abortReason(signal: AbortSignal): AppError {
  return signal.reason instanceof AppError ? signal.reason : new AppError('cancelled', 'The action was cancelled.');
}

/** Throws the signal's reason when it is aborted. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortReason(signal);
}

/** Settles as `promise` does, or rejects with the signal's reason as soon as it is aborted. The work behind the promise is not stopped by this. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(abortReason(signal));
    if (signal.aborted) {
      promise.catch(() => {}); // the caller gets the reason of the abort instead
      return stop();
    }
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Settles as `promise` does, or rejects with `late()` after `ms` milliseconds. The work behind the promise is not stopped by this: `late` may do so. */
export async function within<T>(promise: Promise<T>, ms: number, late: () => AppError): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves when `promise` has settled, or after `ms` milliseconds, whichever comes first. Rejects only as `promise` does in that time. */
export async function settledWithin(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** A signal that is aborted with `late()` after `ms` milliseconds, or with the reason of `signal` before. `done` stops the clock. */
export function deadline(signal: AbortSignal | undefined, ms: number, late: () => AppError): { signal: AbortSignal; done: () => void } {
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(late()), ms);
  return { signal: signal ? AbortSignal.any([signal, clock.signal]) : clock.signal, done: () => clearTimeout(timer) };
}
