import { afterEach, describe, it } from 'vitest';
import { resourceQuerySchema } from '../shared/model/resource.ts';
import { type ClusterOptions, type EmbeddedCluster, localLogin, startCluster } from '../test/cluster/index.ts';
import { TestService, uncancelled } from './clusters/testing/service.ts';
import { teleportWire } from './clusters/wire.ts';
import { logIn, Terminals } from './testing/terminals.ts';

let cluster: EmbeddedCluster | undefined;
let test: TestService | undefined;
let terminals: Terminals | undefined;
afterEach(async () => {
  terminals?.close();
  await test?.close();
  await cluster?.close();
});

const versions = ['14.3.3', '15.4.0', '16.4.0', '17.2.1', '18.0.0', '19.0.0'];
const ways = [
  ['TLS routing', {}, false],
  ['a connection upgrade', {}, true],
  ['ports of its own', { tlsRouting: false }, false],
] as const satisfies [string, ClusterOptions, boolean][];

describe.each(versions)('Teleport %s', (serverVersion) => {
  it.each(ways)('login, list and shells, of the root and of a leaf, through %s', async (_name, options, upgrade) => {
    cluster = await startCluster({ serverVersion, resources: 3, sshd: false, ...options });
    test = await TestService.start(upgrade ? { wire: { ...teleportWire, needsUpgrade: async () => true } } : {});
    const key = await logIn(test, cluster);
    terminals = new Terminals(test.service);
    for (const leaf of ['', 'leaf']) {
      const { resources } = await test.calls['resources.list'](resourceQuerySchema.parse({ cluster: key, leaf, search: '-server' }), uncancelled);
      const server = resources.find(({ name }) => name === (leaf ? 'leaf-server' : 'demo-server'))!;
      const target = { cluster: key, leaf, node: server.id, hostname: server.name, login: localLogin };
      await terminals.run(target, 'echo $((6*7))', '42\r\n');
    }
  });
});
