import { useCallback, useEffect, useRef, useState } from 'react';
import { AppError } from '../../shared/errors/app-error.ts';

export interface Task {
  readonly busy: boolean;
  /** Why the last run failed. A cancelled one leaves no error. */
  readonly error: AppError | null;
  /**
   * Runs one thing at a time: what was under way is aborted. Resolves to whether it succeeded and is still wanted, that is, neither
   * another run nor `cancel` came, and the component is still there. The same function from draw to draw.
   */
  run(work: (signal: AbortSignal) => Promise<unknown>): Promise<boolean>;
  /** Aborts what is under way and forgets the last error. */
  cancel(): void;
}

/** Something a component waits for. It is aborted when the component goes away. */
export function useTask(): Task {
  const [state, setState] = useState<Pick<Task, 'busy' | 'error'>>({ busy: false, error: null });
  const controller = useRef<AbortController | null>(null);
  useEffect(() => () => controller.current?.abort(), []);
  const run = useCallback(async (work: (signal: AbortSignal) => Promise<unknown>) => {
    controller.current?.abort();
    const mine = new AbortController();
    controller.current = mine;
    setState({ busy: true, error: null });
    let error: AppError | null = null;
    try {
      await work(mine.signal);
    } catch (caught) {
      error = AppError.from(caught);
    }
    if (controller.current !== mine) return false;
    setState({ busy: false, error: error?.code === 'cancelled' ? null : error });
    return error === null && !mine.signal.aborted;
  }, []);
  const cancel = useCallback(() => {
    controller.current?.abort();
    controller.current = null;
    setState({ busy: false, error: null });
  }, []);
  return { ...state, run, cancel };
}
