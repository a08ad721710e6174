import type { TopicValue } from '../../shared/ipc/define.ts';
import type { TopicSource } from '../../shared/ipc/server.ts';
import type { Cluster } from '../../shared/model/cluster.ts';
import type { TicketContract } from '../sessions/ticket.ts';

type Access = TopicValue<TicketContract, 'access'>;

/** Who has access to what, and until when, for the session host: it ends what goes on beyond that. */
export function accessTopic(clusters: TopicSource<Cluster[]>): TopicSource<Access> {
  return {
    get: () => accessOf(clusters.get()),
    onChange: (listener) => clusters.onChange((value) => listener(accessOf(value))),
  };
}

function accessOf(clusters: readonly Cluster[]): Access {
  return Object.fromEntries(
    clusters.map(({ key, status, expires, activeRequests }) => [key, { signedIn: status === 'signed-in', expires, requests: activeRequests }]),
  );
}
