import { callerOf } from '../auth/caller.ts';
import { code, invalid, notFound, RpcError } from '../auth/errors.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import type { Entry } from '../state/inventory.ts';
import type { Peer } from '../tls/tls-listener.ts';

const uuidLike = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The node that a dial means, among those the caller can see (ssh-and-gateways §1.4, refusals §1.5). */
export function resolveTarget(root: ClusterState, peer: Peer, hostPort: string, clusterName: string): { cluster: ClusterState; node: Entry } {
  const parsed = /^(?:\[([^\]]*)\]|([^:[\]]+)):(\d*)$/.exec(hostPort);
  if (!parsed) throw invalid('dial target contains an invalid hostport');
  const host = parsed[1] ?? parsed[2] ?? '';
  const port = Number(parsed[3] || 0);
  const cluster = [root, ...root.leaves].find((one) => one.name === clusterName);
  if (!cluster) {
    throw notFound(
      `setting up SSH credentials for cluster "${clusterName}"\n\tgetting site client for cluster "${clusterName}"\n\t\tcluster "${clusterName}" is not found`,
    );
  }
  const access = callerOf({ cluster, peer })?.access;
  const visible = cluster.inventory.nodes().filter((node) => access?.sees('node', node.labels));
  if (uuidLike.test(host)) {
    const node = visible.find((one) => one.id === host);
    if (!node) throw notFound(`unable to locate node matching UUID-like target ${host}`);
    return { cluster, node };
  }
  const found = visible.filter((node) => matches(node, host, port));
  if (found.length > 1) throw notFound(`ambiguous host could match multiple nodes (err-node-is-ambiguous): ${host}`);
  if (!found[0]) throw new RpcError(code.unavailable, `target host ${host} is offline or does not exist`);
  return { cluster, node: found[0] };
}

/** By host name or address; a port, where given, must be that of the address. */
function matches(node: Entry, host: string, port: number): boolean {
  const address = node.message.Node?.Spec?.Addr ?? '';
  const colon = address.lastIndexOf(':');
  const portFits = port === 0 || String(port) === address.slice(colon + 1);
  return portFits && (node.name === host || address.slice(0, colon) === host);
}
