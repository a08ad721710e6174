// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { type InboxWorld, inboxCluster, renderInbox } from '../../../fakes/render-inbox.tsx';
import { sampleNamed, sampleRequest } from '../../../fakes/request-samples.ts';

let dispose = () => {};
afterEach(() => dispose());

const approved = (at: number, id: string, change = {}) =>
  sampleRequest(at, { id, own: true, waiting: false, state: 'approved', roles: [id], resources: [], assumeStart: null, expires: null, ...change });
const list = [approved(0, 'auditor'), sampleRequest(1, { own: true, state: 'pending', waiting: false }), approved(2, 'dba')];

async function setUp(world: InboxWorld = {}) {
  const made = await renderInbox({ list, ...world });
  dispose = made.dispose;
  const grid = await screen.findByRole('grid', { name: 'Access requests' });
  await screen.findByText(/^\d+ requests$/);
  act(() => grid.focus());
  return made;
}

const bar = async () => within(await screen.findByRole('region', { name: 'Marked requests' }));
const noBar = () => waitFor(() => expect(screen.queryByRole('region', { name: 'Marked requests' })).toBeNull());

test('several are marked and assumed together, by keys; what cannot be assumed is not marked', async () => {
  const assume = vi.fn(() => null);
  const { user } = await setUp({ calls: { 'requests.assume': assume } });
  await user.keyboard('{ArrowDown}x{ArrowDown}x{ArrowDown}x');
  (await bar()).getByText(/2 marked/);
  await user.keyboard('a');
  await waitFor(() => expect(assume).toHaveBeenCalledExactlyOnceWith({ cluster: inboxCluster, ids: ['auditor', 'dba'] }, expect.anything()));
  await noBar();
});

test('one is assumed by its key alone, without a mark', async () => {
  const assume = vi.fn(() => null);
  const { user } = await setUp({ calls: { 'requests.assume': assume } });
  await user.keyboard('{ArrowDown}a');
  await waitFor(() => expect(assume).toHaveBeenCalledExactlyOnceWith({ cluster: inboxCluster, ids: ['auditor'] }, expect.anything()));
});

test('a click with Control marks and unmarks without opening', async () => {
  const { tabNow } = await setUp();
  const row = () => screen.getByRole('row', { name: /auditor/ });
  fireEvent.click(row(), { ctrlKey: true });
  (await bar()).getByRole('button', { name: 'Assume it' });
  expect(row().getAttribute('aria-selected')).toBe('true');
  fireEvent.click(row(), { ctrlKey: true });
  await noBar();
  expect(tabNow()).toMatchObject({ request: '' });
});

test('Escape takes the marks away', async () => {
  const { user } = await setUp();
  await user.keyboard('{ArrowDown}x');
  await bar();
  await user.keyboard('{Escape}');
  await noBar();
});

test('two for resources cannot be assumed together, and the bar says so', async () => {
  const assume = vi.fn(() => null);
  const forServers = [approved(0, 'first', { resources: [sampleNamed(1)] }), approved(2, 'second', { resources: [sampleNamed(2)] })];
  const { user } = await setUp({ list: forServers, calls: { 'requests.assume': assume } });
  await user.keyboard('{ArrowDown}x{ArrowDown}x');
  expect((await (await bar()).findByRole('alert')).textContent).toContain('Only one request for resources');
  expect((await bar()).getByRole('button', { name: 'Assume them together' })).toHaveProperty('disabled', true);
  await user.keyboard('a');
  expect(assume).not.toHaveBeenCalled();
});

test('a refusal is in the server’s words, and the marks stay', async () => {
  const refuse = () => {
    throw new AppError('access-denied', 'A lock is in force.');
  };
  const { user } = await setUp({ calls: { 'requests.assume': refuse } });
  await user.keyboard('{ArrowDown}xa');
  expect((await (await bar()).findByRole('alert')).textContent).toBe('A lock is in force.');
  (await bar()).getByText(/1 marked/);
});
