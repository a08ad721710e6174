import { useCallback, useEffect, useRef, useState } from 'react';
import type { ErrorData } from '../../../shared/errors/app-error.ts';
import type { StreamHandle } from '../../../shared/ipc/client.ts';
import type { ClusterKey } from '../../../shared/model/cluster.ts';
import type { LoginAnswer } from '../../../shared/model/login.ts';
import { useMain } from '../../state/context.tsx';

export interface Login {
  /** The step that is asked for now. */
  readonly step: 'password' | 'code';
  /** Why the step is asked again, or why the login ended. */
  readonly error: ErrorData | null;
  /** Main works on the last answer. */
  readonly busy: boolean;
  answer(answer: Exclude<LoginAnswer, { type: 'back' }>): void;
  /** Back to the first step; aborts the work on the last answer. */
  back(): void;
}

const first = { step: 'password', error: null, busy: false } as const;

/** One login, which main leads until `onDone` gets its key. It is cancelled when the component unmounts. */
export function useLogin(key: ClusterKey, onDone: (key: ClusterKey) => void): Login {
  const main = useMain();
  const [state, setState] = useState<Pick<Login, 'step' | 'error' | 'busy'>>(first);
  const stream = useRef<StreamHandle<LoginAnswer> | null>(null);
  const done = useRef(onDone);
  done.current = onDone;

  const open = useCallback(() => {
    const handle = main.open(
      'clusters.login',
      { key },
      {
        data: () => {},
        message: (step) => (step.step === 'done' ? done.current(step.key) : setState({ ...step, busy: false })),
        // After a login that failed altogether, the next answer begins a new one.
        end: (error) => {
          if (stream.current !== handle) return;
          stream.current = null;
          if (error) setState({ step: 'password', error: error.toData(), busy: false });
        },
      },
    );
    stream.current = handle;
    return handle;
  }, [main, key]);
  useEffect(() => {
    open();
    return () => {
      stream.current?.close();
      stream.current = null;
    };
  }, [open]);

  const answer = useCallback(
    (given: LoginAnswer) => {
      setState((now) => ({ ...now, error: null, busy: true }));
      (stream.current ?? open()).send(given);
    },
    [open],
  );
  const back = useCallback(() => {
    setState(first);
    stream.current?.send({ type: 'back' });
  }, []);
  return { ...state, answer, back };
}
