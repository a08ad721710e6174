import { parseArgs } from 'node:util';
import { startCollector } from './collector.ts';
import { startControl } from './control.ts';
import { startCluster } from './index.ts';
import { demoConnectors } from './options.ts';

/*
 * The embedded cluster as a process: prints one line of JSON when it is ready, then text for people. Ends on SIGINT, SIGTERM, or when its
 * parent closes standard input and `--with-stdin` was given.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'server-version': { type: 'string', default: '19.0.0' },
    'no-tls-routing': { type: 'boolean', default: false },
    resources: { type: 'string', default: '300' },
    hostile: { type: 'boolean', default: false },
    edition: { type: 'string', default: 'ent' },
    'access-requests': { type: 'string', default: '0' },
    'no-leaf': { type: 'boolean', default: false },
    'no-sshd': { type: 'boolean', default: false },
    'agentless-hop': { type: 'boolean', default: false },
    'no-gateways': { type: 'boolean', default: false },
    'no-collector': { type: 'boolean', default: false },
    motd: { type: 'string', default: '' },
    sso: { type: 'boolean', default: false },
    'rate-limit': { type: 'boolean', default: false },
    'with-stdin': { type: 'boolean', default: false },
  },
});

const cluster = await startCluster({
  port: Number(values.port),
  serverVersion: values['server-version'],
  tlsRouting: !values['no-tls-routing'],
  resources: Number(values.resources),
  hostileNames: values.hostile,
  edition: values.edition === 'oss' ? 'oss' : 'ent',
  accessRequests: Number(values['access-requests']),
  leaf: !values['no-leaf'],
  sshd: !values['no-sshd'],
  agentlessHop: values['agentless-hop'],
  gateways: !values['no-gateways'],
  motd: values.motd,
  connectors: values.sso ? demoConnectors : [],
  rateLimit: values['rate-limit'],
});
const control = await startControl(cluster);
const collector = values['no-collector'] ? null : await startCollector({ print: (table) => console.log(table) });

let closing = false;
async function close(): Promise<void> {
  if (closing) return;
  closing = true;
  await Promise.all([control.close(), collector?.close()]);
  await cluster.close();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void close());
if (values['with-stdin']) process.stdin.on('end', () => void close()).resume();

console.log(
  JSON.stringify({
    address: cluster.address,
    sshAddress: cluster.sshAddress,
    name: cluster.name,
    version: cluster.version,
    fingerprint: cluster.fingerprint,
    users: cluster.users.map(({ name, password, logins, totpSecret }) => ({ name, password, logins, totpSecret })),
    nodes: cluster.nodes.map(({ uuid, hostname, cluster: owner, subKind }) => ({ uuid, hostname, cluster: owner, subKind })),
    leaf: cluster.leaf,
    control: control.address,
    collector: collector?.address ?? null,
  }),
);

const width = Math.max(...cluster.users.map((user) => user.name.length));
const passwordWidth = Math.max(...cluster.users.map((user) => user.password.length));
console.log(`
The demo cluster ${cluster.name} speaks Teleport ${cluster.version} at ${cluster.address}.
Its certificate is self-signed: ${cluster.fingerprint}

${cluster.users.map((user) => `  ${user.name.padEnd(width)}   password ${user.password.padEnd(passwordWidth)}   ${user.logins.length > 0 ? `logins ${user.logins.join(', ')}` : 'no logins'}`).join('\n')}

One-time codes: ${control.address}/  (or: curl ${control.address}/totp/alice)
Servers to enter: ${cluster.nodes.map((node) => (node.cluster === cluster.name ? node.hostname : `${node.hostname} in ${node.cluster}`)).join(', ')}${
  cluster.agentlessProblem ? `\nNo agentless server: ${cluster.agentlessProblem}` : ''
}
`);
