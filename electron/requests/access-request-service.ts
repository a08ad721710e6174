import { AppError } from '../../shared/errors/app-error.ts';
import type { MainContract } from '../../shared/ipc/contract.ts';
import type { CallName } from '../../shared/ipc/define.ts';
import { type Handlers, Topic } from '../../shared/ipc/server.ts';
import type { RequestNotice, RequestsOverview } from '../../shared/model/access-request.ts';
import type { ClusterKey } from '../../shared/model/cluster.ts';

export type RequestCalls = Pick<Handlers<MainContract>['calls'], Extract<CallName<MainContract>, `requests.${string}`>>;

const unavailable = () => {
  throw new AppError('unsupported', 'Access requests cannot be used yet.');
};

/** The access requests of all clusters a person is logged in to. */
export class AccessRequestService {
  readonly topic = new Topic<Record<ClusterKey, RequestsOverview>>({});
  readonly notices = new Topic<RequestNotice[]>([]);
  readonly handlers: RequestCalls = {
    'requests.list': unavailable,
    'requests.get': unavailable,
    'requests.refresh': unavailable,
    'requests.capabilities': unavailable,
    'requests.dry-run': unavailable,
    'requests.create': unavailable,
    'requests.review': unavailable,
    'requests.promote': unavailable,
    'requests.delete': unavailable,
    'requests.assume': unavailable,
    'requests.drop': unavailable,
    'requests.basket': unavailable,
  };
}
