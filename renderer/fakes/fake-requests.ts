import type { MainContract } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { CallName } from '../../shared/ipc/define.ts';
import type { Handlers } from '../../shared/ipc/server.ts';

const gone = () => {
  throw new AppError('not-found', 'This access request is gone.');
};

/** A cluster without access requests; what a test needs of them it gives as `calls`. */
export const fakeRequests: Pick<Handlers<MainContract>['calls'], Extract<CallName<MainContract>, `requests.${string}`>> = {
  'requests.list': () => ({ requests: [], total: 0, revision: 0 }),
  'requests.get': gone,
  'requests.refresh': () => null,
  'requests.namespaces': () => null,
  'requests.capabilities': () => ({ roles: [], reviewers: [], applicableRoles: [], reasonRequired: false, reasonPrompt: '' }),
  'requests.dry-run': gone,
  'requests.create': gone,
  'requests.review': gone,
  'requests.promote': gone,
  'requests.delete': gone,
  'requests.assume': () => null,
  'requests.drop': () => null,
  'requests.basket': () => null,
};
