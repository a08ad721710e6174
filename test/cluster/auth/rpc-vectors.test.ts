import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proto, teleport, types } from '../../../proto/gen/teleport.js';
import { type RpcExchange, readVector } from '../../wire/vectors.ts';
import { type EmbeddedCluster, startCluster } from '../index.ts';
import { login, type RpcAnswer, rpc, type Session } from '../testing/plain-client.ts';

/*
 * Recorded auth RPCs, replayed against the embedded cluster: status and message must be the same word for word, answers must decode to the
 * same shape. `dave` and `frank` are the recorded people.
 */
let cluster: EmbeddedCluster;
let dave: Session;
let frank: Session;

beforeAll(async () => {
  cluster = await startCluster({
    name: 'root.test',
    edition: 'oss',
    serverVersion: '19.0.0-prealpha.2',
    resources: 9,
    motd: 'Authorised use only.',
    sshd: false,
    users: [
      { name: 'dave', password: 'x', roles: ['access', 'developer', 'request-reader'], logins: ['root', 'ubuntu'] },
      { name: 'frank', password: 'x', roles: ['careful'], logins: ['root'] },
    ],
  });
  [dave, frank] = [await login(cluster, 'dave'), await login(cluster, 'frank')];
});
afterAll(() => cluster.close());

const replay = (name: string, session = dave, options = {}): Promise<RpcAnswer> => {
  const { request } = readVector<RpcExchange>(name);
  return rpc(cluster, session, request.rpc, Buffer.from(request.protobuf_base64 ?? '', 'base64'), options);
};
const leafCa = () => ({ cluster: 'leaf', ca: cluster.root.leaves[0]!.authorities.host.pem });

describe('refusals, word for word', () => {
  it.each([
    'rpc-getcertauthorities-keys',
    'rpc-getcurrentuser-unimplemented',
    'rpc-getaccesscapabilities-other',
    'rpc-getuser-denied',
    'rpc-getnode-unknown',
    'rpc-getevents-denied',
    'rpc-getrole-denied',
    'rpc-getrole',
    'rpc-listroles-denied',
    'rpc-getuiconfig-denied',
    'rpc-unknown-method',
    'rpc-unknown-service',
    'rpc-garbage-body',
    'rpc-resolvesshtarget-ambiguous',
    'rpc-resolvesshtarget-none',
    'rpc-watch-denied-kind',
    'rpc-lur-predicate-syntax-error',
    'mfa-required-empty',
    'mfa-required-node-nologin',
    'mfa-challenge-no-scope',
    'certs-plain-no-keys',
    'certs-plain-no-expiry',
    'certs-plain-other-user',
    'certs-plain-unknown-cluster',
    'certs-plain-kube-unknown',
    'certs-plain-db-no-route',
    'certs-plain-ssh-usage',
    'certs-plain-expired-time',
  ])('%s', async (name) => {
    const { request, response } = readVector<RpcExchange>(name);
    // Garbage is anything that no decoder takes; expiry times of the recording have passed, or not, by the clock of today.
    const bytes = name === 'rpc-garbage-body' ? Buffer.from([0x0a, 0x7f]) : freshExpiry(name, Buffer.from(request.protobuf_base64, 'base64'));
    const answer = await rpc(cluster, dave, request.rpc, bytes);
    expect([answer.status, answer.message]).toEqual([response.grpc_status, response.grpc_message]);
  });

  it.each(['leaf-accesscaps', 'leaf-generatecerts'])('%s', async (name) => {
    const { response } = readVector<RpcExchange>(name);
    expect(await replay(name, dave, leafCa())).toMatchObject({ status: response.grpc_status, message: response.grpc_message });
  });

  it.each(['leaf-no-role-map', 'leaf-no-role-map-ping'])('%s', async (name) => {
    expect(await replay(name, frank, leafCa())).toMatchObject({ status: 7, message: 'access denied' });
  });

  it('a locked person is denied everything (rpc-locked)', async () => {
    cluster.user('frank').lock('left');
    const { response } = readVector<RpcExchange>('rpc-locked');
    expect(await replay('rpc-locked', frank)).toMatchObject({ status: response.grpc_status, message: response.grpc_message });
    cluster.user('frank').lock(null);
  });

  it('without a certificate (tls-no-client-cert-list)', async () => {
    const { response } = readVector<RpcExchange>('tls-no-client-cert-list');
    const answer = await replay('tls-no-client-cert-list', dave, { anonymous: true });
    expect([answer.status, answer.message, answer.headers['version']]).toEqual([response.grpc_status, response.grpc_message, '19.0.0-prealpha.2']);
  });

  it.each(['17.5.0', 'abc'])('version %s in the metadata: the connection just ends', async (version) => {
    await expect(rpc(cluster, dave, '/proto.AuthService/Ping', new Uint8Array(), { metadata: { version } })).rejects.toThrow();
    expect((await rpc(cluster, dave, '/proto.AuthService/Ping', new Uint8Array(), { metadata: { version: '18.0.0' } })).status).toBe(0);
  });
});

describe('answers of the same shape', () => {
  it.each([
    ['rpc-ping', proto.PingResponse],
    ['rpc-getdomainname', proto.GetDomainNameResponse],
    ['rpc-getclustername', types.ClusterNameV2],
    ['rpc-getclustercacert', proto.GetClusterCACertResponse],
    ['rpc-getauthpreference', types.AuthPreferenceV2],
    ['rpc-getuser-current', teleport.users.v1.GetUserResponse],
    ['rpc-getcertauthorities-host', teleport.trust.v1.GetCertAuthoritiesResponse],
    ['rpc-getcertauthorities-user', teleport.trust.v1.GetCertAuthoritiesResponse],
    ['rpc-listremoteclusters', teleport.presence.v1.ListRemoteClustersResponse],
    ['rpc-prefs-get-default', teleport.userpreferences.v1.GetUserPreferencesResponse],
    ['rpc-getaccesscapabilities', types.AccessCapabilities],
  ] as const)('%s', async (name, type) => {
    const { response } = readVector<RpcExchange>(name);
    const answer = await replay(name);
    expect(answer.status).toBe(0);
    const decode = (bytes: Buffer) => keysOf(type.toObject(type.decode(bytes) as never, { longs: Number, bytes: String, enums: String }));
    expect(decode(answer.messages[0]!)).toEqual(
      expect.arrayContaining(decode(Buffer.from(response.protobuf_base64!, 'base64')).filter((key) => !optional.has(key))),
    );
  });

  it('rpc-getcurrentuserroles', async () => {
    const answer = await replay('rpc-getcurrentuserroles');
    const roles = answer.messages.map((bytes) => types.RoleV6.decode(bytes));
    expect(roles.map((role) => role.Metadata?.Name)).toEqual(['access', 'developer', 'request-reader']);
    expect(roles[0]).toMatchObject({ Kind: 'role', Spec: { Allow: { DatabaseNames: ['*'] }, Options: { SSHFileCopy: { Value: true } } } });
  });

  it('leaf-getuser names the remote person and the logins of the root certificate', async () => {
    const recorded = teleport.users.v1.GetUserResponse.decode(
      Buffer.from(readVector<RpcExchange>('leaf-getuser').response.protobuf_base64!, 'base64'),
    ).user!;
    const own = teleport.users.v1.GetUserResponse.decode((await replay('leaf-getuser', dave, leafCa())).messages[0]!).user!;
    expect(own.Metadata?.Name).toBe(recorded.Metadata?.Name);
    expect(own.Spec?.Roles).toEqual(recorded.Spec?.Roles);
    expect([...(own.Spec?.Traits?.Values?.['logins']?.Values ?? [])].sort()).toEqual(
      [...(recorded.Spec?.Traits?.Values?.['logins']?.Values ?? [])].sort(),
    );
  });

  it.each(['leaf-alerts', 'leaf-listremote', 'leaf-createchallenge'])('%s is empty', async (name) => {
    const answer = await replay(name, dave, leafCa());
    expect([answer.status, answer.messages.map((one) => one.length)]).toEqual([0, [0]]);
  });

  it.each(['rpc-watch-partial', 'rpc-watch-access-request'])('%s begins with INIT and the granted kinds', async (name) => {
    const answer = await replay(name, dave, { until: 1 });
    const text = answer.messages[0]!.toString('latin1');
    expect(text).toContain('watch_status');
    expect(text).toContain('access_request');
    expect(text).not.toContain('user');
  });
});

describe('second factor for a session', () => {
  it.each([
    ['root', 2],
    ['mallory', 2],
  ])('dave as %s', async (loginName, required) => {
    const bytes = proto.IsMFARequiredRequest.encode({ Node: { Node: 'demo-server', Login: loginName } }).finish();
    expect(proto.IsMFARequiredResponse.decode((await rpc(cluster, dave, '/proto.AuthService/IsMFARequired', bytes)).messages[0]!).MFARequired).toBe(
      required,
    );
  });

  it('frank, whose role asks for one', async () => {
    const ask = async (Node: string) => {
      const bytes = proto.IsMFARequiredRequest.encode({ Node: { Node, Login: 'root' } }).finish();
      return proto.IsMFARequiredResponse.decode((await rpc(cluster, frank, '/proto.AuthService/IsMFARequired', bytes)).messages[0]!);
    };
    expect(await ask('demo-server')).toMatchObject({ Required: true, MFARequired: 1 });
    expect(await ask(cluster.nodes[0]!.uuid)).toMatchObject({ MFARequired: 1 });
    expect(await ask('demo-server:0')).toMatchObject({ MFARequired: 2 });
  });
});

/** Parts of recorded answers that depend on how that cluster was set up: WebAuthn, a changed default, stored preferences. */
const optional = new Set([
  'Metadata.Labels.dev/origin',
  'Spec.Webauthn.RPID',
  'Spec.AllowPasswordless.Value',
  'Spec.AllowHeadless.Value',
  'SuggestedReviewers.',
  'preferences.onboard.marketing_params',
  'user.Spec.Traits.Values.logins.Values.',
]);

/** The paths of all leaves; entries of lists and maps are not told apart. */
function keysOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((one) => keysOf(one, `${path}.`)))];
  if (value === null || typeof value !== 'object') return [path.replace(/(entitlements|Labels)\.[^.]+/, '$1')];
  return [...new Set(Object.entries(value).flatMap(([key, inner]) => keysOf(inner, path ? `${path}.${key}` : key)))].filter(
    (key) => !key.endsWith('Revision'),
  );
}

/** Recorded requests ask for certificates until a moment that has to lie ahead, unless the past is what they are about. */
function freshExpiry(name: string, bytes: Buffer): Uint8Array {
  if (!name.startsWith('certs-') || name === 'certs-plain-no-expiry') return bytes;
  const request = proto.UserCertsRequest.decode(bytes);
  const offset = name === 'certs-plain-expired-time' ? -60 : 600;
  return proto.UserCertsRequest.encode({ ...request, Expires: { seconds: Math.floor(Date.now() / 1000) + offset } }).finish();
}
