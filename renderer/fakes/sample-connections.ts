import type { ConnectionRow, Connections } from '../../shared/model/gateway.ts';
import { sampleCluster } from './samples.ts';

const cluster = sampleCluster().key;
const command = (program: string, args: string[], installed = true) => ({
  program,
  args,
  env: {},
  text: [program, ...args].join(' '),
  installed,
  advice: installed ? '' : `Install CockroachDB’s program ${program} to use this command.`,
  runnable: true,
});

/** An open PostgreSQL gateway; each change makes another connection of it. */
export function sampleConnection(change: Partial<ConnectionRow> = {}): ConnectionRow {
  return {
    id: 'orders',
    target: { kind: 'database', cluster, leaf: '', name: 'orders', user: 'alice' },
    title: 'orders as alice',
    state: 'open',
    protocol: 'postgres',
    port: 42_817,
    address: '127.0.0.1:42817',
    url: 'postgres://alice@127.0.0.1:42817/shop',
    env: {},
    commands: [
      command('psql', ['postgres://alice@127.0.0.1:42817/shop']),
      command('cockroach', ['sql', '--url', 'postgres://alice@127.0.0.1:42817/shop'], false),
    ],
    openIn: [
      { id: 'dbeaver', name: 'DBeaver' },
      { id: 'pgadmin4', name: 'pgAdmin 4' },
    ],
    bytes: { sent: 48_213, received: 7_340_032 },
    clients: 3,
    totalClients: 41,
    error: null,
    wants: null,
    notes: ['No password is needed: the connection carries your certificate.'],
    expires: Date.now() + 3.2 * 3_600_000,
    database: 'shop',
    token: null,
    targetPorts: [],
    kube: null,
    createdAt: Date.UTC(2026, 8, 1, 8),
    openedAt: Date.UTC(2026, 8, 1, 9, 30),
    ...change,
  };
}

/** What of a connection is gone while it is not open. */
export const sampleClosed = {
  state: 'closed',
  address: '',
  url: '',
  commands: [],
  openIn: [],
  notes: [],
  clients: 0,
  expires: null,
  openedAt: null,
} satisfies Partial<ConnectionRow>;

const server = { cluster, leaf: '', node: '3c1f0d5e-6c2b-4f0e-9a53-0a4c7a2f9e11', hostname: 'bastion', login: 'ada' };
const plain = { url: '', commands: [], openIn: [], notes: [], database: null, expires: null } satisfies Partial<ConnectionRow>;

export const sampleKube = sampleConnection({
  ...plain,
  id: 'kube',
  target: { kind: 'kube', cluster, leaf: '', name: 'berlin-prod' },
  title: 'berlin-prod',
  protocol: 'kube',
  port: 41_002,
  address: '127.0.0.1:41002',
  env: { KUBECONFIG: '/home/ada/.config/Slipway/kube/berlin-prod.yaml' },
  commands: [command('kubectl', ['get', 'pods'])],
  expires: Date.now() + 3_600_000,
  kube: {
    kubeconfig: '/home/ada/.config/Slipway/kube/berlin-prod.yaml',
    context: 'slipway-berlin-prod',
    namespace: '',
    merged: false,
    ownKubeconfig: '/home/ada/.kube/config',
  },
});

export const sampleWebApp = sampleConnection({
  ...plain,
  id: 'grafana',
  target: { kind: 'app', cluster, leaf: '', name: 'grafana', targetPort: null },
  title: 'grafana',
  protocol: 'http',
  port: 8088,
  address: '127.0.0.1:8088',
  url: 'http://127.0.0.1:8088/',
  commands: [command('curl', ['http://127.0.0.1:8088/'])],
  token: false,
});

export const sampleMcp = sampleConnection({
  ...plain,
  id: 'mcp',
  target: { kind: 'app', cluster, leaf: '', name: 'incident-notes', targetPort: null },
  title: 'incident-notes',
  protocol: 'mcp',
  port: 8090,
  address: '127.0.0.1:8090',
  url: 'http://127.0.0.1:8090/?slipway-token=kq3Zt0m7yV1oWb5Xc9Lr2nHs8uTfEjAd',
  token: true,
  clients: 1,
  totalClients: 4,
});

export const samplePorts = sampleConnection({
  ...plain,
  id: 'broker',
  target: { kind: 'app', cluster, leaf: 'berlin.example.com', name: 'broker', targetPort: 5672 },
  title: 'broker:5672',
  protocol: 'tcp',
  port: 5672,
  address: '127.0.0.1:5672',
  targetPorts: [
    { port: 5672, endPort: 5672 },
    { port: 15_670, endPort: 15_675 },
  ],
  clients: 0,
  totalClients: 0,
  bytes: { sent: 0, received: 0 },
});

export const sampleForward = sampleConnection({
  ...plain,
  id: 'forward',
  target: { kind: 'forward', server, forward: { type: 'local', to: { host: 'metrics.internal', port: 9090 } }, withTerminal: true },
  title: 'metrics.internal:9090 through bastion',
  protocol: 'local',
  port: 9090,
  address: '127.0.0.1:9090',
  clients: 0,
});

export const sampleSocks = sampleConnection({
  ...plain,
  id: 'socks',
  target: { kind: 'forward', server, forward: { type: 'dynamic' }, withTerminal: false },
  title: 'SOCKS through bastion',
  state: 'failed',
  protocol: 'dynamic',
  port: 1080,
  address: '',
  error: { code: 'conflict', message: 'Port 1080 is used by another program. Port 1081 is free.', details: { port: 1080, suggestion: 1081 } },
  openedAt: null,
});

const closed = sampleConnection({
  id: 'cache',
  target: { kind: 'database', cluster, leaf: '', name: 'cache', user: '' },
  title: 'cache',
  protocol: 'redis',
  state: 'closed',
  address: '',
  url: '',
  clients: 0,
  openedAt: Date.UTC(2026, 7, 30),
});

export const sampleConnections = (...rows: ConnectionRow[]): Connections => ({
  rows: Object.fromEntries(rows.map((row) => [row.id, row])),
  problem: null,
});

export const allConnections = sampleConnections(sampleConnection(), sampleKube, sampleWebApp, samplePorts, sampleForward, sampleSocks, closed);
