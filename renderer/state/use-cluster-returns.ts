import { useEffect, useRef } from 'react';
import type { Cluster, ClusterKey } from '../../shared/model/cluster.ts';
import { useCluster } from './context.tsx';

/** The login with which a cluster, or its leaf, can be asked now; null while it cannot. */
function usableLogin(cluster: Cluster | undefined, leaf: string): string | null {
  if (!cluster || cluster.status !== 'signed-in' || cluster.problem !== null) return null;
  const isAway = leaf !== '' && cluster.leaves.some(({ name, online }) => name === leaf && !online);
  return isAway ? null : `${cluster.key} ${cluster.expires}`;
}

/**
 * Calls `again` each time the cluster (or its leaf, when named) has become usable: it can be reached again, or somebody has logged
 * in again. A page reads again then what it failed to read. The state at the beginning is no change.
 */
export function useClusterReturns(key: ClusterKey | null, leaf: string, again: () => void): void {
  const login = usableLogin(useCluster(key), leaf);
  const before = useRef(login);
  const latest = useRef(again);
  useEffect(() => {
    latest.current = again;
  });
  useEffect(() => {
    const returned = login !== null && login !== before.current;
    before.current = login;
    if (returned) latest.current();
  }, [login]);
}
