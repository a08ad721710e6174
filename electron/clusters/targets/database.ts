import { AppError } from '../../../shared/errors/app-error.ts';
import type { DatabaseOptions, DatabaseTarget } from '../../../shared/model/gateway.ts';
import type { DatabaseFacts } from '../../teleport/auth/target-api.ts';
import type { ClusterAccess } from '../cluster-access.ts';
import { databaseAccess } from './database-access.ts';
import { type LoginRoute, protocolAlpn, type TargetRoute, webRoute } from './route.ts';
import { type GatewayKind, missing, type Named } from './target.ts';

/** Names of database protocols in ALPN (ssh-and-gateways §5.2). */
const alpnNames: Readonly<Record<string, string>> = {
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
/** Protocols whose connections name a database. */
const named = new Set(['postgres', 'cockroachdb', 'mysql', 'mongodb', 'redis', 'sqlserver', 'snowflake', 'oracle']);

export const databaseKind: GatewayKind<DatabaseTarget> = {
  async find(wanted, route, client, signal) {
    const database = await client.targets.database(wanted.name, signal);
    if (!database) throw missing('database', wanted.name);
    const problem = protocolProblem(database);
    if (problem !== null) throw new AppError('unsupported', problem);
    const { name, protocol } = database;
    const asUser = { ServiceName: name, Protocol: protocol, Username: databaseUser(wanted, database) };
    return {
      mfaQuestion: { Database: asUser },
      certificateUse: async () => ({ usage: 'Database', requester: 'TSH_DB_LOCAL_PROXY_TUNNEL', route: { RouteToDatabase: asUser } }),
      route: databaseRoute(route, database),
      protocol,
      targetPorts: [],
    };
  },
};

export function databaseRoute(route: LoginRoute, { protocol, mysqlVersion }: Pick<DatabaseFacts, 'protocol' | 'mysqlVersion'>): TargetRoute {
  const name = alpnNames[protocol] ?? protocol;
  // Carries the version that the proxy greets with; never agreed on, so the plain name stands after it (login-and-auth §4.1).
  const carrier = name === 'mysql' && mysqlVersion ? [`teleport-mysql-${Buffer.from(mysqlVersion).toString('base64')}`] : [];
  return webRoute(route, protocolAlpn(name, carrier));
}

/** What a person can choose when connecting to a database. */
export async function databaseOptions(access: ClusterAccess, { cluster, leaf, name }: Named, signal: AbortSignal): Promise<DatabaseOptions> {
  const [database, roles, user] = await access.ask(cluster, leaf, (client) =>
    Promise.all([client.targets.database(name, signal), client.targets.databaseRoles(signal), client.currentUser(signal)]),
  );
  if (!database) throw missing('database', name);
  const allowed = databaseAccess(database, roles, user.traits);
  const autoUser = database.hasAdmin && allowed.makesUsers;
  return {
    protocol: database.protocol,
    users: autoUser ? [user.name] : allowed.users,
    anyUser: !autoUser && allowed.anyUser,
    optionalUser: database.protocol === 'redis',
    autoUser,
    databases: named.has(database.protocol) ? allowed.databases : [],
    anyDatabase: named.has(database.protocol) && allowed.anyDatabase,
    problem: protocolProblem(database),
  };
}

/** A sentence when Slipway does not know the protocol of this database. */
export function protocolProblem({ name, protocol }: Pick<DatabaseFacts, 'name' | 'protocol'>): string | null {
  if (Object.hasOwn(alpnNames, protocol)) return null;
  return `${name} speaks ${protocol || 'a protocol without a name'}, which this Slipway does not know. Use “tsh db connect”.`;
}

/** Cloud SQL knows service accounts by their project (ssh-and-gateways §5.5). */
function databaseUser({ user }: DatabaseTarget, { protocol, gcpProject }: DatabaseFacts): string {
  if (user === '' && protocol === 'redis') return 'default';
  if (user === '') throw new AppError('invalid-argument', 'Choose a database user first.');
  return protocol === 'postgres' && gcpProject && !user.includes('@') ? `${user}@${gcpProject}.iam` : user;
}
