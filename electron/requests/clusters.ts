import type { TopicSource } from '../../shared/ipc/server.ts';
import type { Cluster, ClusterKey } from '../../shared/model/cluster.ts';
import type { AuthClient } from '../teleport/auth/auth-client.ts';

/** What access requests need of the cluster service. */
export interface RequestClusters {
  readonly topic: TopicSource<Cluster[]>;
  onCredentials(listener: (key: ClusterKey) => void): () => void;
  ask<T>(key: ClusterKey, leaf: string, work: (client: AuthClient) => Promise<T>): Promise<T>;
  /** The result of `work`; where that needs a login, once more after it. */
  afterLogin<T>(key: ClusterKey, reason: string, signal: AbortSignal, work: (key: ClusterKey) => Promise<T>): Promise<T>;
  reissue(key: ClusterKey, change: { assume: readonly string[]; drop: readonly string[] }): Promise<void>;
  clockOffset(key: ClusterKey, signal: AbortSignal): Promise<number>;
}
