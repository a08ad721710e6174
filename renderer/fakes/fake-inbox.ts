import { AppError } from '../../shared/errors/app-error.ts';
import type { AccessRequest, AccessRequestDetail, DryRun, RequestCapabilities, RequestsOverview } from '../../shared/model/access-request.ts';
import type { FakeWorld } from './fake-app.ts';
import { sampleOverview } from './request-samples.ts';
import { sampleCluster } from './samples.ts';

type Calls = NonNullable<FakeWorld['calls']>;

export const sampleDryRun: DryRun = {
  roles: [],
  reviewers: ['carol', 'dave'],
  reasonRequired: true,
  reasonPrompts: ['Name the incident or ticket'],
  maxDuration: 12 * 3_600_000,
  expires: Date.now() + 12 * 3_600_000,
  requestExpires: Date.now() + 7 * 24 * 3_600_000,
  sessionExpires: Date.now() + 12 * 3_600_000,
  thresholds: [{ name: 'default', approve: 2, deny: 1, approvals: 0, denials: 0 }],
};

export const sampleCapabilities: RequestCapabilities = {
  roles: [
    { name: 'billing-read', description: 'Read what customers were charged' },
    { name: 'db-admin', description: 'Everything on the order databases' },
    { name: 'kube-debug', description: '' },
    { name: 'prod-root', description: 'root on production servers' },
  ],
  reviewers: ['carol', 'dave', 'erin'],
  applicableRoles: [],
  reasonRequired: false,
  reasonPrompt: '',
};

const scopes = {
  all: () => true,
  waiting: ({ waiting }: AccessRequest) => waiting,
  mine: ({ own }: AccessRequest) => own,
  reviewed: ({ reviewed }: AccessRequest) => reviewed,
};

export const detailOf = (request: AccessRequest): AccessRequestDetail => ({
  request,
  promotions: [],
  grants:
    request.resources.length > 0 ? null : request.roles.map((role) => ({ role, logins: ['ubuntu', 'postgres'], description: 'Given for incidents' })),
  reviewBlocked: '',
  assumeBlocked: '',
});

/** A cluster with these requests, as main's service answers for it. */
export function fakeInbox(requests: readonly AccessRequest[], calls: Calls = {}): Calls {
  return {
    'requests.list': ({ scope, states, search, sort, offset, limit }) => {
      const words = search.toLowerCase().split(/\s+/).filter(Boolean);
      const fitting = requests
        .filter(scopes[scope])
        .filter(({ state }) => states.length === 0 || states.includes(state))
        .filter(({ user, reason, roles, resources }) =>
          words.every((word) => `${user} ${reason} ${roles} ${resources.map(({ display }) => display)}`.toLowerCase().includes(word)),
        )
        .toSorted((a, b) => ((a[sort.field] ?? 0) < (b[sort.field] ?? 0) ? -1 : 1) * (sort.descending ? -1 : 1));
      return { requests: fitting.slice(offset, offset + limit), total: fitting.length, revision: 1 };
    },
    'requests.get': ({ id }) => {
      const found = requests.find((request) => request.id === id);
      if (!found) throw new AppError('not-found', 'This access request is gone.');
      return detailOf(found);
    },
    'requests.capabilities': ({ resources }) => ({
      ...sampleCapabilities,
      applicableRoles: resources.length > 0 ? ['access-prod', 'prod-root'] : [],
    }),
    'requests.namespaces': ({ search }) => ['billing', 'default', 'kube-system', 'monitoring'].filter((name) => name.includes(search)),
    'requests.dry-run': ({ draft }) => ({
      ...sampleDryRun,
      roles: draft.resources.length > 0 ? (draft.roles.length > 0 ? draft.roles : ['access-prod', 'prod-root']) : draft.roles,
    }),
    ...calls,
  };
}

/** A world whose one cluster has these requests. */
export function inboxWorld(requests: readonly AccessRequest[], overview: Partial<RequestsOverview> = {}, calls: Calls = {}): FakeWorld {
  const cluster = sampleCluster({ edition: 'ent' });
  return { clusters: [cluster], calls: fakeInbox(requests, calls), requests: { [cluster.key]: sampleOverview(requests, overview) } };
}
