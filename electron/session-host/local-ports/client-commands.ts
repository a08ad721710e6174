import { commandLine, shellOf } from '../../lib/shell-words.ts';

/** What a program needs to know to use a gateway. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Database user; empty where there is none. */
  readonly user: string;
  /** Database name; empty when none was chosen. */
  readonly database: string;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** False when it only shows the shape of one. */
  readonly runnable?: boolean;
  /** It speaks HTTP, and so would go through a web proxy that the terminal names. */
  readonly usesHttp?: boolean;
}

export interface ProtocolFacts {
  /** Commands, the best one first (ssh-and-gateways §5.8). */
  commands(endpoint: Endpoint, secret: string): Command[];
  url(endpoint: Endpoint): string;
  /** The server greets before the program says anything. */
  readonly serverFirst: boolean;
  /** Connections name a database. */
  readonly namesDatabase: boolean;
  /** How to turn TLS off in programs, which the gateway does itself. */
  readonly noTls: string;
  readonly notes: readonly string[];
}

const enc = encodeURIComponent;
const at = ({ host, port }: Endpoint) => `${host}:${port}`;
const http = (endpoint: Endpoint) => `http://${at(endpoint)}/`;
const given = (...words: [string, string]) => (words[1] ? words : []);
const userAt = (scheme: string, endpoint: Endpoint) =>
  `${scheme}://${endpoint.user ? `${enc(endpoint.user)}@` : ''}${at(endpoint)}/${enc(endpoint.database)}`;
const curl = (endpoint: Endpoint): Command => curlCommand(http(endpoint));
/** Fetches an address of this computer. */
export const curlCommand = (url: string): Command => ({ program: 'curl', args: [url], usesHttp: true });
const anyPassword = 'No password is needed. Where a program insists on one, any will do.';
const plain = { serverFirst: false, namesDatabase: false, noTls: 'turn off TLS in it', notes: [anyPassword] } as const;

const postgresUrl = (endpoint: Endpoint) => userAt('postgres', endpoint);
const psql = (endpoint: Endpoint): Command => ({ program: 'psql', args: [postgresUrl(endpoint)] });
const mongoUrl = (endpoint: Endpoint) => `mongodb://${at(endpoint)}/${enc(endpoint.database)}?directConnection=true&serverSelectionTimeoutMS=5000`;

const protocols: Readonly<Record<string, ProtocolFacts>> = {
  postgres: { ...plain, commands: (e) => [psql(e)], url: postgresUrl, namesDatabase: true, noTls: 'use sslmode=disable or prefer' },
  cockroachdb: {
    ...plain,
    commands: (e) => [{ program: 'cockroach', args: ['sql', '--url', postgresUrl(e)] }, psql(e)],
    url: postgresUrl,
    namesDatabase: true,
    noTls: 'use sslmode=disable or prefer',
  },
  mysql: {
    ...plain,
    commands: (e) => ['mariadb', 'mysql'].map((program) => ({ program, args: mysqlArguments(e) })),
    url: (e) => userAt('mysql', e),
    serverFirst: true,
    namesDatabase: true,
    noTls: 'use --skip-ssl',
    notes: [anyPassword, 'The MariaDB client from version 11.4 on checks TLS by itself: give it --skip-ssl.'],
  },
  mongodb: {
    ...plain,
    commands: (e) => ['mongosh', 'mongo'].map((program) => ({ program, args: [mongoUrl(e)] })),
    url: mongoUrl,
    namesDatabase: true,
    noTls: 'use tls=false',
  },
  redis: {
    ...plain,
    commands: (e) => [{ program: 'redis-cli', args: ['-h', e.host, '-p', `${e.port}`, ...given('-n', e.database)] }],
    url: (e) => `redis://${at(e)}/${enc(e.database)}`,
    namesDatabase: true,
    noTls: 'use redis:// instead of rediss://',
  },
  sqlserver: {
    ...plain,
    commands: (e, secret) =>
      ['sqlcmd', 'mssql-cli'].map((program) => ({
        program,
        args: ['-S', `${e.host},${e.port}`, '-U', e.user, '-P', secret, ...given('-d', e.database)],
      })),
    url: (e) => `sqlserver://${e.user ? `${enc(e.user)}@` : ''}${at(e)}${e.database ? `?database=${enc(e.database)}` : ''}`,
    namesDatabase: true,
    noTls: 'use Encrypt=false',
  },
  snowflake: {
    ...plain,
    commands: (e, secret) => [
      {
        program: 'snowsql',
        args: ['-a', 'teleport', '-u', e.user, '-h', e.host, '-p', `${e.port}`, ...given('-w', e.database)],
        env: { SNOWSQL_PWD: secret },
        usesHttp: true,
      },
    ],
    url: http,
    namesDatabase: true,
  },
  cassandra: { ...plain, commands: (e) => [{ program: 'cqlsh', args: ['-u', e.user, e.host, `${e.port}`] }], url: () => '' },
  elasticsearch: { ...plain, commands: (e) => [{ program: 'elasticsearch-sql-cli', args: [http(e)], usesHttp: true }, curl(e)], url: http },
  opensearch: {
    ...plain,
    commands: (e) => [
      { program: 'opensearchsql', args: [`http://${at(e)}`], usesHttp: true },
      { program: 'opensearch-cli', args: ['--profile', 'slipway', 'curl', 'get', '--path', '_cat/indices'], runnable: false },
      curl(e),
    ],
    url: http,
  },
  dynamodb: {
    ...plain,
    commands: (e) => [{ program: 'aws', args: ['--endpoint', http(e), 'dynamodb', 'list-tables'], usesHttp: true }],
    url: http,
    notes: ['The AWS tools want credentials and a region; any will do, the cluster puts its own in their place.'],
  },
  oracle: {
    ...plain,
    commands: (e) => [{ program: 'sql', args: ['-L', `/@${at(e)}/${e.database}`] }],
    url: (e) => `jdbc:oracle:thin:@tcp://${at(e)}/${e.database}`,
    namesDatabase: true,
    notes: ['Teleport wants a recent SQLcl or JDBC driver for Oracle.'],
  },
  clickhouse: {
    ...plain,
    commands: (e) => [{ program: 'clickhouse-client', args: ['--host', e.host, '--port', `${e.port}`, '--user', e.user] }],
    url: (e) => userAt('clickhouse', e),
  },
  'clickhouse-http': { ...plain, commands: (e) => [curl(e)], url: http },
  spanner: {
    ...plain,
    commands: (e) => [
      {
        program: 'spanner-cli',
        args: ['-p', 'PROJECT', '-i', 'INSTANCE', '-d', e.database || 'DATABASE'],
        env: { SPANNER_EMULATOR_HOST: at(e) },
        runnable: false,
      },
    ],
    url: () => '',
  },
};

export function protocolFacts(protocol: string): ProtocolFacts | null {
  return Object.hasOwn(protocols, protocol) ? protocols[protocol]! : null;
}

/** HTTP inside: programs send requests, whose Host is checked. */
export const httpDatabases: ReadonlySet<string> = new Set(['elasticsearch', 'opensearch', 'dynamodb', 'clickhouse-http', 'snowflake']);

const packages: Readonly<Record<string, string>> = {
  psql: 'the PostgreSQL client (package postgresql-client)',
  cockroach: 'CockroachDB’s program cockroach',
  mariadb: 'the MariaDB client (package mariadb-client)',
  mysql: 'the MySQL client (package default-mysql-client)',
  mongosh: 'MongoDB Shell (mongosh)',
  'redis-cli': 'the Redis tools (package redis-tools)',
  sqlcmd: 'Microsoft’s sqlcmd',
  snowsql: 'SnowSQL',
  cqlsh: 'cqlsh, which comes with Cassandra',
  'elasticsearch-sql-cli': 'elasticsearch-sql-cli, which comes with Elasticsearch',
  opensearchsql: 'opensearchsql (Python package)',
  aws: 'the AWS command line (package awscli)',
  sql: 'Oracle SQLcl',
  'clickhouse-client': 'clickhouse-client',
  'spanner-cli': 'spanner-cli',
  kubectl: 'kubectl (package kubernetes-client)',
  curl: 'curl',
};

export const adviceFor = (program: string): string => `Install ${packages[program] ?? program} to use this command.`;

/** The command as it is typed in a terminal of this computer. */
export function commandText({ program, args, env = {}, usesHttp = false }: Command, platform: NodeJS.Platform = process.platform): string {
  // A web proxy of the terminal would be asked for 127.0.0.1. Programs read the small letters first.
  const direct: Record<string, string> = usesHttp ? { no_proxy: '127.0.0.1' } : {};
  return commandLine(program, args, { ...direct, ...env }, shellOf(platform));
}

function mysqlArguments(e: Endpoint): string[] {
  return ['--skip-password', '--user', e.user, ...given('--database', e.database), '--port', `${e.port}`, '--host', e.host, '--protocol', 'TCP'];
}
