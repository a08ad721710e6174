import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type ResourceKind, resourceQuerySchema } from '../../shared/model/resource.ts';
import { type ClusterOptions, type EmbeddedCluster, type Faults, startCluster } from '../../test/cluster/index.ts';
import { appEntry, samlEntry } from '../../test/cluster/state/entries.ts';
import { all } from '../../test/cluster/state/roles.ts';
import { checkProfile } from '../../test/support/profile-checker.ts';
import { logInAs } from './testing/log-in.ts';
import { TestService, uncancelled } from './testing/service.ts';

let cluster: EmbeddedCluster | undefined;
let test: TestService | undefined;
afterEach(async () => {
  await test?.close();
  await cluster?.close();
});

async function logIn(options: ClusterOptions, name: string): Promise<string> {
  cluster = await startCluster({ resources: 5, sshd: false, ...options });
  test = await TestService.start();
  await test.calls['clusters.trust']({ address: cluster.address, fingerprint: cluster.fingerprint }, uncancelled);
  const added = await test.calls['clusters.add']({ address: cluster.address }, uncancelled);
  return logInAs(test.service, added.key, cluster.user(name));
}

/** The code of a person; the cluster misbehaves from the moment they give it. */
const faultsFirst = (person: { totp(): string }, faults: Faults) => () => {
  cluster!.setFaults(faults);
  return person.totp();
};

describe('logging in and listing', () => {
  it.each([
    ['14.0.0', {}],
    ['14.3.0', {}],
    ['15.4.0', { secondFactor: 'off' }],
    ['16.4.0', {}],
    ['17.0.0-dev', {}],
    ['17.2.0', {}],
    ['18.5.0', {}],
    ['19.0.0', { tlsRouting: false }],
    ['19.0.0-prealpha.2', {}],
  ] satisfies [string, ClusterOptions][])('works with Teleport %s %j', async (serverVersion, options) => {
    const key = await logIn({ serverVersion, ...options }, 'alice');
    expect(test!.notes).toEqual([]);
    expect(test!.cluster(key)).toMatchObject({ serverVersion, status: 'signed-in', authClusterId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(checkProfile({ home: join(test!.own, 'home'), profile: '127.0.0.1', user: 'alice', cluster: cluster!.name, leaves: ['leaf'] })).toEqual(
      [],
    );
    for (const leaf of ['', 'leaf']) {
      const page = await test!.calls['resources.list'](resourceQuerySchema.parse({ cluster: key, leaf, limit: 3 }), uncancelled);
      expect(page.resources).toHaveLength(3);
    }
  });
});

const listed = async (cluster: string, ...kinds: ResourceKind[]) => {
  const found: string[] = [];
  let startKey = '';
  do {
    const page = await test!.calls['resources.list'](resourceQuerySchema.parse({ cluster, kinds, startKey, limit: 3 }), uncancelled);
    found.push(...page.resources.map(({ kind, name }) => `${kind} ${name}`));
    startKey = page.nextKey;
  } while (startKey !== '');
  return found;
};

describe('what servers tell in other ways than today', () => {
  it.each(['14.0.0', '14.3.0', '15.4.0', '16.4.0', '19.0.0'])('Teleport %s: SAML apps are found, and are no apps', async (serverVersion) => {
    const key = await logIn({ serverVersion, leaf: false }, 'alice');
    cluster!.root.inventory.add([samlEntry('wiki')]);
    expect(await listed(key, 'saml_idp_service_provider')).toEqual(['saml_idp_service_provider wiki']);
    const apps = await listed(key, 'app');
    expect(apps.length).toBeGreaterThan(1);
    expect(apps.filter((name) => !/^(app|mcp) /.test(name))).toEqual([]);
    const options = await test!.calls['resources.app-options']({ cluster: key, leaf: '', name: 'wiki' }, uncancelled);
    expect(options).toMatchObject({ kind: 'saml', launchUrl: expect.stringMatching(/saml-idp\/login\/wiki$/) });
  });

  it.each(['14.0.0', '15.4.0', '16.4.0', '19.0.0'])('Teleport %s: a leaf that is offline', async (serverVersion) => {
    const key = await logIn({ serverVersion }, 'alice');
    cluster!.root.leaves[0]!.connected = false;
    await test!.calls['clusters.refresh']({ key }, uncancelled);
    expect(test!.cluster(key)!.leaves).toEqual([{ name: 'leaf', online: false }]);
  });

  it.each(['14.0.0', '15.4.0', '16.4.0', '19.0.0'])('Teleport %s: a leaf that may not be entered is not listed', async (serverVersion) => {
    const key = await logIn({ serverVersion }, 'bob');
    await test!.calls['clusters.refresh']({ key }, uncancelled);
    expect(test!.cluster(key)!.leaves).toEqual([]);
  });

  it.each(['14.0.0', '16.4.0', '17.2.0', '19.0.0'])('Teleport %s: the AWS roles of a console', async (serverVersion) => {
    const arn = 'arn:aws:iam::123456789012:role/reader';
    const roles = [{ name: 'cloud', description: '', labels: { app: all }, awsRoles: [arn] }];
    const key = await logIn({ serverVersion, leaf: false, roles, users: [{ name: 'cleo', password: 'x', roles: ['cloud'] }] }, 'cleo');
    cluster!.root.inventory.add([appEntry('console', {}, 'https://console.aws.amazon.com/ec2', 'console.test', 'agent')]);
    const options = await test!.calls['resources.app-options']({ cluster: key, leaf: '', name: 'console' }, uncancelled);
    expect(options).toMatchObject({ kind: 'aws', awsRoles: [{ name: 'reader', arn, account: '123456789012' }] });
  });
});

describe('a server that wants a second factor for each session', () => {
  it('is explained instead of tried', async () => {
    const key = await logIn({ users: [{ name: 'carol', password: 'carol-carol-carol', roles: ['careful'], logins: ['root'] }] }, 'carol');
    const node = cluster!.nodes[0]!;
    const target = { cluster: key, leaf: '', node: node.uuid, hostname: node.hostname, login: 'root' };
    await expect(test!.service.tickets['ticket.ssh'](target, uncancelled)).rejects.toMatchObject({
      code: 'session-mfa',
      message: expect.stringContaining(node.hostname),
    });
  });
});

describe('hostile answers', () => {
  it.each([
    [{ web: 'garbage', only: 'login/finish' }, 'bad-response'],
    [{ web: 'huge', only: 'login/finish' }, 'bad-response'],
    [{ web: 'shape', only: 'login/finish' }, 'bad-response'],
    [{ web: 'cut', only: 'login/finish' }, 'bad-response'],
  ] as const)('%j at the end of a login leaves nothing behind', async (faults, code) => {
    cluster = await startCluster({ resources: 1, sshd: false, leaf: false });
    test = await TestService.start();
    await test.calls['clusters.trust']({ address: cluster.address, fingerprint: cluster.fingerprint }, uncancelled);
    const { key } = await test.calls['clusters.add']({ address: cluster.address }, uncancelled);
    const alice = cluster.user('alice');
    await expect(logInAs(test.service, key, { ...alice, totp: faultsFirst(alice, faults) })).rejects.toMatchObject({ code });
    expect(test.clusters.map((listed) => [listed.key, listed.status])).toEqual([[key, 'signed-out']]);
  });

  it('a login stands when the cluster then says nothing more', async () => {
    cluster = await startCluster({ resources: 1, sshd: false, leaf: false });
    test = await TestService.start();
    await test.calls['clusters.trust']({ address: cluster.address, fingerprint: cluster.fingerprint }, uncancelled);
    const { key } = await test.calls['clusters.add']({ address: cluster.address }, uncancelled);
    const alice = cluster.user('alice');
    const done = await logInAs(test.service, key, { ...alice, totp: faultsFirst(alice, { rpc: 'garbage' }) });
    expect(test.cluster(done)?.status).toBe('signed-in');
    expect(test.notes.join()).toContain('to learn the cluster’s id, leaves and authorities');
    cluster.setFaults({});
    await test.calls['clusters.refresh']({ key: done }, uncancelled);
    expect(test.cluster(done)?.authClusterId).toMatch(/-/);
  });
});
