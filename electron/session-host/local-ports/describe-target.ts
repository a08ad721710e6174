import { parseClusterKey } from '../../../shared/model/cluster.ts';
import type { ForwardTarget } from '../../../shared/model/gateway.ts';
import type { ConnectionTarget } from '../../../shared/model/local-port.ts';

export function titleOf(target: ConnectionTarget): string {
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

/** Name of the context in a kubeconfig: `<cluster>-<kube cluster>` (tsh-profile §3). */
export function contextName(owner: string, target: ConnectionTarget & { kind: 'kube' }): string {
  return `${owner || target.leaf || parseClusterKey(target.cluster).address}-${target.name}`;
}

/** A file name that is different for each target, whatever characters its names have. */
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
