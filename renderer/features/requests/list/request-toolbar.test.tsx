// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { type InboxWorld, inboxCluster, renderInbox, theirs } from '../../../fakes/render-inbox.tsx';
import { sampleRequest } from '../../../fakes/request-samples.ts';

let dispose = () => {};
afterEach(() => dispose());

async function setUp(world: InboxWorld = {}) {
  const made = await renderInbox(world);
  dispose = made.dispose;
  await screen.findByRole('searchbox', { name: 'Search requests' });
  return made;
}

const tab = (name: RegExp) => screen.getByRole('tab', { name });

describe('scopes', () => {
  test('are one stop of the Tab key, and walked with the arrows, round and round', async () => {
    const { user, tabNow } = await setUp({ tab: { scope: 'waiting' } });
    tab(/Needs your review/).focus();
    await user.keyboard('{ArrowRight}');
    expect(tabNow()).toMatchObject({ scope: 'mine' });
    expect(document.activeElement).toBe(tab(/Yours/));
    expect(tab(/Yours/).tabIndex).toBe(0);
    expect(tab(/Needs your review/).tabIndex).toBe(-1);
    await user.keyboard('{ArrowLeft}{ArrowLeft}');
    expect(tabNow()).toMatchObject({ scope: 'all' });
    await user.keyboard('{Home}');
    expect(tabNow()).toMatchObject({ scope: 'waiting' });
    await user.keyboard('{End}');
    expect(tabNow()).toMatchObject({ scope: 'all' });
  });

  test('count what waits, and what of one’s own is open', async () => {
    await setUp({ overview: { counts: { total: 9, waiting: 3, pending: 2, approved: 4, reviewed: 0 } } });
    expect(tab(/Needs your review/).textContent).toBe('Needs your review3');
    expect(tab(/Yours/).textContent).toBe('Yours6');
    expect(tab(/^All/).textContent).toBe('All');
  });

  test('another scope closes the request that was open', async () => {
    const { user, tabNow } = await setUp({ tab: { request: theirs.id } });
    await user.click(tab(/Yours/));
    expect(tabNow()).toMatchObject({ scope: 'mine', request: '' });
  });

  test('an edition without reviews has no place for them, and says why', async () => {
    await setUp({
      list: [],
      overview: { features: { reviews: false, resourceRequests: false, startTimes: true, explanation: 'Open source decides elsewhere.' } },
    });
    await screen.findByText('Open source decides elsewhere.');
    expect(screen.queryByRole('tab', { name: /Needs your review/ })).toBeNull();
  });
});

describe('filters', () => {
  const list = [
    sampleRequest(1, { state: 'denied', user: 'mallory', own: false, waiting: false }),
    sampleRequest(2, { state: 'approved', user: 'bob', own: false, waiting: false }),
  ];

  test('by states, several at a time; a second press takes one away', async () => {
    const { user, tabNow } = await setUp({ list });
    await user.click(screen.getByRole('button', { name: 'Denied' }));
    await waitFor(() => expect(screen.queryByText('bob')).toBeNull());
    screen.getByText('mallory');
    await user.click(screen.getByRole('button', { name: 'Approved', pressed: false }));
    expect(tabNow()).toMatchObject({ states: ['denied', 'approved'] });
    await user.click(screen.getByRole('button', { name: 'Denied', pressed: true }));
    expect(tabNow()).toMatchObject({ states: ['approved'] });
    await waitFor(() => expect(screen.queryByText('mallory')).toBeNull());
  });

  test('by words; where nothing matches, both are cleared at once', async () => {
    const { user, tabNow } = await setUp({ list, tab: { states: ['denied'] } });
    await user.type(screen.getByRole('searchbox', { name: 'Search requests' }), 'nowhere-at-all');
    await screen.findByText('Nothing matches');
    await user.click(screen.getByRole('button', { name: 'Clear search and filters' }));
    await screen.findByText('2 requests');
    expect(tabNow()).toMatchObject({ states: [], search: '' });
  });

  test('Escape empties the search first, then goes to the list', async () => {
    const { user } = await setUp({ list });
    const search = screen.getByRole<HTMLInputElement>('searchbox', { name: 'Search requests' });
    await user.type(search, 'bob{Escape}');
    expect(search.value).toBe('');
    expect(document.activeElement).toBe(search);
    await user.keyboard('{Escape}');
    expect(document.activeElement).toBe(screen.getByRole('grid', { name: 'Access requests' }));
  });

  test('a header sorts by its column; once more turns the order round', async () => {
    const { user, tabNow } = await setUp({ list });
    await user.click(screen.getByRole('button', { name: 'User' }));
    expect(tabNow()).toMatchObject({ sort: { field: 'user', descending: false } });
    await waitFor(() => expect(screen.getByRole('columnheader', { name: 'User' }).getAttribute('aria-sort')).toBe('ascending'));
    await user.click(screen.getByRole('button', { name: 'User' }));
    expect(tabNow()).toMatchObject({ sort: { field: 'user', descending: true } });
  });
});

describe('buttons', () => {
  test('a refresh asks the cluster, and a failure is told', async () => {
    const refresh = vi.fn(() => {
      throw new AppError('unreachable', 'The cluster does not answer.');
    });
    const { user } = await setUp({ calls: { 'requests.refresh': refresh } });
    await user.click(screen.getByRole('button', { name: 'Refresh' }));
    await screen.findByText('The cluster does not answer.');
    expect(refresh).toHaveBeenCalledWith({ cluster: inboxCluster }, expect.anything());
  });

  test('a new request opens the drawer of this cluster', async () => {
    const { user } = await setUp();
    await user.click(screen.getByRole('button', { name: 'New request' }));
    await screen.findByRole('dialog', { name: /Request access on teleport.example.com/ });
  });
});
