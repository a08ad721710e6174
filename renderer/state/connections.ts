import { createStore, type StoreApi } from 'zustand';
import { type Cluster, type ClusterKey, type ClusterStanding, clusterStanding } from '../../shared/model/cluster.ts';
import type { ConnectionRow, Connections } from '../../shared/model/gateway.ts';

export interface ConnectionsState extends Connections {
  /** False until the session host has told what there is. */
  readonly loaded: boolean;
  /** The list lies open over the status bar. */
  readonly listed: boolean;
}

/** Mirror of the session host's `connections` topic. */
export type ConnectionsStore = StoreApi<ConnectionsState>;

export const createConnectionsStore = (): ConnectionsStore => createStore(() => ({ rows: {}, problem: null, loaded: false, listed: false }));

type Target = ConnectionRow['target'];

/** The cluster login that a connection needs. */
export const connectionCluster = (target: Target): ClusterKey =>
  target.kind === 'forward' || target.kind === 'ssh' ? target.server.cluster : target.cluster;

/** Whether programs can use what is behind an open row: that it listens is one thing, the way to the target another. */
export function targetStanding({ target }: Pick<ConnectionRow, 'target'>, clusters: readonly Cluster[], now: number): ClusterStanding {
  const key = connectionCluster(target);
  const cluster = clusters.find((candidate) => candidate.key === key);
  if (!cluster) return 'signed-out';
  const standing = clusterStanding(cluster, now);
  const leaf = target.kind === 'forward' || target.kind === 'ssh' ? target.server.leaf : target.leaf;
  const isAway = cluster.leaves.some(({ name, online }) => name === leaf && !online);
  return standing === 'ready' && isAway ? 'unreachable' : standing;
}

/** The row that leads to the same thing. */
export function findConnection({ rows }: ConnectionsState, target: Target): ConnectionRow | undefined {
  return Object.values(rows).find((row) => sameTarget(row.target, target));
}

/** Whether two targets are one connection: the same database and user, the same port of an app, the same forward. */
export function sameTarget(a: Target, b: Target): boolean {
  if (a.kind === 'forward' || a.kind === 'ssh') {
    if (b.kind !== a.kind || !sameServer(a.server, b.server)) return false;
    return a.kind === 'ssh' || b.kind === 'ssh' || sameFields(a.forward, b.forward);
  }
  if (b.kind === 'forward' || b.kind === 'ssh') return false;
  const same = a.kind === b.kind && a.cluster === b.cluster && a.leaf === b.leaf && a.name === b.name;
  if (!same) return false;
  if (a.kind === 'database' && b.kind === 'database') return a.user === b.user;
  if (a.kind === 'app' && b.kind === 'app') return a.targetPort === b.targetPort;
  return true;
}

const sameServer = (a: { cluster: string; leaf: string; node: string; login: string }, b: typeof a) =>
  a.cluster === b.cluster && a.leaf === b.leaf && a.node === b.node && a.login === b.login;

/** Plain data of a known shape, whatever the order of its fields. */
function sameFields(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a === b;
  const [left, right] = [Object.entries(a), b as Record<string, unknown>];
  return left.length === Object.keys(right).length && left.every(([name, value]) => sameFields(value, right[name]));
}

/** As a list shows them: open ones first, the newest first. */
export function sortedConnections({ rows }: Pick<ConnectionsState, 'rows'>): ConnectionRow[] {
  const isUp = ({ state }: ConnectionRow) => (state === 'closed' ? 1 : 0);
  return Object.values(rows).toSorted((a, b) => isUp(a) - isUp(b) || (b.openedAt ?? b.createdAt) - (a.openedAt ?? a.createdAt));
}
