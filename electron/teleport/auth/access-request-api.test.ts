import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { proto, teleport, types } from '../../../proto/gen/teleport.js';
import { AppError } from '../../../shared/errors/app-error.ts';
import { requestDraftSchema } from '../../../shared/model/access-request.ts';
import { createIdentities, type Identities, type RpcAnswer, type SeenCall, startAuth } from '../../../test/wire/auth-server.ts';
import { type RpcExchange, readVector } from '../../../test/wire/vectors.ts';
import { parseUserCertificate } from '../certs/certificates.ts';
import { splitAddress } from '../connect/address.ts';
import { serverWords } from '../transport/grpc-errors.ts';
import type { RequestEvent } from './access-request-api.ts';
import { readAccessRequest } from './access-request-messages.ts';
import { AuthClient } from './auth-client.ts';

/* Recorded exchanges about access requests with a real server, played to the client. */
let identities: Identities;
const open: { close(): unknown }[] = [];
beforeAll(async () => {
  identities = await createIdentities();
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

function recorded(name: string): RpcAnswer {
  const { response } = readVector<RpcExchange>(name);
  const bodies = response.messages ?? (response.grpc_status === 0 ? [{ protobuf_base64: response.protobuf_base64 ?? '' }] : []);
  const messages = bodies.map((body) => Buffer.from(body.protobuf_base64, 'base64'));
  return { status: response.grpc_status, message: response.grpc_message, messages };
}

/** A client whose every call is answered by one recording, or by name. */
async function play(answer: string | Record<string, RpcAnswer>, version = '19.0.0') {
  const calls: SeenCall[] = [];
  const server = await startAuth(
    identities,
    (call) => {
      calls.push(call);
      if (typeof answer === 'string') return recorded(answer);
      return answer[call.rpc.split('/').at(-1)!] ?? { status: 12, message: `unknown method for service proto.AuthService`, messages: [] };
    },
    {},
  );
  open.push(server);
  const client = new AuthClient({
    ...splitAddress(server.address),
    tlsRouting: true,
    upgrade: false,
    trustedFingerprint: null,
    version,
    rootCluster: 'root.test',
    targetCluster: 'root.test',
    ca: [identities.rootHost.pem + identities.leafHost.pem],
    cert: identities.cert,
    key: identities.key,
  });
  open.push(client);
  return { client, api: client.requests, calls };
}

const draft = requestDraftSchema.parse({ roles: ['prod-access'], reason: 'deploy fix', reviewers: ['bob'] });
const asked = { user: 'dave', draft, now: 1_795_369_298_000 };
const sent = (call: SeenCall | undefined) => types.AccessRequestV3.decode(call!.body);

describe('answers of a real server', () => {
  it('a request as it was created; it has the name that the server gave it (req-create)', async () => {
    const { api, calls } = await play('req-create');
    const created = await api.create(asked);
    expect(created).toMatchObject({
      id: '01a20459-6b5b-7109-89e4-5b37851e13c2',
      user: 'dave',
      state: 'pending',
      roles: ['prod-access'],
      resources: [],
      reason: 'deploy fix',
      created: 1_795_369_298_779,
      expires: 1_795_397_711_000,
      requestExpires: 1_795_397_711_000,
      assumeStart: null,
      reviewers: ['bob'],
      reviews: [],
      thresholds: [{ name: 'default', approve: 1, deny: 1, approvals: 0, denials: 0 }],
      accessList: '',
      longTerm: false,
    });
    // But for the name, which is made up each time, the client asks in the very bytes of the recording.
    const { request } = readVector<RpcExchange>('req-create');
    const theirs = types.AccessRequestV3.decode(Buffer.from(request.protobuf_base64, 'base64'));
    const own = sent(calls[0]);
    expect(own.Metadata!.Name).toMatch(/^[0-9a-f-]{36}$/);
    const named = types.AccessRequestV3.create({ ...own, Metadata: { ...own.Metadata!, Name: theirs.Metadata!.Name! } });
    expect(types.AccessRequestV3.toObject(named, { defaults: true })).toEqual(types.AccessRequestV3.toObject(theirs, { defaults: true }));
  });

  it('a dry run (req-create-dry-run)', async () => {
    const { api, calls } = await play('req-create-dry-run');
    expect(await api.dryRun(asked)).toMatchObject({
      roles: ['prod-access'],
      reviewers: ['bob'],
      reasonRequired: false,
      reasonPrompts: [],
      maxDuration: 1_795_397_711_000 - 1_795_369_298_770,
      expires: 1_795_397_711_000,
      sessionExpires: 1_795_397_711_000,
    });
    expect(sent(calls[0]).Spec).toMatchObject({ DryRun: true });
  });

  it('durations and starts become dates by the clock of the server', async () => {
    const { api, calls } = await play('req-create-maxduration');
    const start = asked.now + 600_000;
    await api.dryRun({ ...asked, draft: { ...draft, assumeStart: start, duration: 7_200_000, requestTtl: 3_600_000, sessionTtl: 1_800_000 } });
    const { Spec, Metadata } = types.AccessRequestV3.toObject(sent(calls[0]), { longs: Number });
    const seconds = (millis: number) => ({ seconds: millis / 1000 });
    expect(Spec).toMatchObject({
      AssumeStartTime: seconds(start),
      MaxDuration: seconds(start + 7_200_000),
      SessionTTL: seconds(start + 1_800_000),
    });
    expect(Metadata).toMatchObject({ Expires: seconds(asked.now + 3_600_000) });
  });

  it.each([
    ['req-get', 'pending', ''],
    ['req-get-approved', 'approved', 'granted'],
    ['req-get-denied', 'denied', 'not now'],
  ])('%s', async (name, state, resolveReason) => {
    const { api } = await play(name);
    const id = (readVector<RpcExchange>(name).response.messages![0]!.decoded as { Metadata: { Name: string } }).Metadata.Name;
    expect(await api.get(id)).toMatchObject({ id, state, resolveReason });
    expect(await api.get('another')).toBeNull();
  });

  it('lists, empty ones too (req-list-…)', async () => {
    expect((await (await play('req-list-mine')).api.list()).map(({ state }) => state)).toContain('denied');
    expect(await (await play('req-list-needs-review')).api.list()).toEqual([]);
    expect(await (await play('req-get-unknown')).api.get('x')).toBeNull();
    expect(await (await play('req-promotions')).api.promotions('x')).toEqual([]);
  });

  it('suggested access lists have the titles that this person may read', async () => {
    const { accesslist } = teleport;
    const promotions = [{ accessListName: 'a1' }, { accessListName: 'b2' }];
    const allowed = types.AccessRequestAllowedPromotionResponse.encode({ allowedPromotions: { promotions } }).finish();
    const suggested = accesslist.v1.GetSuggestedAccessListsResponse.encode({
      access_lists: [{ header: { metadata: { Name: 'a1' } }, spec: { title: 'Audi\u202etors' } }],
    }).finish();
    const answers = {
      GetAccessRequestAllowedPromotions: { status: 0, message: '', messages: [Buffer.from(allowed)] },
      GetSuggestedAccessLists: { status: 0, message: '', messages: [Buffer.from(suggested)] },
    };
    const named = { name: 'b2', title: 'b2' };
    expect(await (await play(answers)).api.promotions('x')).toEqual([{ name: 'a1', title: 'Auditors' }, named]);
    const { GetSuggestedAccessLists: _, ...old } = answers;
    expect(await (await play(old)).api.promotions('x')).toEqual([{ name: 'a1', title: 'a1' }, named]);
  });

  it('resources with constraints are resources', () => {
    const id = (Name: string) => ({ ClusterName: 'c', Kind: 'app', Name });
    const Spec = { User: 'u', RequestedResourceIDs: [id('plain')], RequestedResourceAccessIDs: [{ id: id('plain') }, { id: id('aws') }, {}] };
    expect(readAccessRequest({ Metadata: { Name: 'x' }, Spec })?.resources.map(({ name }) => name)).toEqual(['plain', 'aws']);
  });

  it('follows the pages, and stops where a page leads to itself (req-list-page)', async () => {
    const page = proto.ListAccessRequestsResponse.decode(recorded('req-list-page').messages![0]!);
    expect(page.NextKey).not.toBe('');
    const { api, calls } = await play('req-list-page');
    expect(await api.list()).toHaveLength(2);
    expect(calls).toHaveLength(2);
    expect(proto.ListAccessRequestsRequest.decode(calls[1]!.body).StartKey).toBe(page.NextKey);
  });

  it('servers before 15 have one list without pages', async () => {
    const { api } = await play({ GetAccessRequestsV2: recorded('req-get') }, '14.3.3');
    expect(await api.list()).toMatchObject([{ user: 'dave', state: 'pending' }]);
  });

  it('events: created, denied, deleted (rpc-watch-access-request)', async () => {
    const { api } = await play('rpc-watch-access-request');
    const events: RequestEvent[] = [];
    const ended = await api.watch({ user: null }, (event) => events.push(event), new AbortController().signal).catch((error: AppError) => error.code);
    expect(ended).toBe('cancelled');
    expect(events.map((event) => (event.type === 'put' ? event.request.state : event.type))).toEqual(['ready', 'pending', 'denied', 'delete']);
    const [, put, , gone] = events as [unknown, { request: { id: string } }, unknown, { id: string }];
    expect(gone.id).toBe(put.request.id);
  });

  it('what may be asked for, with descriptions where the server lists them', async () => {
    const pages = { GetAccessCapabilities: recorded('rpc-getaccesscapabilities'), ListRequestableRoles: recorded('rpc-listrequestableroles-p2') };
    expect(await (await play(pages)).api.capabilities('dave', [])).toMatchObject({
      roles: [{ name: 'ops', description: 'operations' }, { name: 'prod-access' }],
      reviewers: ['bob'],
      applicableRoles: [],
      reasonRequired: false,
    });
    const old = await play({ GetAccessCapabilities: recorded('rpc-getaccesscapabilities') });
    expect((await old.api.capabilities('dave', [])).roles).toEqual([
      { name: 'ops', description: '' },
      { name: 'prod-access', description: '' },
    ]);
  });

  it('an open-source server has no reviews (rpc-ping)', async () => {
    const { api } = await play({ Ping: recorded('rpc-ping'), GetCurrentUserRoles: recorded('req-roles-assumed') });
    const { advanced, reviews } = await api.features();
    expect([advanced, reviews(['dev'])]).toEqual([false, false]);
  });
});

describe('certificates', () => {
  const change = { user: 'dave', expires: 1_795_372_899_000, sshPublicKey: 'ssh-ed25519 AAAA', tlsPublicKey: 'PEM', assume: [], drop: [] };
  const id = '01a20459-6b5b-7109-89e4-5b37851e13c2';

  it('assume, drop one, drop all: read by their fields (req-assume, req-drop-…)', async () => {
    const fields = async (name: string) => parseUserCertificate((await (await play(name)).client.reissue(change)).tlsCertificate);
    expect(await fields('req-assume')).toMatchObject({ user: 'dave', activeRequests: [id], roles: expect.arrayContaining(['dev', 'prod-access']) });
    const dropped = await fields('req-drop-one');
    expect(dropped.activeRequests).toEqual(['01a20459-6dce-7c16-b9c5-9173b23fe3b6']);
    expect(dropped.roles.toSorted()).toEqual(['dev', 'ops']);
    expect(await fields('req-drop-all')).toMatchObject({ activeRequests: [], roles: ['dev'] });
  });

  it('asks as the recorded client did; old servers get their single key', async () => {
    const { client, calls } = await play('req-assume');
    await client.reissue({ ...change, assume: [id], drop: ['x'] });
    const request = proto.UserCertsRequest.decode(calls[0]!.body);
    expect(request).toMatchObject({ Username: 'dave', AccessRequests: [id], DropAccessRequests: ['x'], Usage: 0, Purpose: 0 });
    expect([request.PublicKey.length, Buffer.from(request.SSHPublicKey).toString()]).toEqual([0, change.sshPublicKey]);
    const old = await play('req-assume', '16.4.0');
    await old.client.reissue(change);
    const single = proto.UserCertsRequest.decode(old.calls[0]!.body);
    expect([Buffer.from(single.PublicKey).toString(), single.SSHPublicKey.length]).toEqual([change.sshPublicKey, 0]);
  });
});

describe('refusals keep the words of the server', () => {
  const codes: Record<number, string> = { 3: 'invalid-argument', 5: 'not-found', 7: 'access-denied' };
  const refused = [
    'req-create-approved-state',
    'req-create-bad-name',
    'req-create-empty',
    'req-create-for-other',
    'req-create-long-reason',
    'req-create-no-name',
    'req-create-resource-oss',
    'req-create-role-not-requestable',
    'req-create-unknown-role',
    'req-assume-pending',
    'req-assume-denied',
    'req-assume-unknown',
    'req-reissue-deleted',
    'req-review-oss',
    'req-review-self-oss',
    'req-delete-own',
    'rpc-watch-denied-kind',
  ];
  it.each(refused)('%s', async (name) => {
    const { request, response } = readVector<RpcExchange>(name);
    const { client, api } = await play(name);
    const work = new Map<string, () => Promise<unknown>>([
      ['CreateAccessRequestV2', () => api.create(asked)],
      ['GenerateUserCerts', () => client.reissue({ user: 'dave', expires: 1, sshPublicKey: '', tlsPublicKey: '', assume: [], drop: [] })],
      ['SubmitAccessReview', () => api.review({ id: 'x', decision: 'approve', reason: '', assumeStart: null })],
      ['DeleteAccessRequest', () => api.remove('x')],
      ['WatchEvents', () => api.watch({ user: null }, () => undefined, new AbortController().signal)],
    ]);
    const error = await work.get(request.rpc.split('/').at(-1)!)!().then(
      () => null,
      (caught: unknown) => AppError.from(caught),
    );
    expect([error?.code, error && serverWords(error)]).toEqual([codes[response.grpc_status], response.grpc_message]);
  });
});
