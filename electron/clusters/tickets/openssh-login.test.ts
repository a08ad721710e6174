import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resourceQuerySchema } from '../../../shared/model/resource.ts';
import { type EmbeddedCluster, localLogin, startCluster } from '../../../test/cluster/index.ts';
import { have } from '../../../test/support/have.ts';
import { openProxySsh } from '../../teleport/transport/proxy-ssh.ts';
import { ProxySshPool } from '../../teleport/transport/proxy-ssh-pool.ts';
import { logInAs } from '../testing/log-in.ts';
import { TestService, uncancelled } from '../testing/service.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'slipway-openssh-'));
let cluster: EmbeddedCluster;
let test: TestService;
let key: string;

beforeAll(async () => {
  cluster = await startCluster({ resources: 1 });
  test = await TestService.start();
  await test.calls['clusters.trust']({ address: cluster.address, fingerprint: cluster.fingerprint }, uncancelled);
  const added = await test.calls['clusters.add']({ address: cluster.address }, uncancelled);
  key = await logInAs(test.service, added.key, cluster.user('alice'));
});
afterAll(async () => {
  await test?.close();
  await cluster?.close();
  rmSync(folder, { recursive: true });
});

/** A port that leads to the node through TransportService, as a proxy command would: it relays bytes and knows no SSH. */
async function relay(node: string, leaf: string): Promise<{ port: number; close(): void }> {
  const ticket = await test.service.tickets['ticket.ssh']({ cluster: key, leaf, node, hostname: '', login: localLogin }, uncancelled);
  const pool = new ProxySshPool();
  const server = net.createServer((socket) => {
    openProxySsh(ticket, pool).then(
      (stream) => {
        socket.on('error', () => stream.destroy());
        stream.on('error', () => socket.destroy());
        socket.pipe(stream).pipe(socket);
      },
      () => socket.destroy(),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    close: () => {
      pool.close();
      server.close();
    },
  };
}

/** The configuration that `tsh config` would write (tsh-profile §4), on the files as the app wrote them. */
function configuration(name: string): string {
  const home = join(test.own, 'home');
  const keys = join(home, 'keys/127.0.0.1');
  const path = join(folder, `config-${name}`);
  const lines = [
    `UserKnownHostsFile "${join(home, 'known_hosts')}"`,
    'GlobalKnownHostsFile none',
    `IdentityFile "${join(keys, 'alice')}"`,
    `CertificateFile "${join(keys, `alice-ssh/${cluster.name}-cert.pub`)}"`,
    'IdentitiesOnly yes',
    'StrictHostKeyChecking yes',
    'BatchMode yes',
    'HostName 127.0.0.1',
  ];
  writeFileSync(path, `Host *\n  ${lines.join('\n  ')}\n`);
  return path;
}

describe.skipIf(!have('ssh'))("OpenSSH's own client on the files as written", () => {
  it.for([
    ['demo-server', 'the root’s Teleport node'],
    ['demo-openssh', 'an agentless sshd'],
    ['leaf-server', 'a leaf’s node'],
  ])('logs in to %s, %s', async ([hostname], { skip }) => {
    const node = cluster.nodes.find((candidate) => candidate.hostname === hostname);
    if (!node) return skip('no sshd here');
    const leaf = node.cluster === cluster.name ? '' : node.cluster;
    const { port, close } = await relay(node.uuid, leaf);
    try {
      const alias = `${node.hostname}.${node.cluster}`;
      const command = [
        '-F',
        configuration(node.hostname),
        '-p',
        String(port),
        '-o',
        `HostKeyAlias=${alias}`,
        `${localLogin}@${alias}`,
        'echo $((6*7))',
      ];
      expect((await run('ssh', command)).stdout.trim()).toBe('42');
    } finally {
      close();
    }
  });

  it('refuses a host that the files do not vouch for', async () => {
    const node = cluster.nodes[0]!;
    const { port, close } = await relay(node.uuid, '');
    try {
      const command = ['-F', configuration('wrong'), '-p', String(port), '-o', 'HostKeyAlias=demo-server.elsewhere.test', `${localLogin}@x`, 'true'];
      await expect(run('ssh', command)).rejects.toThrow(/Host key verification failed|No .* host key is known/);
    } finally {
      close();
    }
  });

  it('the resources that are listed are the ones that can be entered', async () => {
    const page = await test.calls['resources.list'](resourceQuerySchema.parse({ cluster: key, kinds: ['node'] }), uncancelled);
    expect(page.resources.map(({ id }) => id)).toContain(cluster.nodes[0]!.uuid);
  });
});
