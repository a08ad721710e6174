import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseUserCertificate } from '../../../electron/teleport/certs/certificates.ts';
import { proto, types } from '../../../proto/gen/teleport.js';
import { type RpcExchange, readVector } from '../../wire/vectors.ts';
import { type EmbeddedCluster, startCluster } from '../index.ts';
import { login, type RpcAnswer, rpc, type Session } from '../testing/plain-client.ts';

/*
 * Recorded exchanges about access requests with a real open-source server, replayed: the same words in every refusal, and answers with the
 * same fields. `dave` and `frank` are the recorded people, `adele` may decide.
 */
let cluster: EmbeddedCluster;
let dave: Session;
let frank: Session;
let adele: Session;
const auth = '/proto.AuthService/';

beforeAll(async () => {
  cluster = await startCluster({
    name: 'root.test',
    edition: 'oss',
    serverVersion: '19.0.0-prealpha.2',
    resources: 3,
    sshd: false,
    roles: [
      { name: 'dev', description: 'everyday developer', logins: ['ubuntu'], request: { roles: ['ops', 'prod-access'], suggestedReviewers: ['bob'] } },
      { name: 'ops', description: 'operations', logins: ['ops'] },
      { name: 'prod-access', description: 'production', logins: ['prodadmin'] },
    ],
    users: [
      { name: 'dave', password: 'x', roles: ['dev'], logins: ['root'] },
      { name: 'frank', password: 'x', roles: ['access'], logins: ['root'] },
      { name: 'adele', password: 'x', roles: ['request-admin'] },
    ],
  });
  [dave, frank, adele] = [await login(cluster, 'dave'), await login(cluster, 'frank'), await login(cluster, 'adele')];
});
afterAll(() => cluster.close());

const bytesOf = (name: string) => Buffer.from(readVector<RpcExchange>(name).request.protobuf_base64, 'base64');
const replay = (name: string, session = dave, bytes: Uint8Array = bytesOf(name)): Promise<RpcAnswer> =>
  rpc(cluster, session, readVector<RpcExchange>(name).request.rpc, bytes);
const created = async (name = 'req-create') => types.AccessRequestV3.decode((await replay(name)).messages[0]!).Metadata!.Name!;
const decide = (id: string, state: types.RequestState) =>
  rpc(cluster, adele, `${auth}SetAccessRequestState`, proto.RequestStateSetter.encode({ ID: id, State: state, Reason: 'granted' }).finish());

/** The recorded request for certificates, with the ids of now, the keys of now and a time to come. */
function certs(session: Session, assume: string[], drop: string[]): Promise<RpcAnswer> {
  const request = {
    Username: session.username,
    Expires: { seconds: Math.floor(Date.now() / 1000) + 1800 },
    AccessRequests: assume,
    DropAccessRequests: drop,
    SSHPublicKey: Buffer.from(session.sshPublicKey),
    TLSPublicKey: Buffer.from(session.tlsPublicKey),
  };
  return rpc(cluster, session, `${auth}GenerateUserCerts`, proto.UserCertsRequest.encode(request).finish());
}
const certificateOf = (answer: RpcAnswer) => Buffer.from(proto.Certs.decode(answer.messages[0]!).TLS).toString('utf8');

describe('refusals, word for word', () => {
  it.each([
    'req-create-approved-state',
    'req-create-bad-name',
    'req-create-empty',
    'req-create-for-other',
    'req-create-long-reason',
    'req-create-no-name',
    'req-create-resource-oss',
    'req-create-resource-with-roles-oss',
    'req-create-role-not-requestable',
    'req-create-unknown-role',
    'req-delete-own',
    'req-review-self-oss',
    'req-setstate-denied',
  ])('%s', async (name) => {
    const { response } = readVector<RpcExchange>(name);
    const { status, message } = await replay(name);
    expect([status, message]).toEqual([response.grpc_status, response.grpc_message]);
  });

  it.each(['req-review-oss', 'req-delete-by-editor', 'req-setstate-by-editor'])('%s', async (name) => {
    const { response } = readVector<RpcExchange>(name);
    const { status, message } = await replay(name, frank);
    expect([status, message]).toEqual([response.grpc_status, response.grpc_message]);
  });

  it('certificates for requests that are pending, denied, unknown, deleted (req-assume-…, req-reissue-deleted)', async () => {
    const words = (name: string, id: string) => {
      const { grpc_status, grpc_message } = readVector<RpcExchange>(name).response;
      return [grpc_status, grpc_message.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, id)];
    };
    const told = async (assume: string[]) => {
      const { status, message } = await certs(dave, assume, []);
      return [status, message];
    };
    const id = await created();
    expect(await told([id])).toEqual(words('req-assume-pending', id));
    await decide(id, types.RequestState.DENIED);
    expect(await told([id])).toEqual(words('req-assume-denied', id));
    const unknown = '93a1ba83-ada1-4cd5-99f8-3a6c90fd9d7c';
    expect(await told([unknown])).toEqual(words('req-assume-unknown', unknown));
  });
});

describe('answers with the same fields', () => {
  const shape = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.length > 0 ? [shape(value[0])] : [];
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return typeof value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shape(part)]));
  };
  const fields = (bytes: Uint8Array) => types.AccessRequestV3.toObject(types.AccessRequestV3.decode(bytes), { enums: String, longs: String });

  it.each(['req-create', 'req-create-dry-run'])('%s', async (name) => {
    const theirs = fields(Buffer.from(readVector<RpcExchange>(name).response.protobuf_base64!, 'base64'));
    const own = fields((await replay(name)).messages[0]!);
    expect(shape(own)).toMatchObject(shape({ ...theirs, Metadata: { Name: '', Namespace: '' } }) as object);
    const { Spec } = own as { Spec: Record<string, unknown> };
    expect(Spec).toMatchObject({ State: 'PENDING', Roles: ['prod-access'], SuggestedReviewers: ['bob'] });
    const ends = ['Expires', 'MaxDuration', 'SessionTTL', 'ResourceExpiry'].map((end) => JSON.stringify(Spec[end]));
    expect(new Set(ends).size).toBe(1);
  });

  it('a maximum duration is ignored where no role sets one (req-create-maxduration)', async () => {
    const { Spec } = types.AccessRequestV3.decode((await replay('req-create-maxduration')).messages[0]!);
    expect(Spec!.MaxDuration).toEqual(Spec!.Expires);
    expect(Spec!.AssumeStartTime).toBeFalsy();
  });

  it('lists and lookups (req-get…, req-list-…, req-promotions)', async () => {
    const id = await created();
    const get = (asked: string) => rpc(cluster, dave, `${auth}GetAccessRequestsV2`, types.AccessRequestFilter.encode({ ID: asked }).finish());
    expect((await get(id)).messages.map((bytes) => types.AccessRequestV3.decode(bytes).Metadata!.Name)).toEqual([id]);
    expect(await replay('req-get-unknown')).toMatchObject({ status: 0, messages: [] });
    const list = async (name: string) => proto.ListAccessRequestsResponse.decode((await replay(name)).messages[0]!);
    const mine = await list('req-list-mine');
    expect(mine.AccessRequests[0]!.Metadata!.Name).toBe(id);
    expect((await list('req-list-page')).NextKey).not.toBe('');
    expect(await list('req-list-limit-zero')).toMatchObject({ AccessRequests: [], NextKey: '' });
    expect(await list('req-list-needs-review')).toMatchObject({ AccessRequests: [] });
    const promotions = types.AccessRequestAllowedPromotionRequest.encode({ accessRequestID: id }).finish();
    const answer = await rpc(cluster, dave, `${auth}GetAccessRequestAllowedPromotions`, promotions);
    expect(answer.messages[0]!.toString('base64')).toBe(readVector<RpcExchange>('req-promotions').response.protobuf_base64);
  });

  it('roles that can be asked for, in pages (rpc-listrequestableroles)', async () => {
    const answer = proto.ListRequestableRolesResponse.decode((await replay('rpc-listrequestableroles')).messages[0]!);
    const theirs = proto.ListRequestableRolesResponse.decode(
      Buffer.from(readVector<RpcExchange>('rpc-listrequestableroles').response.protobuf_base64!, 'base64'),
    );
    expect(answer).toEqual(theirs);
  });
});

describe('certificates', () => {
  it('assume, assume another, drop one, drop all; a deleted one blocks what does not drop it', async () => {
    const [first, second] = [await created('req-create'), await created('req-create')];
    for (const id of [first, second]) expect((await decide(id, types.RequestState.APPROVED)).status).toBe(0);
    const one = await certs(dave, [first], []);
    const elevated = { ...dave, tlsCert: certificateOf(one) };
    expect(parseUserCertificate(elevated.tlsCert)).toMatchObject({ activeRequests: [first], roles: expect.arrayContaining(['dev', 'prod-access']) });
    const roles = await rpc(cluster, elevated, `${auth}GetCurrentUserRoles`, new Uint8Array());
    expect(roles.messages.map((bytes) => types.RoleV6.decode(bytes).Metadata!.Name)).toEqual(['dev', 'prod-access']);

    const both = { ...dave, tlsCert: certificateOf(await certs(elevated, [second], [])) };
    expect(parseUserCertificate(both.tlsCert).activeRequests.toSorted()).toEqual([first, second].toSorted());
    expect(parseUserCertificate(certificateOf(await certs(both, [], []))).activeRequests).toHaveLength(2);
    expect(parseUserCertificate(certificateOf(await certs(both, [], [first]))).activeRequests).toEqual([second]);
    expect(parseUserCertificate(certificateOf(await certs(both, [], ['*'])))).toMatchObject({ activeRequests: [], roles: ['dev'] });

    cluster.root.requests.remove(first);
    expect((await rpc(cluster, elevated, `${auth}GetCurrentUserRoles`, new Uint8Array())).status).toBe(0);
    const refused = await certs(elevated, [], []);
    expect([refused.status, refused.message]).toEqual([5, `access request "${first}" not found`]);
    expect((await certs(elevated, [], [first])).status).toBe(0);
  });
});
