import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Resource, resourceQuerySchema } from '../shared/model/resource.ts';
import { type EmbeddedCluster, type Faults, localLogin, startCluster } from '../test/cluster/index.ts';
import { logInAs } from './clusters/testing/log-in.ts';
import { TestService, uncancelled } from './clusters/testing/service.ts';
import { logIn, Terminals } from './testing/terminals.ts';

let cluster: EmbeddedCluster;
let test: TestService;
let terminals: Terminals;
let key: string;
beforeAll(async () => {
  cluster = await startCluster({ resources: 2, sshd: false, leaf: false, hostileNames: true });
  test = await TestService.start();
  key = await logIn(test, cluster);
  terminals = new Terminals(test.service);
});
afterEach(() => cluster.setFaults({}));
afterAll(async () => {
  terminals?.close();
  await test?.close();
  await cluster?.close();
});

/** A sentence that a person can do something with: whole, and without anything of the program's own. */
const sentence = /^[A-ZÀ-Þ“].{20,600}[.?]$/su;
const told = (code: string) => ({ code, message: expect.stringMatching(sentence) });

describe('web answers', () => {
  it.each(['garbage', 'huge', 'shape', 'cut', 'length'] as const)('%s: adding the cluster and asking how to log in say so', async (web) => {
    const stranger = await TestService.start();
    try {
      await stranger.calls['clusters.trust']({ address: cluster.address, fingerprint: cluster.fingerprint }, uncancelled);
      cluster.setFaults({ web });
      const added = stranger.calls['clusters.add']({ address: cluster.address }, uncancelled);
      await expect(added).rejects.toMatchObject(told(expect.stringMatching(/^(bad-response|not-a-proxy)$/)));
      const begun = logInAs(test.service, key, cluster.user('alice'));
      await expect(begun).rejects.toMatchObject(told(expect.stringMatching(/^(bad-response|not-a-proxy)$/)));
    } finally {
      await stranger.close();
    }
  });
});

describe('RPC answers', () => {
  const list = (signal = uncancelled.signal) => test.calls['resources.list'](resourceQuerySchema.parse({ cluster: key }), { signal });

  it.each([
    [{ rpc: 'garbage' }, 'bad-response'],
    [{ rpc: 'huge' }, 'bad-response'],
    [{ drop: ['rpc'] }, 'offline'],
  ] as [Faults, string][])('%j: the list says so, and is there when the cluster behaves again', async (faults, code) => {
    cluster.setFaults(faults);
    await expect(list()).rejects.toMatchObject(told(expect.stringMatching(`^(${code}|timeout)$`)));
    cluster.setFaults({});
    expect((await list()).resources.length).toBeGreaterThan(0);
  });

  it('one that never ends can be given up', async () => {
    cluster.setFaults({ rpc: 'hang' });
    await expect(list(AbortSignal.timeout(300))).rejects.toThrow();
  });
});

it('names with control characters, direction marks or ten kilobytes arrive as short plain text', async () => {
  const resources: Resource[] = [];
  for (let startKey = '', more = true; more; more = startKey !== '') {
    const page = await test.calls['resources.list'](resourceQuerySchema.parse({ cluster: key, startKey }), uncancelled);
    resources.push(...page.resources);
    startKey = page.nextKey;
  }
  const texts = resources.flatMap(({ name, description, labels }) => [name, description, ...labels.flatMap((label) => [label.name, label.value])]);
  expect(resources.length).toBeGreaterThan(10);
  for (const text of texts) {
    expect(text.length).toBeLessThan(5000);
    expect(text).not.toMatch(/[\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\u{e0000}-\u{e007f}]/u);
  }
});

describe('a server that is not who it should be', () => {
  const target = () => {
    const node = cluster.nodes[0]!;
    return { cluster: key, leaf: '', node: node.uuid, hostname: node.hostname, login: localLogin };
  };

  it.each([
    ['host-key', 'authority', 'issued by an authority'],
    ['host-name', 'principal', 'another server'],
    ['host-expired', 'expired', 'expired on'],
    ['host-type', 'kind', 'made for users'],
    ['host-option', 'critical-option', 'restriction'],
  ] as const)('%s: nothing is typed there, and the tab says why', async (lie, reason, words) => {
    cluster.setFaults({ lie });
    // Another session host, so that there is no connection yet.
    terminals.close();
    terminals = new Terminals(test.service);
    const ran = terminals.run(target(), 'echo $((6*7))', '42\r\n');
    await expect(ran).rejects.toMatchObject({ code: 'host-key', message: expect.stringContaining(words), details: { reason } });
    cluster.setFaults({});
    await terminals.run(target(), 'echo $((6*7))', '42\r\n');
  });
});
