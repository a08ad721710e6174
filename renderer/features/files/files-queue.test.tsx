// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { FileEntry } from '../../../shared/model/files.ts';
import { fakeFiles, sampleEntry, sampleFolder, sampleQueue, sampleTarget, sampleTransfer } from '../../fakes/fake-files.ts';
import { grid, local, patience, remote, rowOf, setUp } from '../../fakes/files-page.tsx';

describe('the queue', () => {
  test('a conflict is asked about, and answered for all', async () => {
    const answer = vi.fn(() => null);
    const question = {
      path: 'src/a.txt',
      source: { size: 10, modified: 0, kind: 'file' as const },
      existing: { size: 20, modified: 0, kind: 'file' as const },
    };
    await setUp({
      transfers: sampleQueue([sampleTransfer('1', { state: 'asking', question })]),
      calls: { 'transfers.answer': answer },
    });
    const dialog = await screen.findByRole('dialog', {}, patience);
    await within(dialog).findByText('src/a.txt');
    fireEvent.click(within(dialog).getByRole('checkbox', { name: /for all others/ }));
    fireEvent.click(within(dialog).getByRole('button', { name: 'Overwrite if newer' }));
    await waitFor(() => expect(answer.mock.calls[0]).toMatchObject([{ id: '1', answer: 'newer', forAll: true }, {}]));
  });

  test('a folder in the way can only be skipped or stepped round', async () => {
    const question = {
      path: 'a',
      source: { size: 10, modified: 0, kind: 'file' as const },
      existing: { size: 0, modified: 0, kind: 'folder' as const },
    };
    await setUp({ transfers: sampleQueue([sampleTransfer('1', { state: 'asking', question })]) });
    const dialog = await screen.findByRole('dialog', {}, patience);
    expect(within(dialog).queryByRole('button', { name: /Overwrite/ })).toBeNull();
    within(dialog).getByRole('button', { name: 'Keep both' });
  });

  test('rows act, move with Alt and the arrows, and are as many as are looked at', async () => {
    const act = vi.fn(() => null);
    const move = vi.fn(() => null);
    const rows = Array.from({ length: 10_000 }, (_, index) => sampleTransfer(`t${index}`, index === 0 ? { state: 'running' } : {}));
    const { user } = await setUp({
      transfers: sampleQueue(rows, { active: 1, queued: 9999 }),
      calls: { 'transfers.act': act, 'transfers.move': move },
    });
    const list = await grid(/^Transfers$/);
    expect(within(list).getAllByRole('row').length).toBeLessThan(60);
    fireEvent.click(within(list).getAllByRole('row')[1]!);
    list.focus();
    await user.keyboard('{Alt>}{ArrowDown}{/Alt}');
    await waitFor(() => expect(move.mock.calls[0]).toMatchObject([{ ids: ['t1'], before: 't3' }, {}]));
    // Faster than the session host answers: the row stays the same one.
    await user.keyboard('{Alt>}{ArrowDown}{ArrowDown}{Home}{/Alt}');
    await waitFor(() =>
      expect(move.mock.calls.slice(1)).toMatchObject([
        [{ ids: ['t1'], before: 't4' }, {}],
        [{ ids: ['t1'], before: 't5' }, {}],
        [{ ids: ['t1'], before: 't0' }, {}],
      ]),
    );
    fireEvent.click(within(list).getAllByRole('button', { name: /^Pause/ })[0]!);
    await waitFor(() => expect(act.mock.calls[0]).toMatchObject([{ ids: ['t1'], action: 'pause' }, {}]));
  }, 20_000);

  test('Space takes nothing away; Enter asks again or goes to the folder', async () => {
    const act = vi.fn(() => null);
    const question = {
      path: 'src/a.txt',
      source: { size: 10, modified: 0, kind: 'file' as const },
      existing: { size: 20, modified: 0, kind: 'file' as const },
    };
    const { user } = await setUp({
      transfers: sampleQueue([
        sampleTransfer('1', { state: 'asking', question }),
        sampleTransfer('2', { state: 'done', direction: 'download', name: 'main.ts', folder: '/home/ada/src' }),
        sampleTransfer('3', { state: 'failed' }),
      ]),
      calls: { 'transfers.act': act },
    });
    await screen.findByRole('dialog', {}, patience);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull(), patience);
    const list = await grid(/^Transfers$/);
    list.focus();
    await user.keyboard('{Home} {ArrowDown} {ArrowDown} ');
    await waitFor(() => expect(act.mock.calls).toMatchObject([[{ ids: ['3'], action: 'retry' }, {}]]), patience);
    await user.keyboard('{Home}{Enter}');
    await within(await screen.findByRole('dialog', {}, patience)).findByText('src/a.txt');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull(), patience);
    list.focus();
    await user.keyboard('{Home}{ArrowDown}{Enter}');
    const folder = await grid(/^This computer, \/home\/ada\/src$/);
    await waitFor(async () => expect((await rowOf(folder, 'main.ts')).getAttribute('aria-selected')).toBe('true'), patience);
  });

  test('the folder is read anew when a transfer into it ends', async () => {
    const folder = [sampleFolder('only')];
    const { fileTopics } = await setUp({
      transfers: sampleQueue([sampleTransfer('1', { state: 'running', folder: '/root' })]),
      remote: { '/root': folder },
    });
    const list = await remote();
    await rowOf(list, 'only');
    folder.push(sampleFolder('arrived'));
    fileTopics.transfers.set(sampleQueue([sampleTransfer('1', { state: 'done', folder: '/root' })]));
    await rowOf(list, 'arrived');
  });

  test('the focus of what goes away goes to the list: of a question, of the queue, of a folder that cannot be read', async () => {
    const version = { size: 10, modified: 0, kind: 'file' as const };
    const question = { path: 'a', source: version, existing: version };
    const folders: Record<string, FileEntry[] | AppError> = { '/root': [sampleFolder('only')] };
    const { user, fileTopics } = await setUp({
      transfers: sampleQueue([sampleTransfer('1', { state: 'asking', question })]),
      remote: folders,
    });
    await screen.findByRole('dialog', {}, patience);
    fileTopics.transfers.set(sampleQueue([sampleTransfer('1', { state: 'done' })]));
    await waitFor(() => expect(document.activeElement?.getAttribute('role')).toBe('grid'), patience);
    (await screen.findByRole('button', { name: 'Clear finished' })).focus();
    fileTopics.transfers.set(sampleQueue([]));
    await waitFor(() => expect(document.activeElement?.getAttribute('role')).toBe('grid'), patience);
    (await remote()).focus();
    folders['/root'] = new AppError('not-found', 'It is gone.');
    fireEvent.click(screen.getAllByRole('button', { name: 'Refresh' })[1]!);
    const again = await screen.findByRole('button', { name: 'Try again' }, patience);
    expect(document.activeElement).toBe(again);
    folders['/root'] = [sampleFolder('back')];
    await user.keyboard('{Enter}');
    await rowOf(await remote(), 'back');
    expect(document.activeElement).toBe(await remote());
  });

  test('whoever asks for the transfers gets their list, also after it was put away', async () => {
    const { user, commands } = await setUp({ transfers: sampleQueue([sampleTransfer('1', { state: 'running' })]) });
    await user.click(await screen.findByRole('button', { name: 'Hide transfers' }, patience));
    await waitFor(() => expect(screen.queryByRole('grid', { name: 'Transfers' })).toBeNull());
    commands.run('files.transfers');
    await waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toBe('Transfers'), patience);
  });
});

describe('what goes wrong', () => {
  test.each([
    ['access-denied', 'The files are not open to you'],
    ['unsupported', 'root@api-1 has no file transfer'],
    ['node-offline', 'root@api-1 cannot be reached'],
    ['not-found', 'The folder is not there'],
  ] as const)('%s is said in the pane, the other one works on', async (code, title) => {
    await setUp({ remote: { '/root': new AppError(code, 'The reason, in a sentence.') } });
    const pane = await screen.findByRole('region', { name: 'Files of root@api-1' }, patience);
    await within(pane).findByText(title, {}, patience);
    within(pane).getByText('The reason, in a sentence.');
    await rowOf(await local(), 'notes.md');
  });

  test('expired: one login, then the folder by itself', async () => {
    let expired = true;
    const { world } = fakeFiles();
    const list = world.sessionHostStreams!['files.list']!;
    const { app } = await setUp(
      {},
      {
        sessionHostStreams: {
          'files.list': (params, stream) => {
            if (params.place.kind === 'remote' && expired) return stream.end(new AppError('expired', 'Your certificate has run out.'));
            list(params, stream);
          },
        },
      },
    );
    await waitFor(
      () => expect(app.dialogs.getState().queue).toMatchObject([{ request: { kind: 'login', cluster: sampleTarget.cluster } }]),
      patience,
    );
    expired = false;
    app.dialogs.getState().queue[0]!.answer(sampleTarget.cluster);
    await rowOf(await remote(), 'deploy.sh');
  });
});

describe('what changes elsewhere', () => {
  const grown = (name: string, size: number) => sampleEntry(name, { size });

  test('the list of this computer follows its folder', async () => {
    const folders = { '/home/ada': [grown('notes.md', 1000)] };
    const { world } = fakeFiles({ local: folders });
    const watching: { path: string; send(message: { type: 'changed' }): void }[] = [];
    await setUp(
      {},
      {
        ...world,
        sessionHostStreams: {
          ...world.sessionHostStreams,
          'files.watch': ({ path }, stream) => void watching.push({ path, send: (message) => stream.send(message) }),
        },
      },
    );
    const list = await local();
    await rowOf(list, 'notes.md');
    await waitFor(() => expect(watching.map(({ path }) => path)).toEqual(['/home/ada']), patience);
    folders['/home/ada'] = [grown('notes.md', 2000), grown('new', 1)];
    watching[0]!.send({ type: 'changed' });
    await rowOf(list, 'new');
    expect((await rowOf(list, 'notes.md')).textContent).toContain('2.00 kB');
  });

  test('the list of the server has the new size and time after an edited file was saved there', async () => {
    const folders = { '/root': [grown('deploy.sh', 1000)] };
    const edit = {
      id: 'e',
      target: sampleTarget,
      path: '/root/deploy.sh',
      localPath: '/tmp/deploy.sh',
      state: 'open' as const,
      savedAt: null,
      error: null,
    };
    const { fileTopics } = await setUp({ remote: folders, edits: { e: edit } });
    const list = await remote();
    await rowOf(list, 'deploy.sh');
    folders['/root'] = [grown('deploy.sh', 2000)];
    fileTopics.edits.set({ e: { ...edit, savedAt: 1 } });
    await waitFor(async () => expect((await rowOf(list, 'deploy.sh')).textContent).toContain('2.00 kB'), patience);
  });
});
