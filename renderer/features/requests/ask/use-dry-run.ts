import { useEffect, useState } from 'react';
import { AppError, type ErrorData } from '../../../../shared/errors/app-error.ts';
import type { DryRun, RequestDraft } from '../../../../shared/model/access-request.ts';
import type { ClusterKey } from '../../../../shared/model/cluster.ts';
import { useMain } from '../../../state/context.tsx';
import { useClusterReturns } from '../../../state/use-cluster-returns.ts';

const quietMs = 200;

interface DryRunState {
  /** What the server would make of the draft; of the one before while the next is under way. */
  result: DryRun | null;
  error: ErrorData | null;
  busy: boolean;
}

/** Asks the server what it would grant, once after each change of the draft. Null asks for nothing. */
export function useDryRun(cluster: ClusterKey, draft: RequestDraft | null): DryRunState {
  const main = useMain();
  const [state, setState] = useState<DryRunState>({ result: null, error: null, busy: false });
  const wanted = draft === null ? '' : JSON.stringify(draft);
  const [attempt, setAttempt] = useState(0);
  useClusterReturns(cluster, '', () => state.error && setAttempt(attempt + 1));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks the same again
  useEffect(() => {
    if (wanted === '') return setState({ result: null, error: null, busy: false });
    const controller = new AbortController();
    setState((before) => ({ ...before, busy: true }));
    const timer = setTimeout(
      () =>
        void main.call('requests.dry-run', { cluster, draft: JSON.parse(wanted) }, { signal: controller.signal }).then(
          (result) => setState({ result, error: null, busy: false }),
          (caught) => {
            if (!controller.signal.aborted) setState({ result: null, error: AppError.from(caught).toData(), busy: false });
          },
        ),
      quietMs,
    );
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [main, cluster, wanted, attempt]);
  return state;
}
