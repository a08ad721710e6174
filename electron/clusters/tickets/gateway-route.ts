import { AppError } from '../../../shared/errors/app-error.ts';
import type { GatewayTicket } from '../../host-contract/ticket.ts';
import type { AuthRoute } from '../../teleport/auth/auth-route.ts';
import { splitAddress } from '../profiles/names.ts';
import type { StoredLogin } from '../profiles/read-profiles.ts';

/** Names of database protocols in ALPN (ssh-and-gateways §5.2). */
const databaseAlpn: Readonly<Record<string, string>> = {
  postgres: 'postgres',
  cockroachdb: 'postgres',
  mysql: 'mysql',
  mongodb: 'mongodb',
  redis: 'redis',
  sqlserver: 'sqlserver',
  oracle: 'oracle',
  snowflake: 'snowflake',
  cassandra: 'cassandra',
  elasticsearch: 'elasticsearch',
  opensearch: 'opensearch',
  dynamodb: 'dynamodb',
  clickhouse: 'clickhouse',
  'clickhouse-http': 'clickhouse',
  spanner: 'spanner',
};

export const isKnownDatabase = (protocol: string): boolean => Object.hasOwn(databaseAlpn, protocol);

type Wanted = { kind: 'database'; protocol: string; mysqlVersion: string } | { kind: 'tcp' } | { kind: 'http' } | { kind: 'kube' };
type Place = Pick<GatewayTicket, 'proxy'> & { tls: Pick<GatewayTicket['tls'], 'servername' | 'alpn' | 'ca'> };

/** Where a gateway's connections go and how they name themselves. The web port takes databases and apps by ALPN with or without TLS routing. Inside a connection upgrade, and for Kubernetes, the host CA vouches for the proxy. */
export function gatewayPlace(login: StoredLogin, root: AuthRoute, wanted: Wanted): Place {
  const web = splitAddress(login.address);
  const address = wanted.kind === 'kube' ? splitAddress(kubeAddress(login)) : web;
  const upgrade = (login.profile.tls_routing_enabled ?? false) && (login.profile.tls_routing_conn_upgrade_required ?? false);
  const proxy = { ...address, upgrade, version: root.version, trustedFingerprint: root.trustedFingerprint };
  // Kubernetes on a port of its own needs no name to be told apart by: the one that every proxy's certificate has serves.
  const kubeHost = login.profile.tls_routing_enabled ? web.host : '';
  if (wanted.kind === 'kube') return { proxy, tls: { servername: kubeName(kubeHost), alpn: ['http/1.1'], ca: [...root.ca] } };
  return { proxy, tls: { servername: web.host, alpn: alpnOf(wanted), ca: upgrade ? [...root.ca] : null } };
}

function alpnOf(wanted: Exclude<Wanted, { kind: 'kube' }>): string[] {
  if (wanted.kind === 'http') return ['http/1.1'];
  const name = wanted.kind === 'tcp' ? 'tcp' : databaseAlpn[wanted.protocol];
  const version = wanted.kind === 'database' && name === 'mysql' ? wanted.mysqlVersion : '';
  // Carries the version that the proxy greets with; never agreed on, so the plain name stands after it (login-and-auth §4.1).
  const carrier = version ? [`teleport-mysql-${Buffer.from(version).toString('base64')}`] : [];
  return [`teleport-${name}-ping`, ...carrier, `teleport-${name}`];
}

function kubeAddress({ profile, address }: StoredLogin): string {
  if (profile.tls_routing_enabled) return address;
  if (!profile.kube_proxy_addr) throw new AppError('unsupported', 'This cluster has no way in for Kubernetes.');
  return profile.kube_proxy_addr;
}

/** The name that the proxy knows Kubernetes by (ssh-and-gateways §6.1, §6.2). */
function kubeName(host: string): string {
  const plain = host === '' || host === 'localhost' || host.includes(':') || /^\d{1,3}(\.\d{1,3}){3}$/.test(host);
  return `kube-teleport-proxy-alpn.${plain ? 'teleport.cluster.local' : host}`;
}
