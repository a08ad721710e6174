import { afterEach, expect, test, vi } from 'vitest';
import { Topic } from '../../../shared/ipc/server.ts';
import { createFakeApp } from '../../fakes/fake-app.ts';
import { sampleConnection, sampleConnections, samplePorts } from '../../fakes/sample-connections.ts';
import { sampleCluster } from '../../fakes/samples.ts';
import { forget, logOut } from './leave-cluster.ts';

let dispose = () => {};
afterEach(() => dispose());

const cluster = sampleCluster();
const server = { cluster: cluster.key, leaf: '', node: 'n', hostname: 'web-1', login: 'root' };

async function questionOf(leave: typeof logOut, rows = sampleConnections(), live = true): Promise<string> {
  const fake = createFakeApp({
    clusters: [cluster],
    workspace: { documents: [{ id: 'ssh', kind: 'ssh', target: server, origin: 'resource_table' }], active: 'ssh' },
    sessionHostTopics: { connections: new Topic(rows) },
  });
  dispose = fake.dispose;
  const { app } = fake;
  await vi.waitFor(() => expect([app.clusters.getState().loaded, app.connections.getState().loaded]).toEqual([true, true]));
  app.workspace.getState().open({ id: 'ssh', kind: 'ssh', target: server, origin: 'resource_table' });
  app.tabStatuses.getState().report('ssh', { isLive: live, isConnecting: false, isFailed: false });
  const leaving = leave(app, cluster);
  await vi.waitFor(() => expect(app.dialogs.getState().queue).toHaveLength(1));
  const [asked] = app.dialogs.getState().queue;
  asked!.answer(null);
  await leaving;
  return (asked!.request as unknown as { text: string }).text;
}

test('logging out says what ends and what stays', async () => {
  const two = sampleConnections(sampleConnection(), samplePorts);
  expect(await questionOf(logOut, two)).toMatch(
    /1 open terminal on it stays open until you close it\. 2 local connections keep their ports, but what programs do through them ends now/,
  );
});

test('what is not there is not spoken of, and a closed connection does not count', async () => {
  const text = await questionOf(logOut, sampleConnections(sampleConnection({ state: 'closed' })), false);
  expect(text).not.toMatch(/terminal|connection/);
});

test('forgetting says that both end', async () => {
  expect(await questionOf(forget, sampleConnections(sampleConnection()))).toMatch(/1 open terminal and 1 local connection on it end with that/);
});
