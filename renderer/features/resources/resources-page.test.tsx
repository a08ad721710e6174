// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Document } from '../../../shared/model/document.ts';
import type { Resource } from '../../../shared/model/resource.ts';
import type { FakeWorld } from '../../fakes/fake-app.ts';
import { renderApp } from '../../fakes/render-app.tsx';
import { hostileName, sampleCluster, sampleResource } from '../../fakes/samples.ts';
import { resourcesTab } from '../../fakes/screens/resource-screens.ts';
import { openDocuments } from '../../state/tabs.ts';

let dispose = () => {};
afterEach(() => dispose());

type ListHandler = NonNullable<NonNullable<FakeWorld['calls']>['resources.list']>;

async function setUp(world: FakeWorld = {}) {
  const app = await renderApp({ clusters: [sampleCluster()], workspace: { documents: [resourcesTab()], active: 'r' }, ...world });
  dispose = app.dispose;
  const tab = () => openDocuments(app.app.workspace.getState()).find(({ id }) => id === 'r') as Extract<Document, { kind: 'resources' }>;
  const opened = () => openDocuments(app.app.workspace.getState()).filter(({ kind }) => kind === 'ssh');
  return { ...app, tab, opened };
}

const serving = (...resources: Resource[]) => vi.fn<ListHandler>(() => ({ resources, nextKey: '', skipped: 0 }));
const row = (name: string) => screen.findByRole('row', { name: new RegExp(name) });

describe('finding', () => {
  test('typing searches once it has paused, and the search is kept with the tab', async () => {
    const list = serving(sampleResource(0));
    const { user, tab } = await setUp({ calls: { 'resources.list': list } });
    await row('api-000');
    await user.type(screen.getByRole('searchbox'), 'web');
    await waitFor(() => expect(tab().search).toBe('web'));
    await waitFor(() => expect(list).toHaveBeenCalledTimes(2));
    expect(list.mock.calls.map(([query]) => query.search)).toEqual(['', 'web']);
  });

  test('kinds, labels and the order go into the query', async () => {
    const list = serving(sampleResource(0));
    const { user } = await setUp({ calls: { 'resources.list': list } });
    await row('api-000');
    await user.click(screen.getByRole('button', { name: 'Databases' }));
    await user.click(await screen.findByRole('button', { name: 'env: prod' }));
    await user.click(screen.getByRole('button', { name: 'Name' }));
    await waitFor(() =>
      expect(list.mock.lastCall?.[0]).toMatchObject({
        kinds: ['db'],
        labels: [{ name: 'env', value: 'prod' }],
        sort: { field: 'name', descending: true },
        startKey: '',
        limit: 200,
      }),
    );
    await user.click(screen.getByRole('button', { name: /Remove the filter env: prod/ }));
    await waitFor(() => expect(list.mock.lastCall?.[0].labels).toEqual([]));
  });

  test('a leaf’s resources are asked for by its name', async () => {
    const list = serving(sampleResource(0, { cluster: 'berlin.example.com' }));
    const { opened, user } = await setUp({
      workspace: { documents: [resourcesTab({ leaf: 'berlin.example.com' })], active: 'r' },
      calls: { 'resources.list': list },
    });
    await user.click(await screen.findByRole('button', { name: 'Connect to api-000' }));
    expect(list.mock.lastCall?.[0].leaf).toBe('berlin.example.com');
    await user.click(await screen.findByRole('menuitem', { name: 'ada' }));
    expect(opened()).toMatchObject([{ target: { leaf: 'berlin.example.com' } }]);
  });
});

describe('opening', () => {
  test('a server with one login is connected to at once, by its UUID', async () => {
    const server = sampleResource(1, { logins: ['ada'] });
    const { user, opened } = await setUp({ calls: { 'resources.list': serving(server) } });
    await user.click(await screen.findByRole('button', { name: `Connect to ${server.name}` }));
    expect(opened()).toMatchObject([
      { kind: 'ssh', origin: 'resource_table', target: { cluster: sampleCluster().key, node: server.id, hostname: server.name, login: 'ada' } },
    ]);
  });

  test('by keys alone: slash, down to the list, Enter, a login, Enter', async () => {
    const { user, opened } = await setUp({ calls: { 'resources.list': serving(sampleResource(0, { logins: ['ada', 'root'] }), sampleResource(3)) } });
    await row('api-000');
    const grid = screen.getByRole('grid');
    grid.focus();
    await user.keyboard('/');
    expect(document.activeElement).toBe(screen.getByRole('searchbox'));
    await user.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    expect(grid.getAttribute('aria-activedescendant')).toBe((await row('api-000')).id);
    await screen.findByRole('menuitem', { name: 'root' });
    await user.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    await waitFor(() => expect(opened()).toMatchObject([{ target: { login: 'root' } }]));
  });

  test('a server without logins says why it cannot be opened', async () => {
    const { user, opened } = await setUp({ calls: { 'resources.list': serving(sampleResource(0, { logins: [] })) } });
    const button = await screen.findByRole('button', { name: 'Connect to api-000' });
    expect(button.title).toContain('roles allow no login');
    await user.click(button);
    expect(opened()).toEqual([]);
  });

  test('what cannot be opened yet shows its command and its page', async () => {
    const openLink = vi.fn(() => null);
    const database = sampleResource(2);
    const { user } = await setUp({ calls: { 'resources.list': serving(database), 'app.open-link': openLink } });
    await user.click(await row(database.name));
    const details = within(await screen.findByRole('complementary', { name: 'Details' }));
    details.getByText(database.tshCommand);
    await user.click(details.getByRole('button', { name: /^https:\/\// }));
    await waitFor(() => expect(openLink).toHaveBeenCalledWith({ url: database.webUrl }, expect.anything()));
    details.getByRole('button', { name: 'Close details' }).focus();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('complementary')).toBeNull());
  });
});

describe('states', () => {
  const failing = (code: 'unreachable' | 'query', message: string) => ({
    calls: {
      'resources.list': () => {
        throw new AppError(code, message);
      },
    },
  });

  test('offline says so and tries again', async () => {
    await setUp(failing('unreachable', 'No answer.'));
    await screen.findByText('teleport.example.com cannot be reached');
    screen.getByRole('button', { name: 'Try again' });
  });

  test('a query that is not understood can be cleared', async () => {
    const { user, tab } = await setUp({
      workspace: { documents: [resourcesTab({ search: '&&' })], active: 'r' },
      ...failing('query', 'Not understood.'),
    });
    await user.click(await screen.findByRole('button', { name: 'Clear the search' }));
    expect(tab().search).toBe('');
  });

  test('nothing at all and nothing that matches are told apart', async () => {
    const { user } = await setUp({ calls: { 'resources.list': serving() } });
    await screen.findByText('No resources');
    await user.click(screen.getByRole('button', { name: 'Apps' }));
    await screen.findByText('Nothing matches');
  });

  test('a cluster that nobody is logged in to is not asked', async () => {
    const list = serving();
    await setUp({ clusters: [sampleCluster({ status: 'signed-out' })], calls: { 'resources.list': list } });
    await screen.findByText(/Not logged in to/);
    expect(list).not.toHaveBeenCalled();
  });

  test('expired: main is told what a login is for; when the person declines it, they can come back to it', async () => {
    const list = vi.fn((_query: { loginReason?: string }) => ({ resources: [sampleResource(0)], nextKey: '', skipped: 0 }));
    list.mockImplementationOnce(() => {
      throw new AppError('expired', 'Over.');
    });
    const { user } = await setUp({ calls: { 'resources.list': list } });
    await screen.findByText('You are not logged in');
    expect(list.mock.lastCall?.[0]).toMatchObject({ loginReason: 'to see its resources' });
    await user.click(screen.getByRole('button', { name: 'Log in' }));
    await row('api-000');
  });

  test('other rights after a login mean another list', async () => {
    const list = serving(sampleResource(0));
    const { topics } = await setUp({ calls: { 'resources.list': list } });
    await row('api-000');
    topics.clusters.set([sampleCluster({ roles: ['other'] })]);
    await waitFor(() => expect(list).toHaveBeenCalledTimes(2));
  });
});

test('a hostile name is text, isolated, with its invisible marks shown, and cut', async () => {
  await setUp({
    calls: { 'resources.list': serving(sampleResource(0, { name: hostileName, labels: [{ name: hostileName, value: hostileName }] })) },
  });
  const shown = await screen.findAllByText(/gnp\.exe/);
  expect(document.querySelector('b')).toBeNull();
  for (const element of shown) {
    expect(element.tagName).toBe('BDI');
    expect(element.textContent).not.toMatch(/[\u202e\u0007]/);
    expect(element.textContent!.length).toBeLessThanOrEqual(300);
  }
});
