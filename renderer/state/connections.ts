import { createStore, type StoreApi } from 'zustand';
import { type Cluster, type ClusterStanding, clusterStanding } from '../../shared/model/cluster.ts';
import type { ConnectionRow, Connections } from '../../shared/model/gateway.ts';
import { type ConnectionTarget, clusterOf, leafOf, targetKey } from '../../shared/model/local-port.ts';

export interface ConnectionsState extends Connections {
  /** False until the session host has sent the list. */
  readonly loaded: boolean;
  /** The list is open above the status bar. */
  readonly listed: boolean;
}

/** Mirror of the session host's `connections` topic. */
export type ConnectionsStore = StoreApi<ConnectionsState>;

export const createConnectionsStore = (): ConnectionsStore => createStore(() => ({ rows: {}, problem: null, loaded: false, listed: false }));

/** Whether programs can use the target of an open row: listening is one thing, reaching the target another. */
export function targetStanding({ target }: Pick<ConnectionRow, 'target'>, clusters: readonly Cluster[], now: number): ClusterStanding {
  const key = clusterOf(target);
  const cluster = clusters.find((candidate) => candidate.key === key);
  if (!cluster) return 'signed-out';
  const standing = clusterStanding(cluster, now);
  const leaf = leafOf(target);
  const isAway = cluster.leaves.some(({ name, online }) => name === leaf && !online);
  return standing === 'ready' && isAway ? 'unreachable' : standing;
}

/** The row with the same target. */
export function findConnection({ rows }: ConnectionsState, target: ConnectionTarget): ConnectionRow | undefined {
  const key = targetKey(target);
  return Object.values(rows).find((row) => targetKey(row.target) === key);
}

/** Sorted for lists: open ones first, then the newest first. */
export function sortedConnections({ rows }: Pick<ConnectionsState, 'rows'>): ConnectionRow[] {
  const isUp = ({ state }: ConnectionRow) => (state === 'closed' ? 1 : 0);
  return Object.values(rows).toSorted((a, b) => isUp(a) - isUp(b) || (b.openedAt ?? b.createdAt) - (a.openedAt ?? a.createdAt));
}
