import type { Cluster, ClusterKey } from '../../shared/model/cluster.ts';
import type { TelemetryState } from '../../shared/model/telemetry.ts';
import { anonymize } from './anonymize.ts';
import type { ClusterFacts } from './events.ts';

/** The plain names of a login and the key that hides them; null while any of them is not known. */
export function clusterFacts(clusters: readonly Cluster[], key: ClusterKey): ClusterFacts | null {
  const cluster = clusters.find((each) => each.key === key);
  if (!cluster?.authClusterId || cluster.user === '' || cluster.name === '') return null;
  return { name: cluster.name, user: cluster.user, authClusterId: cluster.authClusterId };
}

/** How the names of each login look to the collector; none for a cluster whose id is no UUID. */
export function ownHashes(clusters: readonly Cluster[]): TelemetryState['hashes'] {
  return clusters.flatMap(({ key, status }) => {
    const facts = status === 'signed-in' ? clusterFacts(clusters, key) : null;
    if (!facts) return [];
    try {
      return [{ cluster: key, clusterHash: anonymize(facts.authClusterId, facts.name), userHash: anonymize(facts.authClusterId, facts.user) }];
    } catch {
      return [];
    }
  });
}
