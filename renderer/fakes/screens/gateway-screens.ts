import { Topic } from '../../../shared/ipc/server.ts';
import type { AppOptions, ConnectionRow, Connections, DatabaseOptions } from '../../../shared/model/gateway.ts';
import { gatewayDocument } from '../../workbench/documents.ts';
import type { FakeWorld } from '../fake-app.ts';
import { fill, press, until } from '../page-acts.ts';
import {
  allConnections,
  sampleClosed,
  sampleConnection,
  sampleConnections,
  sampleForward,
  sampleKube,
  sampleMcp,
  samplePorts,
  sampleSocks,
  sampleWebApp,
} from '../sample-connections.ts';
import { sampleCluster, sampleResource } from '../samples.ts';
import type { Screen } from '../screen.ts';
import { resourcesTab } from './resource-screens.ts';

const cluster = sampleCluster();

const world = (connections: Connections, tab?: ConnectionRow): FakeWorld => ({
  clusters: [cluster],
  workspace: tab
    ? { documents: [resourcesTab(), gatewayDocument(tab)], active: gatewayDocument(tab).id }
    : { documents: [resourcesTab()], active: 'r' },
  sessionHostTopics: { connections: new Topic(connections) },
});
const page = (row: ConnectionRow): Screen => ({ world: world(sampleConnections(row), row) });

const users: DatabaseOptions = {
  protocol: 'postgres',
  users: ['alice', 'reader', 'reporting'],
  anyUser: false,
  optionalUser: false,
  autoUser: false,
  databases: ['shop', 'stock'],
  anyDatabase: false,
  problem: null,
};
const aws: AppOptions = {
  kind: 'aws',
  gateway: false,
  launchUrl: '',
  awsRoles: ['Admin', 'ReadOnly', 'Billing'].map((name) => ({
    name,
    arn: `arn:aws:iam::123456789012:role/${name}`,
    account: '123456789012',
    launchUrl: `https://teleport.example.com/web/launch/${name}`,
  })),
  targetPorts: [],
  problem: null,
};
const menu = (kind: 'db' | 'app', calls: FakeWorld['calls']): Screen => ({
  world: {
    ...world(allConnections),
    calls: {
      'resources.list': () => ({
        resources: [sampleResource(2, { kind, name: 'orders' }), ...Array.from({ length: 12 }, (_, index) => sampleResource(index))],
        nextKey: '',
        skipped: 0,
      }),
      ...calls,
    },
  },
  act: () => press('Connect to orders'),
});
const server = sampleForward.target.kind === 'forward' ? sampleForward.target.server : null;
const askForward = (connection: string | null): Screen => ({
  world: world(allConnections),
  act: ({ app }) => {
    if (server) void app.dialogs.getState().ask({ kind: 'forward', server, connection });
  },
});

/** Every state of a connection's page, the list of connections, and the ways to open one. */
export const gatewayScreens: Record<string, Screen> = {
  gateway: page(sampleConnection()),
  'gateway-kube': page(sampleKube),
  'gateway-web-app': page(sampleWebApp),
  'gateway-mcp': page(sampleMcp),
  'gateway-mcp-json': {
    ...page(sampleMcp),
    act: async () => (await until(() => document.querySelector<HTMLElement>('input[value="Cursor"]'))).click(),
  },
  'gateway-multi-port': page(samplePorts),
  'gateway-forward': page(sampleForward),
  'gateway-port-taken': page(sampleSocks),
  'gateway-opening': page(sampleConnection({ state: 'opening', address: '', url: '', openedAt: null, commands: [], openIn: [] })),
  'gateway-closed': page(sampleConnection(sampleClosed)),
  'gateway-access-ended': page(
    sampleConnection({
      ...sampleClosed,
      state: 'failed',
      error: {
        code: 'closed',
        message: 'The access request that let you use orders has ended, so its connections were closed. Ask for access again to open it.',
      },
    }),
  ),
  'gateway-session-mfa': page(
    sampleConnection({
      error: { code: 'session-mfa', message: 'The server wants a second factor for each session on orders: “access to db denied: MFA required”.' },
    }),
  ),
  'gateway-wants-login': {
    ...page(sampleConnection({ wants: 'login', error: { code: 'expired', message: 'Your login to teleport.example.com has expired.' } })),
    act: async ({ app }) => (await until(() => app.dialogs.getState().queue[0])).answer(null),
  },
  'gateway-removed': { world: world(sampleConnections(), sampleConnection()) },
  'gateway-port-invalid': { ...page(sampleConnection()), act: () => fill('Port', '70000') },
  connections: { world: world(allConnections), act: ({ commands }) => commands.run('connections') },
  'connections-empty': { world: world(sampleConnections()), act: ({ commands }) => commands.run('connections') },
  'connections-filtered': {
    world: world(allConnections),
    act: async ({ commands }) => {
      commands.run('connections');
      await fill('Filter connections', 'berlin');
    },
  },
  'connect-database': menu('db', { 'resources.database-options': () => users }),
  'connect-database-any': menu('db', { 'resources.database-options': () => ({ ...users, anyUser: true }) }),
  'connect-database-none': menu('db', { 'resources.database-options': () => ({ ...users, users: [] }) }),
  'connect-aws': menu('app', { 'resources.app-options': () => aws }),
  'connect-web': menu('app', {
    'resources.app-options': () => ({
      ...aws,
      kind: 'http',
      gateway: true,
      launchUrl: 'https://teleport.example.com/web/launch/grafana',
      awsRoles: [],
    }),
  }),
  'forward-new': askForward(null),
  'forward-change': askForward(sampleForward.id),
  'forward-invalid': {
    ...askForward(null),
    act: async (app) => {
      askForward(null).act?.(app);
      await fill('To host', 'two words');
      await press('Start');
    },
  },
};
