import { createStore, type StoreApi } from 'zustand';
import { type Cluster, type ClusterKey, parseClusterKey } from '../../shared/model/cluster.ts';

/** Mirror of main's `clusters` topic. */
export interface ClustersState {
  readonly loaded: boolean;
  readonly list: readonly Cluster[];
}

export type ClustersStore = StoreApi<ClustersState>;

export const createClustersStore = (): ClustersStore => createStore(() => ({ loaded: false, list: [] }));

export function findCluster(state: ClustersState, key: ClusterKey | null): Cluster | undefined {
  return key === null ? undefined : state.list.find((cluster) => cluster.key === key);
}

/** A short name of a cluster; also works for one that has been forgotten. */
export function clusterLabel(key: ClusterKey, cluster?: Cluster): string {
  return cluster?.name || parseClusterKey(key).address;
}
