import { useCallback, useEffect, useRef, useState } from 'react';
import type { ErrorData } from '../../../shared/errors/app-error.ts';
import type { StreamHandle } from '../../../shared/ipc/client.ts';
import type { ClusterKey } from '../../../shared/model/cluster.ts';
import type { LoginAnswer } from '../../../shared/model/login.ts';
import { useMain } from '../../state/context.tsx';

export interface Login {
  /** What is asked for now. */
  readonly step: 'password' | 'code';
  /** Why it is asked once more, or why the login ended. */
  readonly error: ErrorData | null;
  /** The last answer is being worked on. */
  readonly busy: boolean;
  answer(answer: Exclude<LoginAnswer, { type: 'back' }>): void;
  /** Back to the first step; gives up what is under way. */
  back(): void;
}

const first = { step: 'password', error: null, busy: false } as const;

/** One login, talked over with main until `onDone` gets its key. It is cancelled when the component goes. */
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
        // A login that failed altogether starts anew with the next answer.
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
