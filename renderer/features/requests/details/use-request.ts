import { useEffect, useRef, useState } from 'react';
import { AppError, type ErrorData } from '../../../../shared/errors/app-error.ts';
import type { AccessRequestDetail } from '../../../../shared/model/access-request.ts';
import type { ClusterKey } from '../../../../shared/model/cluster.ts';
import { useMain, useRequestsOverview } from '../../../state/context.tsx';
import { useClusterReturns } from '../../../state/use-cluster-returns.ts';

interface RequestView {
  /** The last that was read; stays when the request vanishes. */
  detail: AccessRequestDetail | null;
  /** The cluster does not know it any more. */
  gone: boolean;
  /** Why it could not be read; null when it was. */
  error: ErrorData | null;
  /** Reads it again now. */
  reload(): void;
}

/** One request, read again whenever the list changes; one reading at a time. */
export function useRequest(cluster: ClusterKey, id: string): RequestView {
  const main = useMain();
  const overview = useRequestsOverview(cluster);
  const assumed = overview?.assumed.map((each) => each.id).join();
  const [state, setState] = useState<Omit<RequestView, 'reload'>>({ detail: null, gone: false, error: null });
  const [wish, setWish] = useState(0);
  const reader = useRef<{ request(): void } | null>(null);

  useEffect(() => {
    const controller = new AbortController();
    let busy = false;
    let again = false;
    const read = async () => {
      if (busy) {
        again = true;
        return;
      }
      busy = true;
      try {
        const detail = await main.call('requests.get', { cluster, id }, { signal: controller.signal });
        if (!controller.signal.aborted) setState({ detail, gone: false, error: null });
      } catch (caught) {
        const error = AppError.from(caught).toData();
        if (!controller.signal.aborted) setState(({ detail }) => ({ detail, gone: error.code === 'not-found', error }));
      }
      busy = false;
      if (again && !controller.signal.aborted) {
        again = false;
        void read();
      }
    };
    reader.current = { request: () => void read() };
    return () => controller.abort();
  }, [main, cluster, id]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: these say when to read again
  useEffect(() => reader.current?.request(), [main, cluster, id, overview?.revision, overview?.connection, assumed, wish]);
  const reload = () => setWish((count) => count + 1);
  useClusterReturns(cluster, '', reload);
  return { ...state, reload };
}
