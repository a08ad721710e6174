import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { proto, types } from '../../../proto/gen/teleport.js';
import { createIdentities, type Identities, type RpcAnswer, type SeenCall, startAuth } from '../../../test/wire/auth-server.ts';
import { type LocalServer, listen } from '../../../test/wire/servers.ts';
import { type RpcExchange, readVector } from '../../../test/wire/vectors.ts';
import { splitAddress } from '../connect/address.ts';
import { AuthClient } from './auth-client.ts';
import type { AuthRoute } from './auth-route.ts';

let identities: Identities;
const open: { close(): unknown }[] = [];
beforeAll(async () => {
  identities = await createIdentities();
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const query = { kinds: [], search: '', predicate: '', labels: [], sort: { field: 'name' as const, descending: false }, startKey: '', limit: 200 };
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error) => `${error.name} ${error.code}`,
  );
const recorded = (name: string): RpcAnswer => {
  const { response } = readVector<RpcExchange>(name);
  const bodies = response.messages ?? (response.grpc_status === 0 ? [{ protobuf_base64: response.protobuf_base64 ?? '' }] : []);
  return {
    status: response.grpc_status,
    message: response.grpc_message,
    messages: bodies.map((body) => Buffer.from(body.protobuf_base64, 'base64')),
  };
};

function clientOf(server: LocalServer, route: Partial<AuthRoute> = {}): AuthClient {
  const client = new AuthClient({
    ...splitAddress(server.address),
    tlsRouting: true,
    upgrade: false,
    trustedFingerprint: null,
    version: '19.0.0',
    rootCluster: 'root.test',
    targetCluster: 'root.test',
    ca: [identities.rootHost.pem + identities.leafHost.pem],
    cert: identities.cert,
    key: identities.key,
    ...route,
  });
  open.push(client);
  return client;
}

async function connect(
  answers: Record<string, string | RpcAnswer | ((call: SeenCall) => RpcAnswer | 'drop')>,
  route: Partial<AuthRoute> = {},
  options: { leaf?: boolean } = {},
) {
  const calls: SeenCall[] = [];
  const server = await startAuth(
    identities,
    (call) => {
      calls.push(call);
      const name = call.rpc.split('/').at(-1)!;
      const answer = answers[name] ?? { status: 12, message: `method ${name} not implemented` };
      return typeof answer === 'string' ? recorded(answer) : typeof answer === 'function' ? answer(call) : answer;
    },
    options,
  );
  open.push(server);
  return { client: clientOf(server, route), calls, server };
}

describe('recorded answers of a real auth server', () => {
  it('ping, cluster name, user, roles, authorities, leaves', async () => {
    const { client, calls } = await connect({
      Ping: 'rpc-ping',
      GetClusterName: 'rpc-getclustername',
      GetUser: 'rpc-getuser-current',
      GetCurrentUserRoles: 'rpc-getcurrentuserroles',
      GetCertAuthorities: 'rpc-getcertauthorities-host',
      ListRemoteClusters: 'rpc-listremoteclusters-admin',
    });
    expect(await client.ping()).toEqual({ clusterName: 'root.test', serverVersion: '19.0.0-prealpha.2' });
    const named = readVector<RpcExchange>('rpc-getclustername').response.decoded as { Spec: { ClusterName: string; ClusterID: string } };
    expect(await client.clusterName()).toEqual({ name: named.Spec.ClusterName, id: named.Spec.ClusterID });
    const user = readVector<RpcExchange>('rpc-getuser-current').response.decoded as {
      user: { Metadata: { Name: string }; Spec: { Roles: string[] } };
    };
    expect(await client.currentUser()).toMatchObject({ name: user.user.Metadata.Name, roles: user.user.Spec.Roles });
    const roles = readVector<RpcExchange>('rpc-getcurrentuserroles').response.messages!.map(
      (message) => (message.decoded as { Metadata: { Name: string } }).Metadata.Name,
    );
    expect((await client.currentRoles()).map((role) => role.name)).toEqual(roles);
    const cas = await client.hostCas();
    expect(cas.map((ca) => ca.cluster).sort()).toEqual(['leaf.test', 'root.test']);
    for (const ca of cas) {
      expect(ca.sshKeys[0]).toMatch(/^ssh-ed25519 AAAA\S+$/);
      expect(ca.tlsCertificates[0]).toMatch(/^-----BEGIN CERTIFICATE-----/);
    }
    expect(await client.remoteClusters()).toEqual([{ name: 'leaf.test', online: true }]);
    for (const { headers } of calls) expect(headers).toMatchObject({ 'user-agent': expect.stringMatching(/^slipway/) });
  });

  it('resources, with the request a server expects', async () => {
    const { client, calls } = await connect({ ListUnifiedResources: 'rpc-lur-first-page' });
    const page = await client.listUnifiedResources({
      ...query,
      kinds: ['node', 'app'],
      search: ' db  prod ',
      labels: [{ name: 'env', value: 'dev' }],
      limit: 10,
    });
    expect(page).toMatchObject({ nextKey: expect.stringMatching(/^\/unified_resource\//), skipped: 0 });
    expect(page.resources.map(({ kind, name, health }) => [kind, name, health])).toEqual([
      ['app', 'grafana', ''],
      // The recorded answer has a Kubernetes cluster too, which was not asked for here.
      ['mcp', 'mcp-everything', ''],
    ]);
    const sent = proto.ListUnifiedResourcesRequest.decode(calls[0]!.body);
    expect(proto.ListUnifiedResourcesRequest.toObject(sent)).toEqual({
      Kinds: ['node', 'app'],
      Limit: 10,
      Labels: { env: 'dev' },
      SearchKeywords: ['db', 'prod'],
      SortBy: { Field: 'name' },
      IncludeLogins: true,
    });
  });

  it.each([
    ['rpc-lur-predicate-syntax-error', 'query'],
    ['rpc-lur-predicate-type-error', 'query'],
    ['rpc-lur-predicate-unknown-fn', 'query'],
    ['rpc-lur-kind-unknown', 'access-denied'],
    ['rpc-lur-sort-bad', 'unsupported'],
    ['rpc-locked', 'access-denied'],
    ['leaf-no-role-map', 'access-denied'],
  ])('%s is %s', async (name, expected) => {
    const { client } = await connect({ ListUnifiedResources: name });
    expect(await code(client.listUnifiedResources(query))).toBe(`AppError ${expected}`);
  });

  it('whether a session wants a second factor', async () => {
    const yes = await connect({ IsMFARequired: 'mfa-required-node' });
    expect(await yes.client.targets.isMfaRequired({ Node: { Node: 'node-r', Login: 'root' } })).toBe(true);
    const no = await connect({ IsMFARequired: 'mfa-required-no' });
    expect(await no.client.targets.isMfaRequired({ Node: { Node: 'node-r', Login: 'root' } })).toBe(false);
  });
});

describe('older servers', () => {
  it('falls back when a method is not there', async () => {
    const user = Buffer.from(
      types.UserV2.encode({ Metadata: { Name: 'alice' }, Spec: { Roles: ['dev'], Traits: { Values: { logins: { Values: ['root'] } } } } }).finish(),
    );
    const { client } = await connect(
      { GetCurrentUser: { messages: [user] }, GetDomainName: 'rpc-getdomainname', GetCertAuthorities: 'rpc-getcertauthorities-host' },
      { version: '14.0.0' },
    );
    expect(await client.currentUser()).toEqual({ name: 'alice', roles: ['dev'], traits: { logins: ['root'] } });
    expect(await client.clusterName()).toMatchObject({ name: expect.stringMatching(/\.test$/), id: null });
    expect(await client.remoteClusters()).toEqual([{ name: 'leaf.test', online: true }]);
  });

  it('are not asked for kinds they do not know', async () => {
    const { client, calls } = await connect({ ListUnifiedResources: 'rpc-lur-kind-mcp' }, { version: '16.4.0' });
    expect(await client.listUnifiedResources({ ...query, kinds: ['mcp', 'linux_desktop'] })).toEqual({ resources: [], nextKey: '', skipped: 0 });
    expect(calls).toHaveLength(0);
    await client.listUnifiedResources({ ...query, kinds: ['node', 'mcp'] });
    expect(proto.ListUnifiedResourcesRequest.decode(calls[0]!.body).Kinds).toEqual(['node']);
  });

  it('are told no version: one that was upgraded since would close the connection on the old one', async () => {
    const { client, calls } = await connect({ Ping: 'rpc-ping' }, { version: '17.2.1' });
    await client.ping();
    expect(calls[0]!.headers.version).toBeUndefined();
  });

  it('a leaf that is older than the root is asked as what it is', async () => {
    const ping = Buffer.from(proto.PingResponse.encode({ ClusterName: 'leaf.test', ServerVersion: '16.4.0' }).finish());
    const { client, calls } = await connect(
      { Ping: { messages: [ping] }, ListUnifiedResources: 'leaf-list' },
      { version: '19.0.0', targetCluster: 'leaf.test' },
      { leaf: true },
    );
    await client.listUnifiedResources({ ...query, kinds: ['node', 'git_server'] });
    await client.listUnifiedResources({ ...query, kinds: ['node', 'git_server'] });
    expect(calls.map(({ rpc }) => rpc.split('/').at(-1))).toEqual(['Ping', 'ListUnifiedResources', 'ListUnifiedResources']);
    expect(proto.ListUnifiedResourcesRequest.decode(calls[1]!.body).Kinds).toEqual(['node']);
  });

  it('a leaf that does not say its version is asked as the root would be', async () => {
    const { client, calls } = await connect(
      { Ping: 'rpc-locked', ListUnifiedResources: 'leaf-list' },
      { version: '19.0.0', targetCluster: 'leaf.test' },
      { leaf: true },
    );
    await client.listUnifiedResources({ ...query, kinds: ['node', 'git_server'] });
    expect(proto.ListUnifiedResourcesRequest.decode(calls[1]!.body).Kinds).toEqual(['node', 'git_server']);
  });

  it('that name no logins get those of the certificate; others only those that it has', async () => {
    const node = (name: string, more: object) => ({ Node: { Metadata: { Name: name } }, ...more });
    const Resources = [node('a', { Logins: ['root', 'ubuntu'] }), node('b', {}), node('c', { Logins: ['ubuntu'], RequiresRequest: true })];
    const answer = { messages: [Buffer.from(proto.ListUnifiedResourcesResponse.encode({ Resources }).finish())] };
    const logins = async (version: string) => {
      const { client } = await connect({ ListUnifiedResources: answer }, { version });
      return (await client.listUnifiedResources(query)).resources.map((resource) => resource.logins);
    };
    expect(await logins('14.3.3')).toEqual([['root'], ['root'], ['ubuntu']]);
    expect(await logins('15.2.0')).toEqual([['root'], [], ['ubuntu']]);
  });
});

describe('large and hostile answers', () => {
  it('halves the page until it fits into a message, and remembers', async () => {
    const node = (index: number) => ({
      Node: { Kind: 'node', Metadata: { Name: `id-${index}`, Description: 'x'.repeat(30_000) }, Spec: { Hostname: `host-${index}` } },
    });
    const limits: number[] = [];
    const listing = (call: SeenCall): RpcAnswer => {
      const { Limit } = proto.ListUnifiedResourcesRequest.decode(call.body);
      limits.push(Limit);
      const Resources = Array.from({ length: Limit }, (_, index) => node(index));
      return { messages: [Buffer.from(proto.ListUnifiedResourcesResponse.encode({ Resources, NextKey: 'next' }).finish())] };
    };
    const { client } = await connect({ ListUnifiedResources: listing });
    expect((await client.listUnifiedResources({ ...query, limit: 300 })).resources).toHaveLength(75);
    expect((await client.listUnifiedResources({ ...query, limit: 300 })).resources).toHaveLength(75);
    expect(limits).toEqual([300, 150, 75, 75]);
  });

  it('gives up on one resource that is too large', async () => {
    const { client } = await connect({ ListUnifiedResources: { messages: [Buffer.alloc(5 * 1024 * 1024)] } });
    expect(await code(client.listUnifiedResources({ ...query, limit: 4 }))).toBe('AppError bad-response');
  });

  it.each([
    ['garbage', { messages: [Buffer.from('\u00ff\u00fe not protobuf \u0007', 'latin1')] }, 'bad-response'],
    ['a status nobody knows', { status: 99, message: 'what\u0007' }, 'bad-response'],
    ['a closed connection', () => 'drop' as const, 'offline'],
  ])('%s is told as such', async (_name, answer, expected) => {
    const { client } = await connect({ Ping: answer });
    expect(await code(client.ping())).toBe(`AppError ${expected}`);
  });

  it('an endless stream is cut', async () => {
    const role = Buffer.from(types.RoleV6.encode({ Metadata: { Name: 'r' } }).finish());
    const { client } = await connect({ GetCurrentUserRoles: { messages: Array.from({ length: 6000 }, () => role) } });
    expect(await code(client.currentRoles())).toBe('AppError bad-response');
  });

  it('can be cancelled', async () => {
    const { client } = await connect({ Ping: 'rpc-ping' });
    expect(await code(client.ping(AbortSignal.abort()))).toBe('AppError cancelled');
  });
});

describe('the connection', () => {
  it('names the target in ALPN and the root in SNI, and trusts only the target’s authority', async () => {
    const seen: unknown[] = [];
    const server = await startAuth(
      identities,
      (_call, tls) => {
        seen.push(tls);
        return recorded('leaf-ping');
      },
      { leaf: true },
    );
    open.push(server);
    expect(await clientOf(server, { targetCluster: 'leaf.test' }).ping()).toMatchObject({ clusterName: 'leaf.test' });
    expect(seen[0]).toEqual({ alpn: 'h2', servername: `${Buffer.from('root.test').toString('hex')}.teleport.cluster.local` });
    expect(await code(clientOf(server, { targetCluster: 'root.test' }).ping())).toBe('AppError untrusted-certificate');
    expect(await code(clientOf(server, { targetCluster: 'other.test' }).ping())).toBe('AppError untrusted-certificate');
  });

  it('an expired certificate means a new login', async () => {
    const { server } = await connect({ Ping: 'rpc-ping' });
    const old = await identities.issue(new Date(Date.now() - 60_000));
    expect(await code(clientOf(server, old).ping())).toBe('AppError expired');
  });

  it('a certificate of another cluster is refused', async () => {
    const { server } = await connect({ Ping: 'rpc-ping' });
    const foreign = await identities.issue(new Date(Date.now() + 60_000), (await createIdentities()).user);
    expect(await code(clientOf(server, foreign).ping())).toBe('AppError access-denied');
  });

  it('nothing listening, or something else', async () => {
    const other = await listen(createServer((socket) => socket.end('SSH-2.0-x\r\n')));
    open.push(other);
    expect(await code(clientOf(other).ping())).toBe('AppError wrong-port');
    const gone = await listen(createServer());
    await gone.close();
    expect(await code(clientOf(gone).ping())).toBe('AppError unreachable');
  });

  it('a connection that is still being made ends when the client is closed', async () => {
    const silent = createServer();
    const server = await listen(silent);
    open.push(server);
    const client = clientOf(server);
    const asked = code(client.ping());
    const [socket] = (await once(silent, 'connection')) as [Socket];
    const closed = new Promise((resolve) =>
      socket
        .on('error', () => {})
        .resume()
        .once('close', resolve),
    );
    client.close();
    await closed;
    expect(await asked).toMatch(/^AppError (cancelled|offline)$/);
  });

  it('comes back by itself after it was lost', async () => {
    let drop = true;
    const answer = () => (drop ? 'drop' : recorded('rpc-ping'));
    const { client } = await connect({ Ping: answer });
    expect(await code(client.ping())).toBe('AppError offline');
    drop = false;
    expect(await client.ping()).toMatchObject({ clusterName: 'root.test' });
  });
});
