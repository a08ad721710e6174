import type { TopicValue } from '../../../shared/ipc/define.ts';
import type { TopicSource } from '../../../shared/ipc/server.ts';
import type { Cluster, ClusterKey } from '../../../shared/model/cluster.ts';
import type { TicketContract } from '../../host-contract/ticket.ts';

type Access = TopicValue<TicketContract, 'access'>;

/**
 * The topic that tells the session host which logins have access, until when and by which certificate. The session host ends
 * connections whose access is over and makes new ones with the new certificate. `certificateOf` returns a different number for each
 * certificate of a login.
 */
export function accessTopic(clusters: TopicSource<Cluster[]>, certificateOf: (key: ClusterKey) => number): TopicSource<Access> {
  const accessOf = (value: readonly Cluster[]): Access =>
    Object.fromEntries(
      value.map(({ key, status, expires, activeRequests, name, leaves }) => [
        key,
        {
          signedIn: status === 'signed-in',
          expires,
          requests: activeRequests,
          certificate: certificateOf(key),
          names: [name, ...leaves.map((leaf) => leaf.name)],
        },
      ]),
    );
  return {
    get: () => accessOf(clusters.get()),
    onChange: (listener) => clusters.onChange((value) => listener(accessOf(value))),
  };
}
