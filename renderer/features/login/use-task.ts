import { useCallback, useEffect, useRef, useState } from 'react';
import { AppError, type ErrorData } from '../../../shared/errors/app-error.ts';

export interface Task {
  readonly busy: boolean;
  readonly error: ErrorData | null;
  /** Runs one thing at a time: what was under way is aborted. A cancelled one leaves no error. */
  run(work: (signal: AbortSignal) => Promise<void>): void;
  /** Aborts what is under way and forgets the last error. */
  cancel(): void;
}

/** Something a dialog waits for. It is aborted when the dialog closes. */
export function useTask(): Task {
  const [state, setState] = useState<{ busy: boolean; error: ErrorData | null }>({ busy: false, error: null });
  const controller = useRef<AbortController | null>(null);
  useEffect(() => () => controller.current?.abort(), []);
  const run = useCallback((work: (signal: AbortSignal) => Promise<void>) => {
    controller.current?.abort();
    const mine = new AbortController();
    controller.current = mine;
    const settle = (error: ErrorData | null) => {
      if (controller.current === mine) setState({ busy: false, error });
    };
    setState({ busy: true, error: null });
    work(mine.signal).then(
      () => settle(null),
      (caught) => {
        const error = AppError.from(caught);
        settle(error.code === 'cancelled' ? null : error.toData());
      },
    );
  }, []);
  const cancel = useCallback(() => {
    controller.current?.abort();
    controller.current = null;
    setState({ busy: false, error: null });
  }, []);
  return { ...state, run, cancel };
}
