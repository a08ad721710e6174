import { afterEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { Topic } from '../../shared/ipc/server.ts';
import type { ConnectionRow, GatewayTarget } from '../../shared/model/gateway.ts';
import { createFakeApp, type FakeWorld } from '../fakes/fake-app.ts';
import { sampleClosed, sampleConnection, sampleConnections, sampleKube } from '../fakes/sample-connections.ts';
import { openDocuments } from '../state/tabs.ts';
import { closeConnection, openAndShow, openKubeTerminal, removeConnection, reopen, showConnection } from './connection-actions.ts';

const orders = sampleConnection();
const target = orders.target as GatewayTarget;
let dispose = () => {};
afterEach(() => dispose());

async function setUp(rows: ConnectionRow[], calls: NonNullable<FakeWorld['sessionHostCalls']> = {}) {
  const connections = new Topic(sampleConnections(...rows));
  const fake = createFakeApp({ sessionHostCalls: calls, sessionHostTopics: { connections } });
  dispose = fake.dispose;
  await vi.waitFor(() => expect(fake.app.connections.getState().loaded).toBe(true));
  const documents = () => openDocuments(fake.app.workspace.getState());
  const notices = () => fake.app.notifications.getState().notices.map(({ title, text }) => `${title}: ${text}`);
  return { ...fake, connections, documents, notices };
}

const refuse = (code: 'access-denied' | 'expired') => () => {
  throw new AppError(code, 'Not today.');
};

describe('opening', () => {
  test('the page is there as soon as the connection stands in the list, before it listens', async () => {
    let listen = () => {};
    const listening = new Promise<void>((resolve) => {
      listen = resolve;
    });
    const { app, connections, documents } = await setUp([], { 'connections.open': () => listening.then(() => ({ id: orders.id })) });
    const opened = openAndShow(app, target, 'resource_table');
    connections.set(sampleConnections(sampleConnection({ ...sampleClosed, state: 'opening' })));
    await vi.waitFor(() => expect(documents()).toMatchObject([{ kind: 'gateway', connection: 'orders' }]));
    listen();
    await opened;
    expect(documents()).toHaveLength(1);
  });

  test('the database that was chosen is taken where there was none, and no other is lost', async () => {
    const change = vi.fn<(change: { id: string; database: string }) => null>(() => null);
    const calls = { 'connections.open': () => ({ id: orders.id }), 'connections.change-database': change };
    const first = await setUp([sampleConnection({ database: '' })], calls);
    await openAndShow(first.app, target, 'resource_table', { database: 'shop' });
    expect(change.mock.lastCall?.[0]).toEqual({ id: 'orders', database: 'shop' });
    first.dispose();
    const second = await setUp([orders], calls);
    await openAndShow(second.app, target, 'resource_table', { database: 'other' });
    expect(change).toHaveBeenCalledOnce();
  });

  test('what never came into the list is told; what did, tells it on its page', async () => {
    const none = await setUp([], { 'connections.open': refuse('access-denied') });
    await openAndShow(none.app, target, 'resource_table');
    expect(none.notices()).toEqual(['orders could not be opened: Not today.']);
    none.dispose();
    const listed = await setUp([sampleConnection({ state: 'failed' })], { 'connections.open': refuse('access-denied') });
    await openAndShow(listed.app, target, 'resource_table');
    expect(listed.notices()).toEqual([]);
    expect(listed.documents()).toMatchObject([{ kind: 'gateway' }]);
  });

  test('a terminal for a Kubernetes cluster; its page where that does not come about', async () => {
    const good = await setUp([sampleKube], { 'connections.open': () => ({ id: sampleKube.id }) });
    await openKubeTerminal(good.app, sampleKube.target as GatewayTarget, 'resource_table');
    expect(good.documents()).toMatchObject([{ kind: 'shell', gateway: { connection: 'kube', command: null } }]);
    good.dispose();
    const bad = await setUp([sampleKube], { 'connections.open': refuse('access-denied') });
    await openKubeTerminal(bad.app, sampleKube.target as GatewayTarget, 'resource_table');
    expect(bad.documents()).toMatchObject([{ kind: 'gateway', connection: 'kube' }]);
  });
});

describe('a row of the list', () => {
  test('what is closed is opened again, after a login where one is needed', async () => {
    const open = vi.fn(() => null);
    open.mockImplementationOnce(refuse('expired'));
    const { app, documents } = await setUp([sampleConnection(sampleClosed)], { 'connections.reopen': open });
    const shown = showConnection(app, sampleConnection(sampleClosed));
    await vi.waitFor(() => expect(app.dialogs.getState().queue).toMatchObject([{ request: { kind: 'login' } }]));
    app.dialogs.getState().queue[0]?.answer('ada@teleport.example.com:443');
    await shown;
    expect(open).toHaveBeenCalledTimes(2);
    expect(documents()).toMatchObject([{ kind: 'gateway', title: 'orders as alice' }]);
  });

  test('a failure is told where the row does not tell it itself', async () => {
    const closed = sampleConnection(sampleClosed);
    const silent = await setUp([closed], { 'connections.reopen': refuse('access-denied') });
    await reopen(silent.app, closed);
    expect(silent.notices()).toEqual(['orders as alice could not be opened: Not today.']);
    silent.dispose();
    const told = await setUp([{ ...closed, error: { code: 'access-denied', message: 'Not today.' } }], {
      'connections.reopen': refuse('access-denied'),
    });
    await reopen(told.app, closed);
    expect(told.notices()).toEqual([]);
  });

  test('a server shows the terminal that is open on it, else a new one', async () => {
    const server = { cluster: 'ada@c:443', leaf: '', node: 'n1', hostname: 'web', login: 'root' };
    const row = sampleConnection({ id: 'web', target: { kind: 'ssh', server } });
    const { app, documents } = await setUp([row]);
    await showConnection(app, row);
    await showConnection(app, row);
    expect(documents()).toMatchObject([{ kind: 'ssh', target: server, origin: 'connection_list' }]);
  });
});

describe('closing', () => {
  test('asks while programs use it, and says how many', async () => {
    const close = vi.fn(() => null);
    const { app } = await setUp([orders], { 'connections.close': close });
    const kept = closeConnection(app, orders);
    const [dialog] = app.dialogs.getState().queue;
    expect(dialog?.request).toMatchObject({ kind: 'confirm', title: 'Close orders as alice?', text: '3 connections go through it and are lost.' });
    dialog?.answer(null);
    expect(await kept).toBe(false);
    expect(close).not.toHaveBeenCalled();
    expect(await closeConnection(app, { ...orders, clients: 0 })).toBe(true);
    expect(close).toHaveBeenCalledOnce();
  });

  test('removing closes its page too; a failure keeps it and is told', async () => {
    const remove = vi.fn(() => null);
    remove.mockImplementationOnce(refuse('access-denied'));
    const closed = sampleConnection(sampleClosed);
    const { app, documents, notices } = await setUp([closed], { 'connections.remove': remove, 'connections.reopen': () => null });
    await showConnection(app, closed);
    await removeConnection(app, closed);
    expect(notices()).toEqual(['The connection could not be removed: Not today.']);
    expect(documents()).toHaveLength(1);
    await removeConnection(app, closed);
    expect(documents()).toEqual([]);
  });
});
