import { parseClusterKey } from '../../../shared/model/cluster.ts';
import type { ConnectionRow, ForwardTarget } from '../../../shared/model/gateway.ts';

type Target = ConnectionRow['target'];

/** Equal for what counts as one connection (connect-features §10). */
export function targetKey(target: Target): string {
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
      const way =
        forward.type === 'dynamic'
          ? []
          : [forward.to.host, forward.to.port, ...(forward.type === 'remote' ? [forward.listen.host, forward.listen.port] : [])];
      return JSON.stringify(['forward', cluster, leaf, node, login, forward.type, ...way]);
    }
    case 'ssh': {
      const { cluster, leaf, node, login } = target.server;
      return JSON.stringify(['ssh', cluster, leaf, node, login]);
    }
  }
}

export function titleOf(target: Target): string {
  switch (target.kind) {
    case 'database':
      return target.user ? `${target.name} as ${target.user}` : target.name;
    case 'kube':
      return target.name;
    case 'app':
      return target.targetPort === null ? target.name : `${target.name}:${target.targetPort}`;
    case 'forward':
      return forwardTitle(target);
    case 'ssh':
      return `${target.server.login}@${target.server.hostname || target.server.node}`;
  }
}

export function clusterOf(target: Target): string {
  return target.kind === 'forward' || target.kind === 'ssh' ? target.server.cluster : target.cluster;
}

/** Name of the context in a kubeconfig: `<cluster>-<kube cluster>` (tsh-profile §3). */
export function contextName(owner: string, target: Target & { kind: 'kube' }): string {
  return `${owner || target.leaf || parseClusterKey(target.cluster).address}-${target.name}`;
}

/** A file name of its own for each target, whatever its names hold. */
export function fileNameOf(text: string): string {
  const safe = encodeURIComponent(text).replace(/[*'()~!.]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return safe.slice(0, 200);
}

function forwardTitle({ forward, server }: ForwardTarget): string {
  const through = server.hostname || server.node;
  switch (forward.type) {
    case 'local':
      return `${forward.to.host}:${forward.to.port} through ${through}`;
    case 'remote':
      return `${through} to ${forward.to.host}:${forward.to.port} here`;
    case 'dynamic':
      return `SOCKS proxy through ${through}`;
  }
}
