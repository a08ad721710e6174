// @vitest-environment jsdom
import { act, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { fakeInbox } from '../../../fakes/fake-inbox.ts';
import { granted, type InboxWorld, logIn, loginThat, renderInbox, theirs } from '../../../fakes/render-inbox.tsx';
import { sampleRequest } from '../../../fakes/request-samples.ts';
import { sampleCluster } from '../../../fakes/samples.ts';

let dispose = () => {};
afterEach(() => dispose());

const many = Array.from({ length: 5000 }, (_, index) => sampleRequest(index));

async function setUp(world: InboxWorld = {}) {
  const made = await renderInbox(world);
  dispose = made.dispose;
  return made;
}

const grid = () => screen.findByRole('grid', { name: 'Access requests' });
const open = () => screen.findByRole('region', { name: 'Access request' });
/** What a screen reader says the keyboard is on in the list. */
const spoken = async () => document.getElementById((await grid()).getAttribute('aria-activedescendant') ?? '')?.textContent ?? '';

describe('the list', () => {
  test('of 5,000 requests draws those in sight, and reads the pages that are scrolled to', async () => {
    const list = vi.fn(fakeInbox(many)['requests.list'] ?? (() => Promise.reject(new Error('nothing there'))));
    const { user } = await setUp({ list: many, calls: { 'requests.list': list } });
    await screen.findByText('5,000 requests');
    expect(within(await grid()).getAllByRole('row').length).toBeLessThan(60);
    expect(list.mock.calls.map(([{ offset }]) => offset)).toEqual([0]);
    act(() => screen.getByRole('grid').focus());
    await user.keyboard('{End}');
    await waitFor(() => expect(list.mock.lastCall?.[0].offset).toBe(4900));
    await user.keyboard('{End}{Enter}');
    await open();
  });

  test('shows a new revision without a refresh', async () => {
    const list = [theirs];
    const { change } = await setUp({ list });
    await screen.findByText('1 request');
    list.push(sampleRequest(2, { user: 'mallory' }));
    change({ revision: 2 });
    await screen.findByText('mallory');
  });

  test('keeps the keyboard on its request when a new one comes before it', async () => {
    const list = [sampleRequest(3, { user: 'carol' }), sampleRequest(4, { user: 'dave' })];
    const { user, change } = await setUp({ list });
    await screen.findByText('2 requests');
    act(() => screen.getByRole('grid').focus());
    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(await spoken()).toContain('dave');
    list.push(sampleRequest(1, { user: 'mallory' }));
    change({ revision: 2 });
    await screen.findByText('mallory');
    expect(await spoken()).toContain('dave');
    await user.keyboard('{ArrowUp}{ArrowUp}');
    expect(await spoken()).toContain('mallory');
  });

  test('that could not be read says so, and comes with the next revision', async () => {
    let isBroken = true;
    const { change } = await setUp({
      calls: {
        'requests.list': (query, context) => {
          if (isBroken) throw new AppError('internal', 'The list is broken.');
          return fakeInbox([theirs])['requests.list']?.(query, context) as never;
        },
      },
    });
    await screen.findByText('The list is broken.');
    isBroken = false;
    change({ revision: 2 });
    await screen.findByText('1 request');
  });
});

describe('keys', () => {
  test('slash, down to the list, Enter opens, Enter goes into it, Escape closes and gives the list the keys', async () => {
    const { user, tabNow } = await setUp({ list: [theirs, granted] });
    await screen.findByText('2 requests');
    act(() => screen.getByRole('grid').focus());
    await user.keyboard('/');
    expect(document.activeElement).toBe(screen.getByRole('searchbox', { name: 'Search requests' }));
    await user.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    await open();
    expect(tabNow()).toMatchObject({ request: theirs.id });
    expect(document.activeElement).toBe(screen.getByRole('grid'));
    await screen.findByRole('textbox', { name: 'Message (optional)' });
    await user.keyboard('{Enter}');
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Message (optional)' }));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Access request' })).toBeNull());
    await waitFor(async () => expect(document.activeElement).toBe(await grid()));
  });

  test('while a request is open, the arrows open the next', async () => {
    const { user, tabNow } = await setUp({ list: [theirs, granted] });
    await screen.findByText('2 requests');
    act(() => screen.getByRole('grid').focus());
    await user.keyboard('{ArrowDown} ');
    await waitFor(() => expect(tabNow()).toMatchObject({ request: theirs.id }));
    await user.keyboard('{ArrowDown}');
    await waitFor(() => expect(tabNow()).toMatchObject({ request: granted.id }));
    await user.keyboard('{Escape}');
    expect(tabNow()).toMatchObject({ request: '' });
  });

  test('a slash that is typed into a review is text', async () => {
    const { user } = await setUp({ tab: { request: theirs.id } });
    const message = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Message (optional)' });
    act(() => message.focus());
    await user.keyboard('until 5/6');
    expect(message.value).toBe('until 5/6');
  });
});

describe('where it stands', () => {
  test('a login that ran out while the list was read is asked for once, then the list comes by itself', async () => {
    let isOver = true;
    const { user } = await setUp({
      calls: {
        'requests.list': (query, context) => {
          if (isOver) throw new AppError('expired', 'Your login is over.');
          return fakeInbox([theirs])['requests.list']?.(query, context) as never;
        },
      },
      world: { login: loginThat(() => (isOver = false)) },
    });
    await screen.findByText('You are not logged in');
    await user.click(screen.getByRole('button', { name: 'Log in' }));
    await logIn(user);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('a cluster that nobody is logged in to is not asked', async () => {
    const list = vi.fn();
    await setUp({ calls: { 'requests.list': list }, world: { clusters: [sampleCluster({ status: 'signed-out' })] } });
    await screen.findByText(/Not logged in to/);
    expect(list).not.toHaveBeenCalled();
  });

  test('the request of a link takes the focus, past an empty list', async () => {
    await setUp({ list: [theirs], tab: { request: theirs.id, search: 'nothing' } });
    const title = await screen.findByRole('heading', { name: /bob asks for db-admin/ });
    await waitFor(() => expect(document.activeElement).toBe(title));
  });
});
