import { AppError } from '../../../shared/errors/app-error.ts';
import type { AccessRequest, RequestsOverview } from '../../../shared/model/access-request.ts';
import type { Document } from '../../../shared/model/document.ts';
import type { FakeWorld } from '../fake-app.ts';
import { detailOf, inboxWorld } from '../fake-inbox.ts';
import { press, until } from '../page-acts.ts';
import { sampleNamed, sampleOverview, sampleRequest } from '../request-samples.ts';
import { sampleCluster, sampleResource } from '../samples.ts';
import type { Screen } from '../screen.ts';
import { resourcesTab } from './resource-screens.ts';

type RequestsDocument = Extract<Document, { kind: 'requests' }>;

const minute = 60_000;
const hour = 60 * minute;

export const requestsTab = (change: Partial<RequestsDocument> = {}): RequestsDocument => ({
  id: 'q',
  kind: 'requests',
  cluster: sampleCluster().key,
  scope: 'all',
  states: [],
  search: '',
  sort: { field: 'created', descending: true },
  request: '',
  ...change,
});

const fresh = { created: Date.now() - 40 * minute, expires: Date.now() + 8 * hour };
const requests = Array.from({ length: 60 }, (_, index) => sampleRequest(index));
const waiting = sampleRequest(106, {
  ...fresh,
  waiting: true,
  state: 'pending',
  own: false,
  user: 'bob',
  roles: ['db-admin'],
  resources: [],
  reviews: [
    {
      author: 'carol',
      state: 'approved',
      reason: 'I know about this one.',
      created: Date.now() - 20 * minute,
      assumeStart: Date.now() + 2 * hour,
      accessList: '',
    },
  ],
  thresholds: [{ name: 'default', approve: 2, deny: 1, approvals: 1, denials: 0 }],
});
const hostile = sampleRequest(108, {
  ...fresh,
  waiting: true,
  own: false,
  state: 'pending',
  user: '\u202eadmin\u0007<b>',
  roles: ['<img src=x onerror=alert(1)>'],
  resources: [],
  reason: `<script>alert(1)</script>\n\u202etxt.exe \u0000\u001b[31m[click](javascript:1)\n${'очень длинно '.repeat(400)}`.slice(0, 4096),
});
const mine = sampleRequest(105, { ...fresh, own: true, waiting: false, state: 'approved', roles: ['db-admin'], resources: [], assumeStart: null });
const pending = sampleRequest(110, {
  ...fresh,
  own: true,
  waiting: false,
  state: 'pending',
  roles: ['access'],
  resources: Array.from({ length: 20 }, (_, at) => sampleNamed(at, at % 3 ? 'node' : 'db')),
});

const inbox = (
  document: Partial<RequestsDocument>,
  list: readonly AccessRequest[] = requests,
  overview: Partial<RequestsOverview> = {},
  calls: FakeWorld['calls'] = {},
): FakeWorld => ({
  ...inboxWorld(list, overview, calls),
  workspace: { documents: [requestsTab(document)], active: 'q' },
});
const one = (request: AccessRequest, detail: Partial<ReturnType<typeof detailOf>> = {}, calls: FakeWorld['calls'] = {}): FakeWorld =>
  inbox({ request: request.id }, [request, ...requests.slice(0, 12)], {}, { 'requests.get': () => ({ ...detailOf(request), ...detail }), ...calls });

const approve = async () =>
  (
    await until(() =>
      [...document.querySelectorAll<HTMLElement>('[aria-label="Your review"] button')].find(({ textContent }) => textContent === 'Approve'),
    )
  ).click();

/** Own and approved: for roles, or without any for a server. */
const takeable = (at: number, roles: string[]) =>
  sampleRequest(200 + at, {
    ...fresh,
    ...{ id: `0193a1f0-0000-7000-8000-00000000020${at}`, own: true, waiting: false, state: 'approved', assumed: false, assumeStart: null },
    ...{ roles: roles.length > 0 ? roles : ['access'], resources: roles.length > 0 ? [] : [sampleNamed(at)] },
  });

const markTwo = async () => {
  const rows = await until(() => {
    const found = [...document.querySelectorAll<HTMLElement>('[role=rowgroup] [role=row][aria-selected]')];
    return found.length > 2 ? found : null;
  });
  for (const index of [1, 2]) {
    rows[index]?.dispatchEvent(new MouseEvent('click', { ctrlKey: true, bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

/** There when it is asked for first, gone afterwards. */
function vanishing(): NonNullable<FakeWorld['calls']>['requests.get'] {
  let asked = 0;
  return () => {
    if (asked++ > 0) throw new AppError('not-found', 'This access request is gone.');
    return detailOf(waiting);
  };
}

const refusing = (code: 'access-denied' | 'second-factor-required' | 'conflict', message: string): FakeWorld['calls'] => ({
  'requests.review': () => {
    throw new AppError(code, message);
  },
});
const openSource: Partial<RequestsOverview> = {
  features: {
    reviews: false,
    resourceRequests: false,
    startTimes: true,
    explanation: 'This cluster is of the open-source edition: an administrator decides about requests, and only roles can be requested.',
  },
};
const asking =
  () =>
  ({ app }: { app: { requests: { setState(state: { asking: string }): void } } }) =>
    app.requests.setState({ asking: sampleCluster().key });

const basketOfResources = {
  basket: {
    roles: [],
    resources: [
      sampleNamed(1),
      sampleNamed(2, 'db'),
      sampleNamed(3, 'kube_cluster'),
      { ...sampleNamed(4, 'kube_cluster'), id: { ...sampleNamed(4, 'namespace').id, name: 'kube_cluster-4', subResource: 'billing' } },
    ],
  },
};
const ending = { id: mine.id, roles: ['db-admin'], resources: [], expires: Date.now() + 8 * minute, known: true };
const assumed = { ...ending, expires: Date.now() + 3 * hour };

const resources = (overview: Partial<RequestsOverview>): FakeWorld => ({
  ...inboxWorld(requests, overview, {
    'resources.list': () => ({
      resources: Array.from({ length: 30 }, (_, at) => sampleResource(at, { requiresRequest: at % 2 === 1 })),
      nextKey: '',
      skipped: 0,
    }),
  }),
  workspace: { documents: [resourcesTab()], active: 'r' },
});
const node = (index: number) => ({
  id: { cluster: 'teleport.example.com', kind: 'node', name: sampleResource(index).id, subResource: '' },
  display: sampleResource(index).name,
});
const nodeKey = (index: number) => `/teleport.example.com/node/${sampleResource(index).id}`;

const ssh: Document = {
  id: 's',
  kind: 'ssh',
  origin: 'resource_table',
  target: { cluster: sampleCluster().key, leaf: '', node: 'n', hostname: 'api-1', login: 'ada' },
};

export const requestsScreens: Record<string, Screen> = {
  requests: { world: inbox({}) },
  'requests-waiting': { world: inbox({ scope: 'waiting' }) },
  'requests-5000': {
    world: inbox(
      {},
      Array.from({ length: 5000 }, (_, index) => sampleRequest(index)),
    ),
  },
  'requests-filtered': { world: inbox({ search: 'bob', states: ['pending'] }) },
  'requests-nothing-matches': { world: inbox({ search: 'zzz' }) },
  'requests-none': { world: inbox({ scope: 'waiting' }, []) },
  'requests-none-of-mine': { world: inbox({ scope: 'mine' }, []) },
  'requests-loading': { world: inbox({}, [], {}, { 'requests.list': () => new Promise(() => {}) }) },
  'requests-failed': {
    world: inbox(
      {},
      [],
      { connection: 'offline' },
      {
        'requests.list': () => {
          throw new AppError('unreachable', 'teleport.example.com does not answer. Check the network, then try again.');
        },
      },
    ),
  },
  'requests-offline': {
    world: inbox({}, requests, {
      connection: 'offline',
      problem: { code: 'unreachable', message: 'teleport.example.com does not answer. The list may be old.' },
    }),
  },
  'requests-interrupted': { world: inbox({}, requests, { connection: 'interrupted' }) },
  'requests-own-live': { world: inbox({}, requests, { connection: 'own' }) },
  'requests-marked': { world: inbox({ scope: 'mine' }, [takeable(1, ['db-admin']), takeable(2, ['auditor']), pending]), act: markTwo },
  'requests-marked-blocked': { world: inbox({ scope: 'mine' }, [takeable(1, []), takeable(2, []), pending]), act: markTwo },
  'requests-open-source': {
    world: inbox(
      { scope: 'mine' },
      requests.map((each) => ({ ...each, own: true, user: 'ada', waiting: false, resources: [], roles: ['db-admin'], thresholds: [] })),
      openSource,
    ),
  },
  'requests-signed-out': { world: { ...inbox({}), clusters: [sampleCluster({ status: 'signed-out' })] } },
  'request-to-review': { world: one(waiting) },
  'request-promotable': {
    world: one(waiting, { promotions: [{ name: 'l1', title: 'Billing on call' }] }),
    act: () => until(() => document.querySelector('[aria-label="Your review"]')).then((form) => form.scrollIntoView()),
  },
  'request-hostile': { world: one(hostile) },
  'request-hostile-all': { world: one(hostile), act: () => press('Show all') },
  'request-refused': { world: one(waiting, {}, refusing('conflict', 'You have already reviewed this request.')), act: approve },
  'request-second-factor': {
    world: one(
      waiting,
      {},
      refusing(
        'second-factor-required',
        'Teleport answered: admin-level API request requires MFA verification. Slipway cannot ask for it yet; use tsh or the web page.',
      ),
    ),
    act: approve,
  },
  'request-review-blocked': { world: one({ ...waiting, waiting: false }, { reviewBlocked: 'You cannot review your own request.' }) },
  'request-approved': { world: one(mine) },
  'request-not-yet': { world: one({ ...mine, assumeStart: Date.now() + 2 * hour }, { assumeBlocked: 'This access can be assumed in 2 h.' }) },
  'request-assumed': {
    world: {
      ...one({ ...mine, assumed: true }),
      requests: { [sampleCluster().key]: sampleOverview([{ ...mine, assumed: true }, ...requests.slice(0, 12)]) },
    },
  },
  'request-assume-refused': {
    world: one(
      mine,
      {},
      {
        'requests.assume': () => {
          throw new AppError(
            'access-denied',
            'Teleport refused: cannot generate certificate with multiple resource access requests. Drop the other one first.',
          );
        },
      },
    ),
    act: () => press('Assume this access'),
  },
  'request-denied': { world: one(sampleRequest(101, { ...fresh, own: true, waiting: false })) },
  'request-promoted': { world: one(sampleRequest(104, { ...fresh, own: true, waiting: false })) },
  'request-pending-resources': { world: one(pending) },
  'request-gone': { world: inbox({ request: 'no-such-request' }) },
  'request-vanished': {
    world: one(waiting, {}, { 'requests.get': vanishing() }),
    act: async ({ topics }) => {
      await until(() => document.querySelector('[aria-label="Your review"]'));
      const key = sampleCluster().key;
      topics.requests.set({ [key]: { ...topics.requests.get()[key]!, revision: 2 } });
    },
  },
  'ask-empty': { world: inbox({}), act: asking() },
  'ask-roles': { world: inbox({}, requests, { basket: { roles: ['db-admin', 'prod-root'], resources: [] } }), act: asking() },
  'ask-resources': { world: inbox({}, requests, basketOfResources), act: asking() },
  'ask-namespaces': {
    world: inbox({}, requests, basketOfResources),
    act: async (given) => {
      asking()(given);
      (await until(() => document.querySelector<HTMLElement>('[aria-label="Namespaces of kube_cluster-3"]'))).focus();
    },
  },
  'ask-more': {
    world: inbox({}, requests, { basket: { roles: ['db-admin'], resources: [] } }),
    act: async (app) => {
      asking()(app);
      await press('More options');
    },
  },
  'ask-open-source': { world: inbox({}, [], { ...openSource, basket: { roles: ['db-admin'], resources: [] } }), act: asking() },
  'ask-refused': {
    world: inbox(
      {},
      requests,
      { basket: { roles: ['db-admin'], resources: [] } },
      {
        'requests.dry-run': () => {
          throw new AppError('invalid-argument', 'Teleport refused: user "ada" can not request role "db-admin".');
        },
      },
    ),
    act: asking(),
  },
  'requests-menu': { world: resources({}), act: () => press('Access requests') },
  'resources-requestable': {
    world: resources({
      basket: { roles: [], resources: [node(1), node(3)] },
      resources: {
        [nodeKey(9)]: { state: 'requested', request: 'x' },
        [nodeKey(11)]: { state: 'granted', request: 'y' },
        [nodeKey(0)]: { state: 'granted', request: 'z' },
      },
    }),
  },
  'resources-marked': {
    world: resources({}),
    act: async () => {
      for (const row of ['3', '5', '9']) {
        const element = await until(() => document.querySelector<HTMLElement>(`[role="row"][aria-rowindex="${row}"]`));
        element.dispatchEvent(new MouseEvent('click', { bubbles: true, ctrlKey: true }));
      }
    },
  },
  'assumed-banner': { world: { ...resources({ assumed: [assumed] }), workspace: { documents: [resourcesTab(), ssh], active: 'r' } } },
  'assumed-ending': { world: resources({ assumed: [ending, { ...assumed, id: 'z', roles: [], resources: [sampleNamed(3)] }] }) },
  'assumed-unknown': { world: resources({ assumed: [{ ...assumed, roles: [], known: false }] }) },
  'assumed-session': {
    world: {
      ...resources({}),
      workspace: { documents: [resourcesTab(), ssh], active: 's' },
      terminal: (_params, stream) => stream.send({ type: 'ready', title: 'ada@api-1' }),
    },
    act: async ({ app, topics }) => {
      await until(() => app.tabStatuses.getState().statuses.s?.isLive);
      const key = sampleCluster().key;
      topics.requests.set({ [key]: { ...topics.requests.get()[key]!, assumed: [assumed] } });
    },
  },
  'request-notice': {
    world: { ...inbox({}), info: { host: 'browser' } },
    act: async ({ topics }) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      topics.notices.set([
        {
          serial: 1,
          kind: 'waiting',
          cluster: sampleCluster().key,
          request: waiting.id,
          title: 'bob asks for db-admin',
          body: 'Waits for your review on teleport.example.com.',
        },
      ]);
    },
  },
};
