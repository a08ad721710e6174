import { afterEach, expect, test, vi } from 'vitest';
import { Topic } from '../../shared/ipc/server.ts';
import { createFakeApp } from '../fakes/fake-app.ts';
import { sampleConnection, sampleConnections, sampleKube } from '../fakes/sample-connections.ts';
import { openDocuments } from '../state/tabs.ts';
import { openByCommand } from './open-by-command.ts';

let dispose = () => {};
afterEach(() => dispose());

async function setUp() {
  const rows = [sampleConnection(), sampleKube];
  const fake = createFakeApp({
    sessionHostCalls: { 'connections.open': ({ target }) => ({ id: target.kind === 'kube' ? 'kube' : 'orders' }) },
    sessionHostTopics: { connections: new Topic(sampleConnections(...rows)) },
  });
  dispose = fake.dispose;
  await vi.waitFor(() => expect(fake.app.connections.getState().loaded).toBe(true));
  return { ...fake, documents: () => openDocuments(fake.app.workspace.getState()) };
}

test('a server is a terminal', async () => {
  const { app, documents } = await setUp();
  const target = { cluster: 'ada@c:443', leaf: '', node: 'n1', hostname: 'web', login: 'root' };
  expect(openByCommand(app, JSON.stringify({ kind: 'ssh', target }))).toBe(true);
  expect(documents()).toMatchObject([{ kind: 'ssh', target, origin: 'search_bar' }]);
});

test('a database is its page, a Kubernetes cluster a terminal in it', async () => {
  const { app, documents } = await setUp();
  expect(openByCommand(app, JSON.stringify(sampleConnection().target))).toBe(true);
  await vi.waitFor(() => expect(documents()).toMatchObject([{ kind: 'gateway', connection: 'orders' }]));
  expect(openByCommand(app, JSON.stringify(sampleKube.target))).toBe(true);
  await vi.waitFor(() => expect(documents()).toMatchObject([{ kind: 'gateway' }, { kind: 'shell', gateway: { connection: 'kube' } }]));
});

test.each(['', 'null', '{"kind":"ssh"}', '{"kind":"forward"}', '[]', '{"kind":"database","cluster":"x"}'])('%j opens nothing', async (argument) => {
  const { app, documents } = await setUp();
  expect(openByCommand(app, argument)).toBe(false);
  expect(documents()).toEqual([]);
});
