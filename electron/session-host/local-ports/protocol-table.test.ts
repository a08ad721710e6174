import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { StoredLogin } from '../../clusters/profiles/read-profiles.ts';
import { appRoute } from '../../clusters/targets/app.ts';
import { databaseRoute, protocolProblem } from '../../clusters/targets/database.ts';
import { kubeRoute } from '../../clusters/targets/kube.ts';
import type { AuthRoute } from '../../teleport/auth/auth-route.ts';
import { commandText, httpDatabases, protocolFacts } from './client-commands.ts';
import { databaseRules } from './gateways/tunnel-protocol.ts';

const secret = randomUUID();
const [h, p, u, d] = ['127.0.0.1', 5000, 'ann', 'shop'];
const mysql = `--skip-password --user ann --database shop --port 5000 --host ${h} --protocol TCP`;

/** Protocol; name in ALPN; whether it is HTTP; commands in their order (ssh-and-gateways §5.2, §5.8). */
const table: readonly [string, string, boolean, string[]][] = [
  ['postgres', 'postgres', false, [`psql postgres://ann@${h}:5000/shop`]],
  ['cockroachdb', 'postgres', false, [`cockroach sql --url postgres://ann@${h}:5000/shop`, `psql postgres://ann@${h}:5000/shop`]],
  ['mysql', 'mysql', false, [`mariadb ${mysql}`, `mysql ${mysql}`]],
  [
    'mongodb',
    'mongodb',
    false,
    ['mongosh', 'mongo'].map((name) => `${name} 'mongodb://${h}:5000/shop?directConnection=true&serverSelectionTimeoutMS=5000'`),
  ],
  ['redis', 'redis', false, [`redis-cli -h ${h} -p 5000 -n shop`]],
  ['sqlserver', 'sqlserver', false, ['sqlcmd', 'mssql-cli'].map((name) => `${name} -S ${h},5000 -U ann -P ${secret} -d shop`)],
  ['snowflake', 'snowflake', true, [`SNOWSQL_PWD=${secret} snowsql -a teleport -u ann -h ${h} -p 5000 -w shop`]],
  ['cassandra', 'cassandra', false, [`cqlsh -u ann ${h} 5000`]],
  ['elasticsearch', 'elasticsearch', true, [`elasticsearch-sql-cli http://${h}:5000/`, `curl http://${h}:5000/`]],
  [
    'opensearch',
    'opensearch',
    true,
    [`opensearchsql http://${h}:5000`, 'opensearch-cli --profile slipway curl get --path _cat/indices', `curl http://${h}:5000/`],
  ],
  ['dynamodb', 'dynamodb', true, [`aws --endpoint http://${h}:5000/ dynamodb list-tables`]],
  ['oracle', 'oracle', false, [`sql -L /@${h}:5000/shop`]],
  ['clickhouse', 'clickhouse', false, [`clickhouse-client --host ${h} --port 5000 --user ann`]],
  ['clickhouse-http', 'clickhouse', true, [`curl http://${h}:5000/`]],
  ['spanner', 'spanner', false, [`SPANNER_EMULATOR_HOST=${h}:5000 spanner-cli -p PROJECT -i INSTANCE -d shop`]],
];

const login = (upgrade: boolean) =>
  ({ address: 'teleport.example.com:443', profile: { tls_routing_enabled: true, tls_routing_conn_upgrade_required: upgrade } }) as StoredLogin;
const root = { version: '19.0.0', trustedFingerprint: null, ca: ['CA'] } as unknown as AuthRoute;
const route = (upgrade: boolean) => ({ login: login(upgrade), root, owner: 'teleport.example.com' });

describe.each(table)('%s', (protocol, alpn, isHttp, commands) => {
  it('names itself to the proxy as the table says, with ping framing first', () => {
    expect(protocolProblem({ name: 'shop', protocol })).toBeNull();
    const wanted = { protocol, mysqlVersion: '' };
    expect(databaseRoute(route(false), wanted).tls).toEqual({
      servername: 'teleport.example.com',
      alpn: [`teleport-${alpn}-ping`, `teleport-${alpn}`],
      ca: null,
    });
    // Inside an upgrade the proxy shows its host certificate.
    expect(databaseRoute(route(true), wanted)).toMatchObject({ proxy: { upgrade: true }, tls: { ca: ['CA'] } });
  });

  it('has the commands of the table, and is taken for HTTP exactly when it is', () => {
    expect(
      protocolFacts(protocol)!
        .commands({ host: h, port: p, user: u, database: d }, secret)
        .map((one) => commandText(one, 'linux')),
      // Programs that are given an address here go round a web proxy.
    ).toEqual(commands.map((text) => (isHttp && text.includes('5000') ? `no_proxy=127.0.0.1 ${text}` : text)));
    expect(httpDatabases.has(protocol)).toBe(isHttp);
  });

  it('takes no request of a web page for its own, and speaks no TLS twice', () => {
    const facts = protocolFacts(protocol)!;
    const judge = databaseRules(protocol, facts).judge(p);
    expect(judge(Buffer.from('POST / HTTP/1.1\r\nHost: evil.example\r\n\r\n'), false)).toMatchObject({
      refuse: expect.stringMatching(/web request/),
    });
    const hello = Buffer.from('160301020001000001fc0303', 'hex');
    if (facts.serverFirst) expect(judge(hello, false)).toBe('pass');
    else expect(judge(hello, false)).toMatchObject({ refuse: expect.stringMatching(/speaks TLS/) });
  });
});

it('apps and Kubernetes have names of their own', () => {
  expect(appRoute(route(false), 'tcp').tls.alpn).toEqual(['teleport-tcp-ping', 'teleport-tcp']);
  expect(appRoute(route(false), 'http').tls).toMatchObject({ alpn: ['http/1.1'], servername: 'teleport.example.com' });
  expect(kubeRoute(route(false)).tls).toEqual({
    alpn: ['http/1.1'],
    servername: 'kube-teleport-proxy-alpn.teleport.example.com',
    ca: ['CA'],
  });
});
