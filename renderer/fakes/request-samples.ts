import { type AccessRequest, type NamedResource, type RequestsOverview, resourceIdText } from '../../shared/model/access-request.ts';
import { sampleCluster } from './samples.ts';

const hour = 3_600_000;
const users = ['bob', 'carol', 'dave', 'erin', 'frank'];
const roles = ['db-admin', 'prod-root', 'billing-read', 'kube-debug'];
const reasons = [
  'INC-4121: the invoices of October are stuck in the queue',
  'Rotating the certificates of the ingest hosts',
  'On call this week',
  'Looking into slow queries on orders\nsee https://example.com/tickets/311',
];

export const sampleNamed = (index: number, kind = 'node'): NamedResource => ({
  id: {
    cluster: 'teleport.example.com',
    kind,
    name: kind === 'node' ? `0d5c9f4e-4b0a-4f57-9a1c-${String(index).padStart(12, '0')}` : `${kind}-${index}`,
    subResource: '',
  },
  display: kind === 'node' ? `worker-${String(index).padStart(3, '0')}` : `${kind}-${index}`,
});

/** A plausible request for each number; the same one every time. Every fifth is this person's. */
export function sampleRequest(index: number, change: Partial<AccessRequest> = {}): AccessRequest {
  const own = index % 5 === 0;
  const state = (['pending', 'pending', 'approved', 'denied', 'approved', 'pending', 'promoted'] as const)[index % 7]!;
  const created = Date.now() - (index + 1) * 17 * 60_000;
  const forResources = index % 3 === 1;
  const reviews =
    state === 'pending'
      ? []
      : [
          {
            author: users[(index + 2) % 5]!,
            state,
            reason: state === 'denied' ? 'Ask the database team instead.' : 'Fine for today.',
            created: created + 600_000,
            assumeStart: null,
            accessList: state === 'promoted' ? 'Billing on call' : '',
          },
        ];
  return {
    id: `0193a1f0-0000-7000-8000-${index.toString(16).padStart(12, '0')}`,
    user: own ? 'ada' : users[index % 5]!,
    state,
    roles: forResources ? ['access'] : [roles[index % 4]!, ...(index % 4 === 2 ? ['auditor'] : [])],
    resources: forResources ? Array.from({ length: (index % 9) + 1 }, (_, at) => sampleNamed(index + at, at % 3 === 2 ? 'db' : 'node')) : [],
    created,
    expires: created + 12 * hour,
    requestExpires: created + 7 * 24 * hour,
    assumeStart: index % 11 === 4 ? Date.now() + 3 * hour : null,
    reason: index % 6 === 3 ? '' : reasons[index % 4]!,
    resolveReason: state === 'denied' ? 'Ask the database team instead.' : '',
    reviewers: index % 2 ? ['ada', 'carol'] : [],
    reviews,
    thresholds: [{ name: 'default', approve: 2, deny: 1, approvals: state === 'approved' ? 2 : 0, denials: 0 }],
    accessList: state === 'promoted' ? 'Billing on call' : '',
    longTerm: false,
    own,
    waiting: state === 'pending' && !own,
    reviewed: state !== 'pending' && index % 7 === 3,
    assumed: false,
    ...change,
  };
}

export function sampleOverview(requests: readonly AccessRequest[], change: Partial<RequestsOverview> = {}): RequestsOverview {
  const count = (fits: (request: AccessRequest) => boolean) => requests.filter(fits).length;
  return {
    cluster: sampleCluster().key,
    features: { reviews: true, resourceRequests: true, startTimes: true, explanation: '' },
    connection: 'live',
    problem: null,
    revision: 1,
    clockOffset: 0,
    counts: {
      total: requests.length,
      waiting: count(({ waiting }) => waiting),
      pending: count(({ own, state }) => own && state === 'pending'),
      approved: count(({ own, state, assumed }) => own && state === 'approved' && !assumed),
      reviewed: count(({ reviewed }) => reviewed),
    },
    assumed: requests
      .filter(({ assumed }) => assumed)
      .map(({ id, roles: given, resources, expires }) => ({ id, roles: given, resources, expires, known: true })),
    resources: Object.fromEntries(
      requests
        .filter(({ own, state }) => own && (state === 'pending' || state === 'approved'))
        .flatMap(({ resources, state, id }) =>
          resources.map((resource) => [
            resourceIdText(resource.id),
            { state: state === 'pending' ? ('requested' as const) : ('granted' as const), request: id },
          ]),
        ),
    ),
    basket: { roles: [], resources: [] },
    ...change,
  };
}
