import { afterEach, expect, it, vi } from 'vitest';
import { type ConnectionStep, connectionStepSchema } from '../../shared/model/diagnostics.ts';
import { type EmbeddedCluster, startCluster } from '../../test/cluster/index.ts';
import { ConnectionTest } from './connection-test.ts';
import { logInAs } from './testing/log-in.ts';
import { TestService, uncancelled } from './testing/service.ts';

let cluster: EmbeddedCluster | undefined;
let service: TestService | undefined;
afterEach(async () => {
  await service?.close();
  await cluster?.close();
});

const step = async (key: string, wanted: ConnectionStep) => service!.calls['clusters.test-connection']({ key, step: wanted }, uncancelled);

it('finds each step good on a cluster that is, and names the one that is not', async () => {
  cluster = await startCluster({ resources: 3, sshd: false });
  service = await TestService.start();
  await service.calls['clusters.trust']({ address: cluster.address, fingerprint: cluster.fingerprint }, uncancelled);
  const added = await service.calls['clusters.add']({ address: cluster.address }, uncancelled);
  await expect(step(added.key, 'certificate')).rejects.toMatchObject({ code: 'expired', message: expect.stringContaining('Log in') });
  const key = await logInAs(service.service, added.key, cluster.user('alice'));
  // The first use of SSH loads it, which on a busy machine takes longer than a step may.
  await Promise.all([import('../ssh/index.ts'), import('../teleport/transport/proxy-ssh.ts'), import('../teleport/transport/proxy-ssh-pool.ts')]);
  const found: Record<string, string> = {};
  for (const name of connectionStepSchema.options) found[name] = (await step(key, name)).detail;
  expect(found).toMatchObject({
    'web-proxy': expect.stringContaining('None'),
    name: expect.stringContaining('127.0.0.1'),
    tcp: expect.stringMatching(/^Connected in \d+ ms$/),
    web: expect.stringContaining(cluster.name),
    clock: 'The clocks agree',
    certificate: expect.stringMatching(/^Good until /),
    upgrade: 'Not needed',
    auth: expect.stringContaining(cluster.name),
    ssh: expect.stringMatching(/ as | does not let /),
  });
  await cluster.close();
  cluster = undefined;
  await expect(step(key, 'tcp')).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining('Nothing answers') });
}, 60_000);

it('a step that is never answered ends after five seconds, and at once when it is stopped', async () => {
  const asked = vi.fn((_address: string, _signal: AbortSignal) => new Promise<never>(() => {}));
  const test = new ConnectionTest({ registry: { cluster: () => ({ address: 'proxy.test:443' }) }, access: { pingProxy: asked } } as never);
  vi.useFakeTimers();
  try {
    const late = expect(test.run('key', 'web', new AbortController().signal)).rejects.toMatchObject({ code: 'timeout' });
    await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce());
    await vi.advanceTimersByTimeAsync(5000);
    await late;
    expect(asked.mock.calls[0]![1].aborted).toBe(true);
    const stop = new AbortController();
    const stopped = expect(test.run('key', 'web', stop.signal)).rejects.toMatchObject({ code: 'cancelled' });
    stop.abort();
    await stopped;
  } finally {
    vi.useRealTimers();
  }
});

it.each([
  [-200_000, /3 minutes ahead of the cluster’s.*Set the clock/],
  [45_000, /45 seconds behind the cluster’s/],
])('a clock that is %i ms off is told with what to do', async (offset, words) => {
  const test = new ConnectionTest({
    registry: { cluster: () => ({ address: 'proxy.test:443' }) },
    access: { clockOffset: async () => offset },
  } as never);
  await expect(test.run('key', 'clock', new AbortController().signal)).rejects.toThrow(words);
});
