import { useEffect, useRef, useState } from 'react';
import { AppError } from '../../../shared/errors/app-error.ts';

/** One thing at a time that takes a while: whether it runs, what went wrong, and a signal that ends it with the component. */
export function useTask() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const controller = useRef<AbortController | null>(null);
  useEffect(() => () => controller.current?.abort(), []);
  const run = async (action: (signal: AbortSignal) => Promise<unknown>): Promise<boolean> => {
    controller.current?.abort();
    const mine = new AbortController();
    controller.current = mine;
    setBusy(true);
    setError(null);
    try {
      await action(mine.signal);
      return !mine.signal.aborted;
    } catch (caught) {
      const failure = AppError.from(caught);
      if (!mine.signal.aborted && failure.code !== 'cancelled') setError(failure);
      return false;
    } finally {
      if (controller.current === mine) setBusy(false);
    }
  };
  return { busy, error, run };
}
