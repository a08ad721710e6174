// @vitest-environment jsdom
import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type InboxWorld, inboxCluster as key, renderInbox, theirs } from '../fakes/render-inbox.tsx';
import { sampleNamed } from '../fakes/request-samples.ts';
import { sampleCluster } from '../fakes/samples.ts';
import { addToBasket } from './request-actions.ts';

let dispose = () => {};
afterEach(() => dispose());

async function setUp(world: InboxWorld) {
  const made = await renderInbox(world);
  dispose = made.dispose;
  const follow = (link: object) => act(() => made.topics.commands.set({ serial: 1, command: 'requests.open', argument: JSON.stringify(link) }));
  return { ...made, follow };
}

describe('the basket', () => {
  test('roles and resources do not mix without a question', async () => {
    const basket = vi.fn(() => null);
    const { app, user } = await setUp({
      list: [],
      overview: { basket: { roles: ['db-admin'], resources: [] } },
      calls: { 'requests.basket': basket },
    });
    const added = addToBasket(app, key, { resources: [sampleNamed(1)] });
    await user.click(await screen.findByRole('button', { name: 'Start anew' }));
    expect(await added).toBe(true);
    expect(basket).toHaveBeenCalledWith(expect.objectContaining({ change: 'replace', roles: [], resources: [sampleNamed(1)] }), expect.anything());
  });

  test('that is full takes nothing more, and says so', async () => {
    const basket = vi.fn(() => null);
    const resources = Array.from({ length: 300 }, (_, index) => sampleNamed(index));
    const { app } = await setUp({ list: [], overview: { basket: { roles: [], resources } }, calls: { 'requests.basket': basket } });
    expect(await act(() => addToBasket(app, key, { resources: [sampleNamed(1000)] }))).toBe(false);
    await screen.findByText('The request is full');
    expect(basket).not.toHaveBeenCalled();
  });
});

describe('a link', () => {
  test('of a cluster that is not known opens nothing', async () => {
    const { follow, tabNow } = await setUp({ list: [] });
    follow({ cluster: null, address: 'elsewhere:443', id: 'x' });
    await screen.findByText('The cluster is not known');
    expect(tabNow()).toMatchObject({ request: '' });
  });

  test('opens its request, past the filters', async () => {
    const { follow, tabNow } = await setUp({ list: [theirs], tab: { search: 'nothing', states: ['denied'] } });
    follow({ cluster: null, address: sampleCluster().address, id: theirs.id });
    await waitFor(() => expect(tabNow()).toMatchObject({ request: theirs.id, search: '', states: [] }));
  });

  test('that is no link changes nothing', async () => {
    const { follow, tabNow } = await setUp({ list: [theirs] });
    follow({ cluster: 7, id: '../x' });
    await screen.findByText('1 request');
    expect(tabNow()).toMatchObject({ request: '' });
  });
});
