// @vitest-environment jsdom
import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { Topic } from '../../../shared/ipc/server.ts';
import type { Cluster } from '../../../shared/model/cluster.ts';
import type { ConnectionRow } from '../../../shared/model/gateway.ts';
import type { FakeWorld } from '../../fakes/fake-app.ts';
import { renderApp } from '../../fakes/render-app.tsx';
import { sampleConnection, sampleConnections, sampleForward, sampleSocks } from '../../fakes/sample-connections.ts';
import { sampleCluster } from '../../fakes/samples.ts';
import { openDocuments } from '../../state/tabs.ts';
import { noTransfers } from '../../state/transfers.ts';

let dispose = () => {};
afterEach(() => dispose());

async function setUp(change: Partial<Cluster> | null, world: FakeWorld = {}) {
  const fake = await renderApp({ clusters: change === null ? [] : [sampleCluster(change)], ...world });
  dispose = fake.dispose;
  const bar = () => screen.getByRole('contentinfo').textContent ?? '';
  return { ...fake, bar };
}

const hour = 3_600_000;

describe('the cluster that is looked at', () => {
  test('its user, the end of the login, its version', async () => {
    const { bar } = await setUp({ expires: Date.now() + 5.01 * hour, serverVersion: '18.2.0' });
    expect(bar()).toMatch(/teleport\.example\.com.*ada.*Expires in 5 h.*Teleport 18\.2\.0/);
  });

  test('none', async () => {
    const { bar } = await setUp(null);
    expect(bar()).toContain('No cluster');
  });

  test.each([
    ['a login that was never made', { status: 'signed-out', expires: null }, 'Log in'],
    ['one that is over', { status: 'expired' }, 'Session expired · Log in again'],
    ['one whose end came while nobody was told', { expires: Date.now() - 1000 }, 'Session expired · Log in again'],
  ] as const)('%s is one button away; after it the resources are shown', async (_what, change, name) => {
    const { user, app } = await setUp(change);
    await user.click(screen.getAllByRole('button', { name }).at(-1) ?? document.body);
    await user.type(await screen.findByLabelText('Password'), 'x{Enter}');
    await user.type(await screen.findByLabelText('Authentication code'), '123456');
    await waitFor(() => expect(openDocuments(app.workspace.getState())).toMatchObject([{ kind: 'resources', cluster: sampleCluster().key }]));
  });

  test('one that cannot be reached', async () => {
    const { bar } = await setUp({ problem: { code: 'unreachable', message: 'Nothing answers.' } });
    expect(bar()).toContain('Cannot be reached');
    expect(screen.getByTitle('Nothing answers.')).toBeDefined();
  });
});

describe('local connections', () => {
  const withRows = (...rows: ConnectionRow[]) => ({ sessionHostTopics: { connections: new Topic(sampleConnections(...rows)) } });

  test.each([
    ['none', [], 'No connections'],
    ['one', [sampleConnection()], '1 connection'],
    ['several, and one that failed', [sampleConnection(), sampleForward, sampleSocks], '2 connections, one needs attention'],
  ] as const)('%s', async (_what, rows, name) => {
    await setUp({}, withRows(...rows));
    await screen.findByRole('button', { name });
  });

  test('without a login they are not usable, which is said', async () => {
    const { topics } = await setUp({}, withRows(sampleConnection(), sampleForward));
    await screen.findByRole('button', { name: '2 connections' });
    act(() => topics.clusters.set([sampleCluster({ status: 'expired' })]));
    await screen.findByRole('button', { name: '2 connections, not usable now' });
  });
});

describe('transfers', () => {
  test('how many and how far; nothing when there are none', async () => {
    const { app, bar } = await setUp({});
    expect(bar()).not.toContain('transfer');
    act(() => app.transfers.setState({ totals: { ...noTransfers.totals, active: 1, progress: 0.509 } }));
    await screen.findByRole('button', { name: '1 transfer 50 %' });
    act(() => app.transfers.setState({ totals: { ...noTransfers.totals, active: 2, queued: 1998, progress: null } }));
    await screen.findByRole('button', { name: '2,000 transfers' });
  });
});

test('in the browser host it says so', async () => {
  const { bar } = await setUp({}, { info: { host: 'browser' } });
  expect(bar()).toContain('In the browser · Slipway 0.1.0');
});
