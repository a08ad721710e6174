// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { detailOf } from '../../../fakes/fake-inbox.ts';
import { granted, type InboxWorld, inboxCluster, oneOpen, renderInbox } from '../../../fakes/render-inbox.tsx';

let dispose = () => {};
afterEach(() => dispose());

async function setUp(world: InboxWorld) {
  const made = await renderInbox(world);
  dispose = made.dispose;
  await screen.findByRole('region', { name: 'Your request' });
  return made;
}

const button = (name: string) => screen.queryByRole('button', { name });

describe('approved access', () => {
  test('is assumed; afterwards it can be dropped', async () => {
    let isAssumed = false;
    const assume = vi.fn(() => {
      isAssumed = true;
      return null;
    });
    const drop = vi.fn(() => null);
    const get = () => detailOf({ ...granted, assumed: isAssumed });
    const { user, change } = await setUp(oneOpen(granted, {}, { 'requests.get': get, 'requests.assume': assume, 'requests.drop': drop }));
    await user.click(screen.getByRole('button', { name: 'Assume this access' }));
    await waitFor(() => expect(assume).toHaveBeenCalledExactlyOnceWith({ cluster: inboxCluster, ids: [granted.id] }, expect.anything()));
    change({ revision: 2 });
    await user.click(await screen.findByRole('button', { name: 'Drop this access' }));
    await waitFor(() => expect(drop).toHaveBeenCalledExactlyOnceWith({ cluster: inboxCluster, ids: [granted.id] }, expect.anything()));
  });

  test('that the cluster refuses to give says why', async () => {
    const refuse = () => {
      throw new AppError('access-denied', 'Another request for resources is in force.');
    };
    const { user } = await setUp(oneOpen(granted, {}, { 'requests.assume': refuse }));
    await user.click(screen.getByRole('button', { name: 'Assume this access' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Another request for resources is in force.');
    expect(button('Assume this access')).toHaveProperty('disabled', false);
  });

  test('that cannot be assumed yet says when it can', async () => {
    await setUp(oneOpen(granted, { assumeBlocked: 'It opens at noon.' }));
    screen.getByText('It opens at noon.');
    expect(button('Assume this access')).toBeNull();
  });

  test('that has run out can be asked for again, and not assumed', async () => {
    await setUp(oneOpen({ ...granted, expires: Date.now() - 1000 }));
    expect(button('Assume this access')).toBeNull();
    expect(button('Ask again')).not.toBeNull();
  });

  test('of several kinds is told to be markable together', async () => {
    await setUp({ ...oneOpen(granted), overview: { counts: { total: 2, waiting: 0, pending: 0, approved: 2, reviewed: 0 } } });
    screen.getByText(/Mark several in the list with X or Ctrl/);
  });
});

describe('a request that waits', () => {
  const waiting = { ...granted, state: 'pending' as const };

  test('is withdrawn after a question', async () => {
    const remove = vi.fn(() => null);
    const { user } = await setUp(oneOpen(waiting, {}, { 'requests.delete': remove }));
    await user.click(screen.getByRole('button', { name: 'Withdraw…' }));
    await screen.findByText('It is deleted for its reviewers too. You can ask again.');
    await user.click(screen.getByRole('button', { name: 'Withdraw' }));
    await waitFor(() => expect(remove).toHaveBeenCalledExactlyOnceWith({ cluster: inboxCluster, id: waiting.id }, expect.anything()));
  });

  test('stays when the question is answered with no', async () => {
    const remove = vi.fn(() => null);
    const { user } = await setUp(oneOpen(waiting, {}, { 'requests.delete': remove }));
    await user.click(screen.getByRole('button', { name: 'Withdraw…' }));
    await user.click(await screen.findByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(remove).not.toHaveBeenCalled();
  });
});

test('a denied request is asked for again: the same things in the basket, and the drawer open', async () => {
  const basket = vi.fn(() => null);
  const { user, app } = await setUp(oneOpen({ ...granted, state: 'denied' }, {}, { 'requests.basket': basket }));
  await user.click(screen.getByRole('button', { name: 'Ask again' }));
  await waitFor(() => expect(app.requests.getState().asking).toBe(inboxCluster));
  expect(basket).toHaveBeenCalledWith({ cluster: inboxCluster, change: 'replace', roles: ['db-admin'], resources: [] }, expect.anything());
});

test('long-term access is in the next login, which is one press away', async () => {
  const { user, app } = await setUp(oneOpen({ ...granted, state: 'promoted' }));
  await user.click(screen.getByRole('button', { name: 'log in again' }));
  await waitFor(() => expect(app.dialogs.getState().queue).toMatchObject([{ request: { kind: 'login', cluster: inboxCluster } }]));
});
