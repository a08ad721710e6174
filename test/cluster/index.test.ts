import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { X509Certificate } from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proto, teleport, types } from '../../proto/gen/teleport.js';
import { have } from '../support/have.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';
import { type EmbeddedCluster, startCluster } from './index.ts';
import { readIdentity } from './pki/identity.ts';
import { login, rpc, type Session, web } from './testing/plain-client.ts';

let cluster: EmbeddedCluster;
let alice: Session;
let bob: Session;
let folder: TempFolder;

beforeAll(async () => {
  folder = await tempFolder();
  cluster = await startCluster({ resources: 40, sshd: false });
  alice = await login(cluster, 'alice');
  bob = await login(cluster, 'bob');
});

afterAll(async () => {
  await cluster.close();
  await folder.remove();
});

async function list(session: Session, request: proto.IListUnifiedResourcesRequest, target?: string) {
  const host = target ? await hostCaOf(target) : undefined;
  const answer = await rpc(cluster, session, '/proto.AuthService/ListUnifiedResources', proto.ListUnifiedResourcesRequest.encode(request).finish(), {
    ...(target ? { cluster: target } : {}),
    ...(host ? { ca: host } : {}),
  });
  expect([answer.status, answer.message]).toEqual([0, 'OK']);
  return proto.ListUnifiedResourcesResponse.decode(answer.messages[0]!);
}

async function hostCaOf(name: string): Promise<string> {
  const request = teleport.trust.v1.GetCertAuthoritiesRequest.encode({ type: 'host' }).finish();
  const answer = await rpc(cluster, alice, '/teleport.trust.v1.TrustService/GetCertAuthorities', request);
  const all = teleport.trust.v1.GetCertAuthoritiesResponse.decode(answer.messages[0]!).cert_authorities_v2;
  return Buffer.from(all.find((ca) => ca.Metadata?.Name === name)!.Spec!.ActiveKeys!.TLS![0]!.Cert!).toString();
}

describe('login', () => {
  it('certifies the person, their roles and logins', () => {
    const identity = readIdentity(new X509Certificate(alice.tlsCert));
    expect(identity).toMatchObject({ user: 'alice', cluster: cluster.name, routeToCluster: cluster.name, loginIp: '127.0.0.1' });
    expect([...identity.roles].sort()).toEqual(['access', 'developer']);
    expect(identity.principals).toEqual(expect.arrayContaining([...cluster.user('alice').logins, '-teleport-internal-join']));
    expect(readIdentity(new X509Certificate(bob.tlsCert)).principals.some((name) => name.startsWith('-teleport-nologin-'))).toBe(true);
  });

  it.skipIf(!have('openssl'))('mints X.509 certificates that openssl takes', () => {
    const file = (name: string, text: string) => {
      const path = join(folder.path, name);
      writeFileSync(path, text);
      return path;
    };
    const verify = execFileSync('openssl', [
      'verify',
      '-purpose',
      'sslclient',
      '-CAfile',
      file('ca.pem', cluster.root.authorities.user.pem),
      file('user.pem', alice.tlsCert),
    ]).toString();
    expect(verify).toContain('OK');
  });

  it.skipIf(!have('ssh-keygen'))('mints OpenSSH certificates that ssh-keygen reads', () => {
    const path = join(folder.path, 'id-cert.pub');
    writeFileSync(path, alice.sshCert);
    const shown = execFileSync('ssh-keygen', ['-L', '-f', path]).toString();
    expect(shown).toContain('user certificate');
    expect(shown).toContain('Key ID: "alice"');
    for (const part of [
      '-teleport-internal-join',
      'permit-pty',
      'permit-port-forwarding',
      'teleport-roles',
      'teleport-traits',
      'login-ip',
      'private-key-policy',
    ])
      expect(shown).toContain(part);
  });

  it('lowers, but never raises, the lifetime that was asked for', async () => {
    const short = new X509Certificate((await login(cluster, 'alice', 1000)).tlsCert);
    expect(short.notAfter.getTime() - Date.now()).toBeLessThan(1500);
    const long = new X509Certificate((await login(cluster, 'alice', 400 * 3600_000)).tlsCert);
    expect(long.notAfter.getTime() - Date.now()).toBeLessThanOrEqual(30 * 3600_000);
  });
});

describe('resources', () => {
  it('lists all kinds in pages without gaps or repeats', async () => {
    const seen: string[] = [];
    let next = '';
    do {
      const page = await list(alice, { Limit: 30, StartKey: next, SortBy: { Field: 'name' } });
      seen.push(...page.Resources.map((one) => JSON.stringify(one)));
      next = page.NextKey;
    } while (next);
    expect(seen.length).toBe(5 * 40 + 1);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('pages backwards just as well', async () => {
    const forward = await list(alice, { SortBy: { Field: 'kind' } });
    const names: unknown[] = [];
    let next = '';
    do {
      const page = await list(alice, { Limit: 7, StartKey: next, SortBy: { Field: 'kind', IsDesc: true } });
      names.push(...page.Resources.map((one) => JSON.stringify(one)));
      next = page.NextKey;
    } while (next);
    expect(names.reverse()).toEqual(forward.Resources.map((one) => JSON.stringify(one)));
  });

  it('shows each person what their roles allow, with logins', async () => {
    const node = (page: proto.ListUnifiedResourcesResponse) => page.Resources.find((one) => one.Node?.Spec?.Hostname === 'demo-server');
    expect(node(await list(alice, { Kinds: ['node'], IncludeLogins: true }))?.Logins).toEqual(cluster.user('alice').logins);
    const bobs = await list(bob, { IncludeLogins: true });
    expect(node(bobs)?.Logins).toEqual([]);
    expect(bobs.Resources.every((one) => (one.Node?.Metadata ?? one.AppServer?.Spec?.App?.Metadata)?.Labels?.['env'] === 'dev')).toBe(true);
  });

  it('searches, filters by label and by predicate', async () => {
    expect((await list(alice, { SearchKeywords: ['DEMO-server'] })).Resources).toHaveLength(1);
    expect((await list(alice, { Labels: { real: 'yes' } })).Resources).toHaveLength(1);
    expect((await list(alice, { PredicateExpression: 'hasPrefix(name, "demo-") && !(labels["real"] == "no")' })).Resources).toHaveLength(1);
  });

  it('reaches the leaf by its ALPN with the root certificate, and keeps out who has no role there', async () => {
    const page = await list(alice, { Kinds: ['node'], Labels: { real: 'yes' } }, 'leaf');
    expect(page.Resources[0]?.Node?.Spec?.Hostname).toBe('leaf-server');
    const refused = await rpc(cluster, bob, '/proto.AuthService/Ping', new Uint8Array(), { cluster: 'leaf', ca: await hostCaOf('leaf') });
    expect(refused).toMatchObject({ status: 7, message: 'access denied' });
  });
});

describe('emulated versions', () => {
  it.each([
    ['14.3.0', false, 0],
    ['16.4.0', true, 0],
    ['18.2.0', true, 0],
    ['19.0.0', true, 12],
  ])('%s', async (version, hasUsersService, oldCall) => {
    const old = await startCluster({ serverVersion: version, resources: 1, sshd: false, leaf: false });
    try {
      const session = await login(old, 'alice', 60_000);
      expect((await web(old, 'POST', '/webapi/ssh/certs', {})).status).toBe(Number.parseInt(version, 10) >= 18 ? 404 : 403);
      const current = await rpc(old, session, '/proto.AuthService/GetCurrentUser', new Uint8Array());
      expect(current.status).toBe(oldCall);
      if (current.status === 0) expect(types.UserV2.decode(current.messages[0]!).Metadata?.Name).toBe('alice');
      const modern = await rpc(
        old,
        session,
        '/teleport.users.v1.UsersService/GetUser',
        teleport.users.v1.GetUserRequest.encode({ current_user: true }).finish(),
      );
      expect(modern.status === 0).toBe(hasUsersService);
    } finally {
      await old.close();
    }
  });
});

it('leaves no temporary folder behind', async () => {
  const short = await startCluster({ resources: 1 });
  expect(existsSync(short.folder)).toBe(true);
  await short.close();
  expect(existsSync(short.folder)).toBe(false);
});
