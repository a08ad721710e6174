import type { proto } from '../../../proto/gen/teleport.js';
import type { Assumed, ClusterState } from '../state/cluster-state.ts';

/**
 * The requests that a reissue puts into the certificate: what the old one had and what is asked for, less what is dropped. `until` is the
 * earliest of their ends, milliseconds (login-and-auth §7.7).
 */
export function assumedBy(
  cluster: ClusterState,
  user: string,
  active: readonly string[],
  request: proto.IUserCertsRequest,
): { assumed: Assumed; until: number } {
  const dropped = new Set(request.DropAccessRequests ?? []);
  const kept = [...new Set([...active, ...(request.AccessRequests ?? [])])].filter((id) => !dropped.has('*') && !dropped.has(id));
  const requests = cluster.requests.assumable(kept, user);
  const resources = requests.flatMap(({ Spec }) => Spec.RequestedResourceIDs ?? []);
  return {
    assumed: {
      ids: kept,
      roles: requests.flatMap(({ Spec }) => Spec.Roles ?? []),
      resources: resources.map((id) => `/${id.ClusterName}/${id.Kind}/${id.Name}${id.SubResourceName ? `/${id.SubResourceName}` : ''}`),
    },
    until: Math.min(Number.POSITIVE_INFINITY, ...requests.map(({ Spec }) => Number(Spec.Expires?.seconds ?? Infinity) * 1000)),
  };
}
