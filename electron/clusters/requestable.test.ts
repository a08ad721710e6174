import { afterEach, expect, it } from 'vitest';
import { resourceQuerySchema } from '../../shared/model/resource.ts';
import { type ClusterOptions, type EmbeddedCluster, startCluster } from '../../test/cluster/index.ts';
import { logInAs } from './testing/log-in.ts';
import { TestService, uncancelled } from './testing/service.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A person who may open development servers and ask for all others. */
async function start(options: ClusterOptions) {
  const cluster: EmbeddedCluster = await startCluster({
    resources: 12,
    sshd: false,
    leaf: false,
    users: [{ name: 'mia', password: 'x', roles: ['visitor', 'requester'], logins: ['mia'] }],
    ...options,
  });
  const test = await TestService.start();
  closers.push(
    () => cluster.close(),
    () => test.close(),
  );
  await test.calls['clusters.trust']({ address: cluster.address, fingerprint: cluster.fingerprint }, uncancelled);
  const { key } = await test.calls['clusters.add']({ address: cluster.address }, uncancelled);
  const login = await logInAs(test.service, key, cluster.user('mia'));
  const list = async (availability: 'accessible' | 'requestable' | 'all' | 'cluster', limit = 1000) => {
    const found = [];
    let startKey = '';
    do {
      const query = resourceQuerySchema.parse({ cluster: login, kinds: ['node'], availability, startKey, limit });
      const page = await test.calls['resources.list'](query, uncancelled);
      found.push(...page.resources);
      startKey = page.nextKey;
    } while (startKey !== '');
    return found;
  };
  return { cluster, list };
}

it.each(['14.0.0', '14.3.0', '15.4.0', '16.4.0', '19.0.0'])(
  'a cluster of version %s: what is one’s own, what can be asked for, and both',
  async (serverVersion) => {
    const { cluster, list } = await start({ serverVersion });
    const nodes = cluster.root.inventory.nodes().map((entry) => ({ name: entry.name, requiresRequest: entry.labels.env !== 'dev' }));
    const shown = (resources: { name: string; requiresRequest: boolean }[]) =>
      resources.map(({ name, requiresRequest }) => ({ name, requiresRequest }));
    expect(nodes.some(({ requiresRequest }) => requiresRequest)).toBe(true);
    for (const limit of [1000, 3]) {
      expect(shown(await list('accessible', limit))).toEqual(nodes.filter(({ requiresRequest }) => !requiresRequest));
      expect(shown(await list('requestable', limit))).toEqual(nodes.filter(({ requiresRequest }) => requiresRequest));
      expect(shown(await list('all', limit))).toEqual(nodes);
    }
    // Servers of 14 do not say with which logins.
    expect((await list('requestable'))[0]!.logins).toEqual(serverVersion.startsWith('14.') ? [] : ['mia']);
    expect(shown(await list('cluster'))).toEqual(nodes);
  },
);

it('a cluster may want only what is accessible to be shown; who asks for more still gets it', async () => {
  const { list } = await start({ showResources: 'accessible_only' });
  expect((await list('cluster')).some(({ requiresRequest }) => requiresRequest)).toBe(false);
  expect((await list('all')).some(({ requiresRequest }) => requiresRequest)).toBe(true);
});

it('an open-source cluster has nothing to ask for', async () => {
  const { list } = await start({ edition: 'oss' });
  expect(await list('requestable')).toEqual([]);
  expect(await list('all')).toEqual(await list('accessible'));
});
