import type { ClusterStanding } from '../../../shared/model/cluster.ts';
import type { ConnectionRow } from '../../../shared/model/gateway.ts';
import { displayText } from '../../ui/display-text.ts';

const protocols: Record<string, string> = {
  postgres: 'PostgreSQL',
  mysql: 'MySQL',
  mongodb: 'MongoDB',
  redis: 'Redis',
  sqlserver: 'SQL Server',
  cockroachdb: 'CockroachDB',
  cassandra: 'Cassandra',
  elasticsearch: 'Elasticsearch',
  opensearch: 'OpenSearch',
  clickhouse: 'ClickHouse',
  'clickhouse-http': 'ClickHouse (HTTP)',
  dynamodb: 'DynamoDB',
  snowflake: 'Snowflake',
  oracle: 'Oracle',
  spanner: 'Spanner',
  http: 'Web app',
  tcp: 'TCP app',
  mcp: 'MCP server',
  kube: 'Kubernetes',
  local: 'Local forward',
  remote: 'Remote forward',
  dynamic: 'SOCKS proxy',
  ssh: 'SSH',
};
const kinds: Record<ConnectionRow['target']['kind'], string> = {
  database: 'Database',
  kube: 'Kubernetes',
  app: 'App',
  forward: 'Port forward',
  ssh: 'SSH',
};

/** What stands behind a connection, as people call it. */
export function typeText({ target, protocol }: Pick<ConnectionRow, 'target' | 'protocol'>): string {
  if (target.kind === 'forward') return protocols[target.forward.type] ?? kinds.forward;
  return protocols[protocol] ?? (displayText(protocol, 40) || kinds[target.kind]);
}

const stateTexts: Record<ConnectionRow['state'], string> = { closed: 'Closed', opening: 'Opening…', open: 'Open', failed: 'Not open' };

/** What is in the way of programs although the row is open; empty when nothing is known to be. */
export function hindrance(row: Pick<ConnectionRow, 'state' | 'target'>, standing: ClusterStanding): string {
  if (row.state !== 'open' || row.target.kind === 'ssh' || standing === 'ready') return '';
  return standing === 'unreachable' ? 'The cluster cannot be reached' : 'Needs a login';
}

/** Whether it listens, and what is in the way otherwise. */
export function stateText(row: Pick<ConnectionRow, 'state' | 'target'>, standing: ClusterStanding): string {
  const hindered = hindrance(row, standing);
  return hindered === '' ? stateTexts[row.state] : `${stateTexts[row.state]} · ${hindered}`;
}

export function clientsText({ clients, totalClients, target }: Pick<ConnectionRow, 'clients' | 'totalClients' | 'target'>): string {
  const what = target.kind === 'ssh' ? 'terminal' : 'connection';
  const now = `${clients} ${what}${clients === 1 ? '' : 's'} now`;
  return totalClients > clients ? `${now}, ${totalClients} since it was opened` : now;
}

/** Where the bytes of a forward go, in one line. */
export function forwardText({ target, address }: Pick<ConnectionRow, 'target' | 'address'>): string {
  if (target.kind !== 'forward') return '';
  const { forward, server } = target;
  const at = displayText(server.hostname || server.node, 80);
  switch (forward.type) {
    case 'local':
      return `${address || 'A port of this computer'} leads to ${displayText(forward.to.host, 80)}:${forward.to.port}, as ${at} sees it`;
    case 'remote':
      return `${address || `${displayText(forward.listen.host, 80) || 'localhost'}:${forward.listen.port || 'any port'}`} on ${at} leads to ${displayText(forward.to.host, 80)}:${forward.to.port}, as this computer sees it`;
    case 'dynamic':
      return `${address || 'A port of this computer'} is a SOCKS5 proxy whose connections start at ${at}`;
  }
}

const failures: Partial<Record<string, string>> = {
  conflict: 'The port is taken',
  expired: 'Needs a login',
  'session-mfa': 'A second factor is asked for per session',
  'access-denied': 'Access denied',
  'not-found': 'It was not found',
  offline: 'The cluster cannot be reached',
  unreachable: 'The cluster cannot be reached',
  timeout: 'There was no answer in time',
  closed: 'The access ended',
  unsupported: 'Not possible here',
};

/** A short heading for why a connection is not open, or why the last program could not use it. */
export function problemTitle({ error, state }: Pick<ConnectionRow, 'error' | 'state'>): string {
  const fallback = state === 'open' ? 'The last connection failed' : 'The connection is not open';
  return (error && failures[error.code]) ?? fallback;
}
