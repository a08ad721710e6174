import type { ClusterKey } from './cluster.ts';
import type { ConnectionRow } from './gateway.ts';

/** What a connection leads to: a gateway's target, a port forward, or the terminals on a server. */
export type ConnectionTarget = ConnectionRow['target'];

/** The cluster login that a connection needs. */
export const clusterOf = (target: ConnectionTarget): ClusterKey => placeOf(target).cluster;

/** Name of the leaf cluster that owns the target; empty for the root. */
export const leafOf = (target: ConnectionTarget): string => placeOf(target).leaf;

const placeOf = (target: ConnectionTarget) => (target.kind === 'forward' || target.kind === 'ssh' ? target.server : target);

/** Equal for what counts as one connection: the same database and user, the same port of an app, the same forward through the same server. */
export function targetKey(target: ConnectionTarget): string {
  switch (target.kind) {
    case 'database':
      return JSON.stringify(['database', target.cluster, target.leaf, target.name, target.user]);
    case 'kube':
      return JSON.stringify(['kube', target.cluster, target.leaf, target.name]);
    case 'app':
      return JSON.stringify(['app', target.cluster, target.leaf, target.name, target.targetPort]);
    case 'forward': {
      const { cluster, leaf, node, login } = target.server;
      const { forward } = target;
      const endpoints =
        forward.type === 'dynamic'
          ? []
          : [forward.to.host, forward.to.port, ...(forward.type === 'remote' ? [forward.listen.host, forward.listen.port] : [])];
      return JSON.stringify(['forward', cluster, leaf, node, login, forward.type, ...endpoints]);
    }
    case 'ssh': {
      const { cluster, leaf, node, login } = target.server;
      return JSON.stringify(['ssh', cluster, leaf, node, login]);
    }
  }
}
