import { useEffect, useState } from 'react';
import { AppError, type ErrorData } from '../../../../shared/errors/app-error.ts';
import type { RequestCapabilities, ResourceId } from '../../../../shared/model/access-request.ts';
import type { ClusterKey } from '../../../../shared/model/cluster.ts';
import { useApp } from '../../../state/context.tsx';
import { useClusterReturns } from '../../../state/use-cluster-returns.ts';

/** What this person may ask for on the cluster, and by which roles the resources are reached; asked again when these change. */
export function useCapabilities(cluster: ClusterKey, resources: readonly ResourceId[]) {
  const app = useApp();
  const [capabilities, setCapabilities] = useState<RequestCapabilities | null>(null);
  const [error, setError] = useState<ErrorData | null>(null);
  const [attempt, setAttempt] = useState(0);
  useClusterReturns(cluster, '', () => error && setAttempt(attempt + 1));
  const wanted = JSON.stringify(resources);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks the same again
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    app.main.call('requests.capabilities', { cluster, resources: JSON.parse(wanted) }, { signal }).then(
      (answer) => {
        if (signal.aborted) return;
        setCapabilities(answer);
        setError(null);
      },
      (caught) => {
        if (!signal.aborted) setError(AppError.from(caught).toData());
      },
    );
    return () => controller.abort();
  }, [app, cluster, wanted, attempt]);
  return { capabilities, error };
}
