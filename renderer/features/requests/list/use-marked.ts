import { useState } from 'react';
import type { AccessRequest, RequestsOverview } from '../../../../shared/model/access-request.ts';
import type { ClusterKey } from '../../../../shared/model/cluster.ts';
import { useApp } from '../../../state/context.tsx';
import { serverTime } from '../../../state/requests.ts';
import { useTask } from '../../../ui/use-task.ts';
import { assume } from '../../../workbench/request-actions.ts';
import { canAssume, togetherBlocked } from '../assume/assume-rules.ts';

export type Marked = ReturnType<typeof useMarked>;

/** Requests marked to be assumed together. What cannot be assumed cannot be marked. */
export function useMarked(cluster: ClusterKey, overview: RequestsOverview | undefined) {
  const app = useApp();
  const [marked, setMarked] = useState<readonly AccessRequest[]>([]);
  const { busy, error, run } = useTask();
  const now = () => serverTime(overview, Date.now());
  const clear = () => setMarked([]);
  const blocked = marked.length > 0 ? togetherBlocked(marked, overview, now()) : '';
  return {
    marked,
    ids: new Set(marked.map(({ id }) => id)),
    busy,
    /** Why they cannot be assumed, or were not; empty when nothing is in the way. */
    problem: blocked || (error?.message ?? ''),
    blocked: blocked !== '',
    toggle: (request: AccessRequest) => {
      if (marked.some(({ id }) => id === request.id)) setMarked(marked.filter(({ id }) => id !== request.id));
      else if (canAssume(request, now())) setMarked([...marked, request]);
    },
    clear,
    /** Takes the marked ones; without marks, `request`. */
    assume: async (request?: AccessRequest) => {
      const wanted = marked.length > 0 ? marked : request ? [request] : [];
      if (wanted.length === 0 || busy || togetherBlocked(wanted, overview, now()) !== '') return;
      const ids = wanted.map(({ id }) => id);
      await run(async () => {
        await assume(app, cluster, ids);
        clear();
      });
    },
  };
}
