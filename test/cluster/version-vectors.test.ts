import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { types } from '../../proto/gen/teleport.js';
import { type RpcExchange, readVector, versionVectors, type WebExchange } from '../wire/vectors.ts';
import { type EmbeddedCluster, startCluster } from './index.ts';
import { databaseEntry } from './state/entries.ts';
import { login, type RpcAnswer, rpc, type Session, web } from './testing/plain-client.ts';

/*
 * The same small set of calls as recorded with real servers of two ages, asked of the embedded cluster of that age: the same status, the same
 * words in a refusal, the same JSON keys. `ann` is the recorded person.
 */
const ages = { '14': '14.0.0', '16': '17.0.0-dev' } as const;
/** Calls that Slipway does not make, and the cluster therefore does not know. */
const unknown = /headless-unknown|mfa-devices/;
/** What the recorded clusters had and this one has not: WebAuthn. */
const withoutWebauthn = new Set(['webauthn', 'allow_passwordless', 'allow_headless', 'allowPasswordless']);

function keysOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path];
  const entries = Object.entries(value).filter(([key]) => !withoutWebauthn.has(key));
  return entries.length === 0 ? [path] : entries.flatMap(([key, inner]) => keysOf(inner, `${path}.${key}`));
}
/** What a server says beside success is not told. */
const statusOf = ({ status, message }: RpcAnswer) => [status, status === 0 ? '' : message];
const scriptOf = (text: string): unknown => JSON.parse(text.replace(/^var GRV_CONFIG = /, '').replace(/;$/, ''));

describe.each(['14', '16'] as const)('a server of %s', (age) => {
  let cluster: EmbeddedCluster;
  let ann: Session;
  beforeAll(async () => {
    cluster = await startCluster({
      serverVersion: ages[age],
      edition: 'oss',
      resources: 2,
      sshd: false,
      leaf: false,
      motd: age === '14' ? 'Only for work.\nBe careful.' : '',
      roles: [
        { name: 'worker', description: '', logins: ['root', 'ops'], labels: { node: { '*': ['*'] } }, request: { roles: ['dba', 'prod-root'] } },
        { name: 'prod-root', description: '' },
      ],
      users: [{ name: 'ann', password: 'correct-horse-ann', roles: ['worker'], logins: ['root'] }],
    });
    cluster.root.inventory.add([databaseEntry('pg', {}, 'postgres', 'localhost:4432', 'real-node')]);
    ann = await login(cluster, 'ann');
  });
  afterAll(() => cluster.close());

  const names = versionVectors(age).filter((name) => !unknown.test(name));
  // The recorded clusters had WebAuthn, and a code is good once.
  const left = /web-login-begin-passwordless|web-login-finish$/;

  it.each(names.filter((name) => name.includes('/web-') && !left.test(name)))('%s', async (name) => {
    const { request, response } = readVector<WebExchange>(name);
    const answer = await web(cluster, request.method, request.path, request.json);
    expect([answer.status, answer.headers['content-type']]).toEqual([response.status, response.headers['content-type']]);
    if (response.status !== 200) expect(answer.json ?? answer.text).toEqual(response.json ?? response.body_text);
    else if (response.body_text)
      expect(keysOf((scriptOf(answer.text) as { auth: object }).auth)).toEqual(keysOf((scriptOf(response.body_text) as { auth: object }).auth));
    else expect(keysOf(answer.json).toSorted()).toEqual(keysOf(response.json).toSorted());
  });

  it('a login has the recorded keys', async () => {
    const { response } = readVector<WebExchange>(`versions/${age}/web-login-finish`);
    const user = cluster.user('ann');
    const body = { user: 'ann', password: user.password, totp_code: user.totp(), pub_key: Buffer.from(ann.sshPublicKey).toString('base64') };
    const answer = await web(cluster, 'POST', '/webapi/mfa/login/finish', body);
    expect(Object.keys(answer.json as object)).toEqual(Object.keys(response.json as object));
  });

  it.each(names.filter((name) => !name.includes('/web-')))('%s', async (name) => {
    const { request, response } = readVector<RpcExchange>(name);
    const watches = name.endsWith('requests-watch-own');
    const answer = await rpc(cluster, ann, request.rpc, Buffer.from(request.protobuf_base64, 'base64'), watches ? { until: 1 } : {});
    if (watches) {
      expect(answer.messages[0]!.toString('base64')).toBe(response.messages![0]!.protobuf_base64);
      return;
    }
    expect(statusOf(answer)).toEqual([response.grpc_status, response.grpc_message]);
    if (/capabilities|mfa-|alerts|requests-/.test(name) && !response.messages)
      expect(answer.messages[0]?.toString('base64') ?? '').toBe(response.protobuf_base64 ?? '');
    if (name.endsWith('current-user-roles')) {
      expect(types.RoleV6.decode(answer.messages[0]!)).toMatchObject({
        Version: age === '14' ? 'v6' : 'v7',
        Spec: { Allow: { Logins: ['root', 'ops'] } },
      });
    }
  });

  it.each([
    'GetUnifiedNothing',
    ...(age === '14' ? ['ListAccessRequests', 'ListRoles', 'GetAccessRequestAllowedPromotions'] : []),
    'ResolveSSHTarget',
    'ListRequestableRoles',
  ])('%s came later, or never', async (method) => {
    expect(await rpc(cluster, ann, `/proto.AuthService/${method}`, new Uint8Array())).toMatchObject({
      status: 12,
      message: `unknown method ${method} for service proto.AuthService`,
    });
  });

  it.each(['trackers-watch', 'denied-trackers-after-end', 'denied-recordings-list', 'denied-audit-unstructured', 'denied-recording-events'])(
    'without a rule for it: %s',
    async (name) => {
      const { request, response } = readVector<RpcExchange>(`sessions/${name}`);
      const answer = await rpc(cluster, ann, request.rpc, Buffer.from(request.protobuf_base64, 'base64'));
      // The recorded watch was asked for by one with the rule.
      if (name === 'trackers-watch')
        expect([answer.status, answer.message]).toEqual([7, 'access denied to perform action "read" on "session_tracker"']);
      else expect(statusOf(answer)).toEqual([response.grpc_status, response.grpc_message]);
    },
  );
});
