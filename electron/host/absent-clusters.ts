import { AppError } from '../../shared/errors/app-error.ts';
import { Topic } from '../../shared/ipc/server.ts';
import type { Cluster } from '../../shared/model/cluster.ts';

const absent = () => {
  throw new AppError('unsupported', 'This build has no cluster part yet.');
};

/** Stands in until the cluster service is there. */
export const absentClusters = {
  topic: new Topic<Cluster[]>([]),
  handlers: {
    'clusters.add': absent, 'clusters.trust': absent, 'clusters.auth-settings': absent, 'clusters.login-begin': absent, 'clusters.login-finish': absent,
    'clusters.refresh': absent, 'clusters.logout': absent, 'clusters.forget': absent, 'resources.list': absent,
  },
  tickets: { 'ticket.ssh': absent, 'ticket.expired': absent },
  start: async () => {},
  close: async () => {},
};
