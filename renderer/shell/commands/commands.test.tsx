// @vitest-environment jsdom
import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Document } from '../../../shared/model/document.ts';
import type { CommandId } from '../../../shared/settings/keymap.ts';
import type { FakeWorld } from '../../fakes/fake-app.ts';
import { renderApp } from '../../fakes/render-app.tsx';
import { sampleOverview } from '../../fakes/request-samples.ts';
import { sampleCluster } from '../../fakes/samples.ts';
import { documentInFront, openDocuments } from '../../state/tabs.ts';
import { matchingCommands } from './palette.tsx';

vi.mock('../../features/terminal/terminal-document.tsx', () => ({ default: () => 'a terminal' }));

let dispose = () => {};
afterEach(() => dispose());

const { key } = sampleCluster();
const tab = (index: number): Document => ({
  id: `s${index}`,
  kind: 'ssh',
  origin: 'resource_table',
  target: { cluster: key, leaf: '', node: `n${index}`, hostname: `host-${index}`, login: 'ada' },
});

async function setUp(world: FakeWorld = {}) {
  const documents = Array.from({ length: 10 }, (_, index) => tab(index));
  const fake = await renderApp({ clusters: [sampleCluster()], workspace: { documents, active: 's0' }, ...world });
  dispose = fake.dispose;
  const { workspace } = fake.app;
  const run = (id: CommandId, argument?: string) => act(() => fake.commands.run(id, argument));
  const order = () => workspace.getState().tabs.map(({ id }) => id);
  const front = () => documentInFront(workspace.getState());
  return { ...fake, run, order, front };
}

describe('tabs', () => {
  test('the next and the one before go round', async () => {
    const { run, front } = await setUp();
    run('tab.previous');
    expect(front()).toMatchObject({ id: 's9' });
    run('tab.next');
    run('tab.next');
    expect(front()).toMatchObject({ id: 's1' });
  });

  test('a number goes to that tab, nine to the last; one that is not there changes nothing', async () => {
    const { app, run, front } = await setUp();
    run('tab.3');
    expect(front()).toMatchObject({ id: 's2' });
    run('tab.9');
    expect(front()).toMatchObject({ id: 's9' });
    act(() => app.workspace.getState().remove(['s4', 's5', 's6', 's7', 's8']));
    run('tab.8');
    expect(front()).toMatchObject({ id: 's9' });
  });

  test('moving stops at the ends', async () => {
    const { run, order } = await setUp();
    run('tab.move-left');
    expect(order()[0]).toBe('s0');
    run('tab.move-right');
    expect(order().slice(0, 2)).toEqual(['s1', 's0']);
  });

  test('what was closed comes back, the last one first', async () => {
    const { run, order, front } = await setUp();
    run('tab.close');
    await waitFor(() => expect(order()).toHaveLength(9));
    run('tab.reopen');
    expect(front()).toMatchObject({ kind: 'ssh', origin: 'reopened_session', target: { node: 'n0' } });
    run('tab.reopen');
    expect(order()).toHaveLength(10);
  });
});

describe('pages', () => {
  test('pages of the app itself are there once', async () => {
    const { app, run } = await setUp({ workspace: { documents: [], active: null } });
    run('settings');
    run('diagnostics');
    run('settings');
    expect(openDocuments(app.workspace.getState()).map(({ kind }) => kind)).toEqual(['settings', 'diagnostics']);
  });

  test('resources are those of the cluster that is looked at; without one a cluster is added', async () => {
    const { run, front, ...fake } = await setUp({ workspace: { documents: [], active: null } });
    run('tab.resources');
    expect(front()).toMatchObject({ kind: 'resources', cluster: key });
    fake.dispose();
    const none = await setUp({ clusters: [], workspace: { documents: [], active: null } });
    none.run('tab.resources');
    await screen.findByLabelText('Address');
  });

  test('the files of the server in front', async () => {
    const { run, front } = await setUp();
    run('files.browse');
    expect(front()).toMatchObject({ kind: 'files', target: { node: 'n0' } });
  });

  test('a port is forwarded over the server in front, and over none elsewhere', async () => {
    const { app, commands, run } = await setUp();
    run('forward.new');
    expect(app.dialogs.getState().queue).toMatchObject([{ request: { kind: 'forward', server: { node: 'n0' } } }]);
    act(() => app.dialogs.getState().queue[0]?.answer(null));
    run('settings');
    expect(commands.has('forward.new')).toBe(false);
  });
});

describe('the folder with the logs', () => {
  test('a browser cannot show it, so its path is told', async () => {
    const { run } = await setUp({ info: { host: 'browser' } });
    run('logs');
    await screen.findByText('/home/ada/.config/Slipway/logs');
  });

  test('a failure is told', async () => {
    const refuse = () => {
      throw new AppError('not-found', 'There is no such folder.');
    };
    const { run } = await setUp({ calls: { 'app.open-logs': refuse } });
    run('logs');
    expect((await screen.findByRole('alert')).textContent).toContain('The logs folder could not be opened');
  });
});

describe('access requests', () => {
  test('asking opens the drawer, after a login where one is needed', async () => {
    const { app, run, topics } = await setUp({ requests: { [key]: sampleOverview([]) } });
    run('requests.ask');
    await waitFor(() => expect(app.requests.getState().asking).toBe(key));
    act(() => {
      app.requests.setState({ asking: null });
      topics.clusters.set([sampleCluster({ status: 'signed-out' })]);
    });
    await waitFor(() => expect(app.clusters.getState().list).toMatchObject([{ status: 'signed-out' }]));
    run('requests.ask');
    await waitFor(() => expect(app.dialogs.getState().queue).toMatchObject([{ request: { kind: 'login', cluster: key } }]));
    act(() => app.dialogs.getState().queue[0]?.answer(null));
    expect(app.requests.getState().asking).toBeNull();
  });

  test('the list of the cluster that is looked at', async () => {
    const { run, front } = await setUp();
    run('requests.open');
    expect(front()).toMatchObject({ kind: 'requests', cluster: key });
  });
});

test('the palette finds commands by any of their words, and only those that something answers to', () => {
  const all = matchingCommands('', () => true);
  expect(all).toContain('tab.shell');
  expect(all).not.toContain('palette');
  expect(matchingCommands('TERMINAL local', () => true)).toContain('tab.shell');
  expect(matchingCommands('local', (id) => id !== 'tab.shell')).not.toContain('tab.shell');
  expect(matchingCommands('no such words', () => true)).toEqual([]);
});
