// @vitest-environment jsdom
import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import type { NamedResource, RequestsOverview } from '../../shared/model/access-request.ts';
import { createFakeApp, type FakeWorld } from '../fakes/fake-app.ts';
import { type InboxWorld, renderInbox, theirs } from '../fakes/render-inbox.tsx';
import { sampleNamed, sampleOverview } from '../fakes/request-samples.ts';
import { sampleCluster } from '../fakes/samples.ts';
import { openDocuments } from '../state/tabs.ts';
import { addToBasket, askAgain, drop, openRequestByLink } from './request-actions.ts';

const { key, address } = sampleCluster();
let dispose = () => {};
afterEach(() => dispose());

async function setUp(basket: RequestsOverview['basket'] = { roles: [], resources: [] }, world: FakeWorld = {}) {
  const changes = vi.fn<(change: object) => null>(() => null);
  const fake = createFakeApp({
    clusters: [sampleCluster()],
    requests: { [key]: sampleOverview([], { basket }) },
    ...world,
    calls: { 'requests.basket': changes, ...world.calls },
  });
  dispose = fake.dispose;
  await vi.waitFor(() => expect(fake.app.clusters.getState().loaded && fake.app.requests.getState().overviews[key]).toBeTruthy());
  const notices = () => fake.app.notifications.getState().notices.map(({ title }) => title);
  const dialog = () => fake.app.dialogs.getState().queue[0];
  return { ...fake, changes, notices, dialog };
}

/** The whole window, with a tab of access requests. */
async function setUpWindow(world: InboxWorld) {
  const made = await renderInbox(world);
  dispose = made.dispose;
  return made;
}

const resources: NamedResource[] = [sampleNamed(1)];

describe('the basket', () => {
  test('takes more of the same kind without a question', async () => {
    const { app, changes } = await setUp({ roles: ['auditor'], resources: [] });
    expect(await addToBasket(app, key, { roles: ['admin'] })).toBe(true);
    expect(changes.mock.lastCall?.[0]).toMatchObject({ change: 'add', roles: ['admin'] });
  });

  test.each(['Cancel', 'Start anew'])('asks before resources take the place of roles: %s', async (answer) => {
    const changes = vi.fn<(change: object) => null>(() => null);
    const { app, user } = await setUpWindow({
      list: [],
      overview: { basket: { roles: ['auditor'], resources: [] } },
      calls: { 'requests.basket': changes },
    });
    const added = addToBasket(app, key, { resources });
    await screen.findByText(/Adding a resource removes the roles gathered so far/);
    await user.click(screen.getByRole('button', { name: answer }));
    expect(await added).toBe(answer === 'Start anew');
    const replaced = expect.objectContaining({ change: 'replace', roles: [], resources });
    expect(changes.mock.calls.map(([change]) => change)).toEqual(answer === 'Start anew' ? [replaced] : []);
  });

  test('is full at the most that one request can name, and says so', async () => {
    const full = Array.from({ length: 300 }, (_, index) => sampleNamed(index));
    const { app, changes, notices } = await setUp({ roles: [], resources: full });
    expect(await addToBasket(app, key, { resources: [sampleNamed(900)] })).toBe(false);
    expect(notices()).toEqual(['The request is full']);
    expect(changes).not.toHaveBeenCalled();
  });

  test('what could not be kept is told, and opens no drawer', async () => {
    const { app, notices } = await setUp(undefined, {
      calls: {
        'requests.basket': () => {
          throw new AppError('disk', 'The disk is full.');
        },
      },
    });
    await askAgain(app, key, { roles: ['admin'], resources: [] });
    expect(notices()).toEqual(['The request could not be kept']);
    expect(app.requests.getState().asking).toBeNull();
  });

  test('asking again gathers the same and opens the drawer', async () => {
    const { app, changes } = await setUp();
    await askAgain(app, key, { roles: ['access'], resources });
    expect(changes.mock.lastCall?.[0]).toMatchObject({ change: 'replace', roles: [], resources });
    expect(app.requests.getState().asking).toBe(key);
  });
});

test('access that could not be dropped is told', async () => {
  const refusal = vi.fn(() => {
    throw new AppError('access-denied', 'No.');
  });
  const { app, notices } = await setUp(undefined, { calls: { 'requests.drop': refusal } });
  await drop(app, key, null);
  expect(notices()).toEqual(['The access could not be dropped']);
});

describe('a link to a request', () => {
  const id = '0193a1f0-0000-7000-8000-000000000001';
  const documents = ({ app }: Awaited<ReturnType<typeof setUp>>) => openDocuments(app.workspace.getState());

  test('shows it on the cluster that it names, by key or by address', async () => {
    const world = await setUp();
    await openRequestByLink(world.app, JSON.stringify({ cluster: key, address: '', id }));
    expect(documents(world)).toMatchObject([{ kind: 'requests', cluster: key, scope: 'all', request: id }]);
    await openRequestByLink(world.app, JSON.stringify({ cluster: null, address, id: id.replace(/1$/, '2') }));
    expect(documents(world)).toMatchObject([{ request: id.replace(/1$/, '2') }]);
  });

  test('that main hands over shows it in the tab that is open, past its filters', async () => {
    const { topics, tabNow } = await setUpWindow({ list: [theirs], tab: { search: 'nothing', states: ['denied'] } });
    const argument = JSON.stringify({ cluster: null, address, id: theirs.id });
    act(() => topics.commands.set({ serial: 1, command: 'requests.open', argument }));
    await waitFor(() => expect(tabNow()).toMatchObject({ request: theirs.id, search: '', states: [] }));
  });

  test('asks for a login first where there is none', async () => {
    const world = await setUp(undefined, { clusters: [sampleCluster({ status: 'signed-out' })] });
    const opened = openRequestByLink(world.app, JSON.stringify({ cluster: key, address: '', id }));
    expect(world.dialog()?.request).toMatchObject({ kind: 'login', reason: expect.stringContaining('to see the access request') });
    world.dialog()?.answer(null);
    await opened;
    expect(documents(world)).toEqual([]);
  });

  test('an unknown cluster is named, and what is no link does nothing', async () => {
    const world = await setUp();
    await openRequestByLink(world.app, JSON.stringify({ cluster: null, address: 'evil.example:443', id }));
    expect(world.notices()).toEqual(['The cluster is not known']);
    for (const junk of ['', '{', '[]', JSON.stringify({ cluster: key, id: 7 }), JSON.stringify({ cluster: 7, id: '../x' })])
      await openRequestByLink(world.app, junk);
    expect(documents(world)).toEqual([]);
    expect(world.notices()).toHaveLength(1);
  });
});
