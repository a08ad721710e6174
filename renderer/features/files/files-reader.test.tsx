// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { sampleEntry, sampleFolder, sampleQueue, sampleTransfer } from '../../fakes/fake-files.ts';
import { grid, patience, pick, remote, rowOf, setUp } from '../../fakes/files-page.tsx';

afterEach(() => vi.restoreAllMocks());

const announcer = () => screen.findByRole('status', { name: 'Transfers' }, patience);

test('a list says where the keyboard is, what is chosen, and how many rows and columns there are', async () => {
  const { user } = await setUp({ remote: { '/root': [sampleFolder('releases'), ...Array.from({ length: 500 }, (_, at) => sampleEntry(`f${at}`))] } });
  const list = await remote();
  await pick(list, 'releases');
  await user.keyboard('{Shift>}{ArrowDown}{/Shift}');
  expect(list.getAttribute('aria-rowcount')).toBe('502');
  expect(list.getAttribute('aria-colcount')).toBe('5');
  expect(list.getAttribute('aria-multiselectable')).toBe('true');
  const current = document.getElementById(list.getAttribute('aria-activedescendant') ?? '')!;
  expect(current).toBe(await rowOf(list, 'f0'));
  expect(current.getAttribute('aria-rowindex')).toBe('3');
  expect(within(list).getAllByRole('row', { selected: true })).toHaveLength(2);
  expect((await rowOf(list, 'releases')).getAttribute('aria-description')).toBe('Folder');
  screen.getByText('2 selected', { exact: false, selector: '[role="status"]' });
});

test('a transfer is named by what it does and how far it is, without its buttons', async () => {
  await setUp({ transfers: sampleQueue([sampleTransfer('1', { state: 'running', name: 'src', bytes: { done: 5, total: 20 } })]) });
  const list = await grid(/^Transfers$/);
  const row = within(list).getByRole('row');
  expect(row.getAttribute('aria-label')).toMatch(/^Upload of src to root@api-1, 25 %, 5 B of 20 B/);
  expect(within(row).getByRole('progressbar', { name: 'Progress of src' }).getAttribute('aria-valuenow')).toBe('25');
});

test('transfers that end or ask are announced together, those that run or were finished before are not', async () => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
  const running = ['1', '2', '3'].map((id) => sampleTransfer(id, { state: 'running', name: `part-${id}` }));
  const old = sampleTransfer('4', { state: 'done', name: 'old' });
  const { fileTopics } = await setUp({ transfers: sampleQueue([...running, old]) });
  const region = await announcer();
  const said: string[] = [];
  new MutationObserver(() => said.push(region.textContent ?? '')).observe(region, { childList: true, characterData: true, subtree: true });
  const ended = (id: string) => sampleTransfer(id, { state: 'done', name: `part-${id}` });
  fileTopics.transfers.set(sampleQueue([ended('1'), running[1]!, running[2]!, old]));
  fileTopics.transfers.set(sampleQueue([ended('1'), ended('2'), sampleTransfer('3', { state: 'asking', name: 'part-3' }), old]));
  await waitFor(
    () => expect(region.textContent).toBe('2 transfers are done. part-1, part-2. The transfer of part-3 waits for your answer.'),
    patience,
  );
  expect(new Set(said).size).toBe(1);
});

test('a dialog has a name and a close button with one, and gives the focus back to the list', async () => {
  const { user } = await setUp();
  const list = await remote();
  await pick(list, 'deploy.sh');
  act(() => void fireEvent.keyDown(list, { key: 'Delete' }));
  const dialog = await screen.findByRole('dialog', { name: 'Delete “deploy.sh”?' }, patience);
  await waitFor(() => expect(dialog.contains(document.activeElement)).toBe(true), patience);
  await user.click(within(dialog).getByRole('button', { name: 'Close' }));
  await waitFor(() => expect(document.activeElement).toBe(list), patience);
});

test('a folder that cannot be read takes the focus to the way on, and the way back to the list', async () => {
  const { user } = await setUp({
    remote: { '/root': [sampleFolder('backup')], '/root/backup': new AppError('access-denied', 'The server does not let root read /root/backup.') },
  });
  const list = await remote();
  await pick(list, 'backup');
  await user.keyboard('{Enter}');
  await screen.findByText('The server does not let root read /root/backup.', {}, patience);
  await waitFor(() => expect(document.activeElement?.textContent).toBe('Try again'));
  await user.keyboard('{Tab}{Enter}');
  await waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toBe('root@api-1, /root'), patience);
});

test('what became of a file that is edited is said with its name', async () => {
  const { fileTopics } = await setUp();
  await remote();
  const target = sampleTransfer('1').target;
  fileTopics.edits.set({
    a: { id: 'a', target, path: '/root/app.conf', localPath: '/tmp/app.conf', state: 'conflict', savedAt: null, error: null },
  });
  expect((await screen.findByRole('alert', {}, patience)).textContent).toMatch(/^app\.conf: It changed on the server/);
});
