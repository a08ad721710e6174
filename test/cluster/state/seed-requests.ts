import { types } from '../../../proto/gen/teleport.js';
import { timestamp } from '../auth/messages.ts';
import { uuidV7 } from './access-requests.ts';
import type { ClusterState } from './cluster-state.ts';

const reasons = ['deploy a fix', 'incident 4711', 'look at slow queries', 'rotate a key', 'end of the month', ''];
const roles = ['auditor', 'dba', 'production', 'server-access'];
const minute = 60_000;

/** Requests of the last days by people nobody knows, most of them decided, the same number in each state for the same count. */
export function seedRequests(cluster: ClusterState, count: number): void {
  const { PENDING, APPROVED, DENIED } = types.RequestState;
  for (let index = 0; index < count; index++) {
    const created = cluster.now() - (index % 9000) * minute - 1000;
    const state = index % 10 === 0 ? PENDING : index % 4 === 0 ? DENIED : APPROVED;
    const role = roles[index % roles.length]!;
    const node = cluster.inventory.nodes()[index % Math.max(1, cluster.inventory.nodes().length)];
    const resources = role === 'server-access' && node ? [{ ClusterName: cluster.name, Kind: 'node', Name: node.id }] : [];
    const review = {
      Author: index % 3 === 0 ? 'rita' : 'ron',
      ProposedState: state,
      Reason: 'fine',
      Created: timestamp(created + minute),
      ThresholdIndexes: [0],
    };
    cluster.requests.put({
      Kind: 'access_request',
      Version: 'v3',
      Metadata: { Name: uuidV7(created), Namespace: 'default' },
      Spec: {
        User: `person-${String(index % 97).padStart(2, '0')}`,
        Roles: [role],
        State: state,
        Created: timestamp(created),
        Expires: timestamp(cluster.now() + 8 * 3600_000),
        RequestReason: reasons[index % reasons.length]!,
        Thresholds: [{ Name: 'default', Approve: 1, Deny: 1 }],
        RoleThresholdMapping: { [role]: { Sets: [{ Indexes: [0] }] } },
        SuggestedReviewers: ['rita', 'ron'],
        RequestedResourceIDs: resources,
        Reviews: state === PENDING ? [] : [review],
        ResolveReason: state === PENDING ? '' : 'fine',
        ResourceExpiry: timestamp(cluster.now() + 7 * 24 * 3600_000),
      },
    });
  }
}
