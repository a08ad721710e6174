// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { Topic } from '../../../shared/ipc/server.ts';
import type { ConnectionRow } from '../../../shared/model/gateway.ts';
import { renderApp } from '../../fakes/render-app.tsx';
import { allConnections, sampleConnection, sampleConnections } from '../../fakes/sample-connections.ts';
import { sampleCluster } from '../../fakes/samples.ts';
import { resourcesTab } from '../../fakes/screens/resource-screens.ts';

let dispose = () => {};
afterEach(() => dispose());

async function open(connections = allConnections, calls = {}, cluster = sampleCluster()) {
  const topic = new Topic(connections);
  const app = await renderApp({
    clusters: [cluster],
    resources: 3,
    workspace: { documents: [resourcesTab()], active: 'r' },
    sessionHostTopics: { connections: topic },
    sessionHostCalls: calls,
  });
  dispose = app.dispose;
  await waitFor(() => expect(app.app.connections.getState().loaded).toBe(true));
  return { ...app, topic };
}
const titles = () =>
  within(screen.getByRole('list', { name: 'Connections' }))
    .getAllByRole('button', { name: /^Show/ })
    .map((each) => each.getAttribute('aria-label'));

test('the status bar counts what is open', async () => {
  await open();
  expect(await screen.findByRole('button', { name: /5 connections, one needs attention/ }, { timeout: 15_000 })).toBeTruthy();
});

test('open ones stand before closed ones', async () => {
  const { commands } = await open();
  commands.run('connections');
  await screen.findByRole('textbox', { name: 'Filter connections' }, { timeout: 15_000 });
  expect(titles().at(-1)).toBe('Show cache');
  expect(titles()).toHaveLength(7);
});

test('the filter narrows, Enter shows the page, a row closes and is removed', async () => {
  const close = vi.fn(() => null);
  const remove = vi.fn(() => null);
  const row: ConnectionRow = sampleConnection({ clients: 0 });
  const { commands, user, app, topic } = await open(sampleConnections(row, sampleConnection({ id: 'other', title: 'stock as bob', clients: 0 })), {
    'connections.close': close,
    'connections.remove': remove,
    'connections.reopen': () => null,
  });
  commands.run('connections');
  const field = await screen.findByRole('textbox', { name: 'Filter connections' }, { timeout: 15_000 });
  await waitFor(() => expect(document.activeElement).toBe(field));
  await user.keyboard('orders');
  expect(titles()).toEqual(['Show orders as alice']);
  await user.click(screen.getByRole('button', { name: 'Close orders as alice' }));
  await waitFor(() => expect(close).toHaveBeenCalledOnce());
  topic.set(sampleConnections({ ...row, state: 'closed' }));
  await user.click(await screen.findByRole('button', { name: 'Remove orders as alice' }));
  await waitFor(() => expect(remove).toHaveBeenCalledOnce());
  await user.type(screen.getByRole('textbox', { name: 'Filter connections' }), '{Enter}');
  await waitFor(() => expect(app.workspace.getState().active).toBe('gateway-orders'));
}, 40_000);

test.each([
  ['the cluster is away', { problem: { code: 'unreachable' as const, message: 'Nothing answers.' } }, 'The cluster cannot be reached'],
  ['the person logged out', { status: 'signed-out' as const, expires: null }, 'Needs a login'],
])(
  'open ports are not called usable while %s',
  async (_name, change, words) => {
    const { commands, topics } = await open(sampleConnections(sampleConnection()), {}, sampleCluster(change));
    const button = await screen.findByRole('button', { name: '1 connection, not usable now' }, { timeout: 15_000 });
    expect(button.querySelector('[data-status="ready"]')).toBeNull();
    commands.run('connections');
    await screen.findByRole('textbox', { name: 'Filter connections' }, { timeout: 15_000 });
    screen.getByText(words);
    expect(screen.getByRole('img', { name: `Open · ${words}` }).dataset.state).toBe('hindered');
    topics.clusters.set([sampleCluster()]);
    await waitFor(() => expect(screen.getByRole('img', { name: 'Open' }).dataset.state).toBe('open'));
    expect(screen.queryByText(words)).toBeNull();
  },
  60_000,
);
