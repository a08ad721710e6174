import { useCallback, useEffect, useRef, useState } from 'react';
import type { ErrorData } from '../../../shared/errors/app-error.ts';
import type { StreamHandle } from '../../../shared/ipc/client.ts';
import type { ClusterKey } from '../../../shared/model/cluster.ts';
import type { LoginAnswer, LoginStep } from '../../../shared/model/login.ts';
import { useMain } from '../../state/context.tsx';

type OpenStep = Exclude<LoginStep, { step: 'done' }>;

export interface Login {
  /** The step that is asked for now, or what goes on. */
  readonly step: OpenStep;
  /** Why the step is asked again, or why the login ended. */
  readonly error: ErrorData | null;
  /** The kind of the answer that main works on; null when the person is to do something. */
  readonly busy: LoginAnswer['type'] | null;
  answer(answer: Exclude<LoginAnswer, { type: 'back' }>): void;
  /** Back to the first step; aborts the work on the last answer. */
  back(): void;
}

const first: OpenStep = { step: 'password', error: null };

/** One login, which main leads until `onDone` gets its key. It is cancelled when the component unmounts. */
export function useLogin(key: ClusterKey, onDone: (key: ClusterKey) => void): Login {
  const main = useMain();
  const [state, setState] = useState<{ step: OpenStep; busy: Login['busy'] }>({ step: first, busy: null });
  const stream = useRef<StreamHandle<LoginAnswer> | null>(null);
  const done = useRef(onDone);
  done.current = onDone;

  const open = useCallback(() => {
    const handle = main.open(
      'clusters.login',
      { key },
      {
        data: () => {},
        message: (step) => (step.step === 'done' ? done.current(step.key) : setState({ step, busy: null })),
        // After a login that failed altogether, the next answer begins a new one.
        end: (error) => {
          if (stream.current !== handle) return;
          stream.current = null;
          if (error) setState({ step: { step: 'password', error: error.toData() }, busy: null });
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
      setState(({ step }) => ({ step: step.step === 'browser' ? step : { ...step, error: null }, busy: given.type }));
      (stream.current ?? open()).send(given);
    },
    [open],
  );
  const back = useCallback(() => {
    setState({ step: first, busy: null });
    stream.current?.send({ type: 'back' });
  }, []);
  return { ...state, error: state.step.step === 'browser' ? null : state.step.error, answer, back };
}
