import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SshTarget } from '../shared/model/document.ts';
import { type EmbeddedCluster, localLogin, startCluster } from '../test/cluster/index.ts';
import { have } from '../test/support/have.ts';
import { TestService } from './clusters/testing/service.ts';
import { teleportWire } from './clusters/wire.ts';
import { logIn, Terminals } from './testing/terminals.ts';

const shells = Number(process.env.SLIPWAY_SHELLS ?? 24);
const atOnce = 8;
const noAccount = 'no-account-there';

let cluster: EmbeddedCluster;
let test: TestService;
let terminals: Terminals;
let key: string;
async function begin(agentlessHop: boolean, upgrade: boolean) {
  const users = [{ name: 'gina', password: 'gina-goes-nowhere', roles: ['access', 'developer'], logins: [noAccount] }];
  cluster = await startCluster({ resources: 1, leaf: false, agentlessHop, users });
  test = await TestService.start(upgrade ? { wire: { ...teleportWire, needsUpgrade: async () => true } } : {});
  key = await logIn(test, cluster);
  terminals = new Terminals(test.service);
}
async function end() {
  terminals?.close();
  await test?.close();
  await cluster?.close();
}

function target(hostname: string, login = localLogin): SshTarget {
  const { uuid } = cluster.nodes.find((node) => node.hostname === hostname)!;
  return { cluster: key, leaf: '', node: uuid, hostname, login };
}

/** Shells that write a page of text, then one last line, and end at once: the last line has to arrive in each. */
async function lastLines(hostname: string): Promise<string[]> {
  const missing: string[] = [];
  let next = 0;
  const work = async () => {
    for (let nth = next++; nth < shells; nth = next++) {
      const text = await terminals.output(target(hostname), `seq 1 ${(nth * 37) % 3000}; echo last-$((${nth}+1))-line; exit`);
      if (!text.includes(`last-${nth + 1}-line`)) missing.push(`${nth}: …${text.slice(-200)}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return missing;
}

const sshd = have('sshd');
describe.each([
  ['TLS routing', false],
  ['a connection upgrade', true],
] as const)('shells through %s', (_name, upgrade) => {
  beforeAll(() => begin(false, upgrade), 60_000);
  afterAll(end);
  it('of a Teleport node lose nothing of their end', async () => expect(await lastLines('demo-server')).toEqual([]), 300_000);
  it.skipIf(!sshd)('of a real sshd lose nothing of their end', async () => expect(await lastLines('demo-openssh')).toEqual([]), 300_000);
});

describe.skipIf(!sshd)('an agentless server behind a proxy that ends SSH itself', () => {
  beforeAll(() => begin(true, false), 60_000);
  afterAll(end);

  it('gives shells that lose nothing of their end', async () => expect(await lastLines('demo-openssh')).toEqual([]), 300_000);

  it('says why when the roles forbid a login, and when the server has no such account', async () => {
    await expect(terminals.output(target('demo-openssh', 'somebody-else'), 'true')).rejects.toMatchObject({ code: 'login-refused' });
    // The proxy finds out at the first channel.
    const refused = terminals.output({ ...target('demo-openssh', noAccount), cluster: await logIn(test, cluster, 'gina') }, 'true');
    await expect(refused).rejects.toMatchObject({ code: 'login-refused', message: expect.stringContaining(noAccount) });
  });
});
