// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { sampleEntry, sampleQueue, sampleTarget, sampleTransfer } from '../../fakes/fake-files.ts';
import { grid, local, names, patience, pick, remote, rowOf, setUp, type } from '../../fakes/files-page.tsx';
import { hostileName } from '../../fakes/samples.ts';

describe('listing', () => {
  test('folders first, numbers by their value, hidden ones left out; sizes, modes and link targets are shown', async () => {
    await setUp();
    expect(names(await local())).toEqual(['Documents', 'Downloads', 'src', 'holiday.jpg', 'notes.md', 'report-2.pdf', 'report-10.pdf']);
    const list = await remote();
    expect((await rowOf(list, 'current')).textContent).toContain('→ releases/2026-09-01');
    expect((await rowOf(list, 'app.log')).textContent).toMatch(/48\.2 MB.*-rw-r--r--root/);
    expect(within(list).getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('ascending');
  });

  test('Enter opens a folder, Backspace goes back to where one came from', async () => {
    const { user } = await setUp();
    const list = await remote();
    await pick(list, 'releases');
    await user.keyboard('{Enter}');
    await grid(/^root@api-1, \/root\/releases$/);
    (await remote()).focus();
    await user.keyboard('{Backspace}');
    await waitFor(async () => expect((await rowOf(await remote(), 'releases')).getAttribute('aria-selected')).toBe('true'), patience);
  });

  test('columns sort, a second press turns them round', async () => {
    await setUp({
      remote: { '/root': [sampleEntry('a', { size: 3 }), sampleEntry('b', { size: 1 }), sampleEntry('c', { size: 2 })] },
    });
    const list = await remote();
    const header = within(list).getByRole('button', { name: 'Size' });
    fireEvent.click(header);
    await waitFor(() => expect(names(list)).toEqual(['b', 'c', 'a']));
    fireEvent.click(header);
    await waitFor(() => expect(names(list)).toEqual(['a', 'c', 'b']));
  });

  test('F6 goes from side to side, and back where there are no transfers', async () => {
    const { user } = await setUp();
    (await local()).focus();
    await user.keyboard('{F6}');
    expect(document.activeElement).toBe(await remote());
    await user.keyboard('{F6}');
    expect(document.activeElement).toBe(await local());
    await user.keyboard('{F7}');
    const dialog = await screen.findByRole('dialog');
    await waitFor(() => expect(dialog.contains(document.activeElement)).toBe(true));
    await user.keyboard('{F6}');
    expect(dialog.contains(document.activeElement)).toBe(true);
  });

  test('the filter keeps what has every word, and Esc shows all again', async () => {
    const { user } = await setUp();
    const list = await remote();
    list.focus();
    await user.keyboard('/');
    await screen.findByRole('textbox', { name: 'Filter names on root@api-1' });
    await user.keyboard('de');
    await waitFor(() => expect(names(list)).toEqual(['deploy.sh']));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(names(list).length).toBeGreaterThan(5));
  });

  test('hidden files are shown when asked for', async () => {
    await setUp();
    const list = await remote();
    fireEvent.click(screen.getByRole('button', { name: 'How root@api-1 is shown' }));
    fireEvent.click(await screen.findByText('Show hidden files', {}, patience));
    await rowOf(list, '.profile');
  });

  test('a hundred thousand entries draw only what is looked at', async () => {
    await setUp({ remote: { '/root': Array.from({ length: 100_000 }, (_, index) => sampleEntry(`file-${index}`)) } });
    const list = await remote();
    await waitFor(() => expect(list.getAttribute('aria-rowcount')).toBe('100001'), { timeout: 20_000 });
    expect(within(list).getAllByRole('row').length).toBeLessThan(80);
  }, 30_000);

  test('hostile names are text with their marks shown, equal names are two rows', async () => {
    await setUp({ remote: { '/root': [sampleEntry(hostileName), sampleEntry('twice'), sampleEntry('twice'), sampleEntry('<img src=x>')] } });
    const list = await remote();
    const shown = names(list);
    expect(shown).toHaveLength(4);
    expect(shown.join('')).not.toMatch(/[\u202e\u0007]/);
    expect(list.querySelector('img[src="x"]')).toBeNull();
  });

  test('names of every sort are harmless in every dialog, menu and tooltip, and short enough to read', async () => {
    const evil = [
      '\u202egpj.exe',
      'bell\u0007\u001b[31m',
      `nul\0in it`,
      'line\u2028break\n',
      'n'.repeat(10_240),
      '\udc80\udcff raw bytes',
      'zero\u200bwidth',
    ];
    const { user } = await setUp({
      remote: { '/root': [...evil.map((name) => sampleEntry(name)), sampleEntry('link', { kind: 'link', target: evil[0]!, targetKind: 'file' })] },
      transfers: sampleQueue(evil.map((name, index) => sampleTransfer(String(index), { name, from: `/${name}`, folder: `/${name}`, current: name }))),
    });
    const list = await remote();
    await waitFor(() => expect(names(list)).toHaveLength(evil.length + 1), patience);
    const check = () => {
      const texts = [...document.querySelectorAll('body *')].flatMap((element) => [
        ...[...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent ?? ''),
        ...[...element.attributes].filter(({ name }) => name !== 'value').map(({ value }) => value),
      ]);
      for (const text of texts) {
        if (/^\s*\.m_|\{--|:root/.test(text)) continue; // the component library's style sheets
        expect(text.replaceAll('\n', '')).not.toMatch(/[\0-\x1f\x7f\u200b\u2028\u202a-\u202e\udc80\udcff]/);
        expect(text.length).toBeLessThan(1500);
      }
    };
    check();
    list.focus();
    await user.keyboard('{Control>}a{/Control}');
    for (const key of ['{Delete}', '{Shift>}{F5}{/Shift}', '{Shift>}{F10}{/Shift}']) {
      list.focus();
      await user.keyboard(key);
      await waitFor(() => expect(screen.queryByRole('dialog') ?? screen.queryByRole('menu')).not.toBeNull(), patience);
      check();
      await user.keyboard('{Escape}');
      await waitFor(() => expect(screen.queryByRole('dialog') ?? screen.queryByRole('menu')).toBeNull(), patience);
    }
    for (const index of evil.keys()) {
      for (const key of ['{F2}', '{F3}']) {
        fireEvent.click(within(list).getAllByRole('row')[index + 1]!);
        list.focus();
        await user.keyboard(key);
        await screen.findByRole('dialog', {}, patience);
        check();
        await user.keyboard('{Escape}');
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull(), patience);
      }
    }
  }, 60_000);
});

describe('choosing by keyboard', () => {
  test('arrows, Shift, Space, Ctrl+A, type-ahead and Tab', async () => {
    const { user } = await setUp();
    const list = await remote();
    await pick(list, 'backup');
    const chosen = () => within(list).getAllByRole('row', { selected: true }).length;
    await user.keyboard('{Shift>}{ArrowDown}{ArrowDown}{/Shift}');
    expect(chosen()).toBe(3);
    await user.keyboard('{ArrowDown}');
    expect(chosen()).toBe(1);
    await user.keyboard('{Insert} ');
    expect(
      within(list)
        .getAllByRole('row', { selected: true })
        .map((row) => row.textContent?.slice(0, 4)),
    ).toEqual(['cont']);
    await user.keyboard('{Control>}a{/Control}');
    expect(chosen()).toBe(8);
    await user.keyboard('da');
    expect(within(list).getByRole('row', { selected: true }).textContent).toMatch(/^data/);
    expect(list.getAttribute('aria-activedescendant')).toBe(within(list).getByRole('row', { selected: true }).id);
    await user.keyboard('{Tab}');
    expect(document.activeElement).toBe(await local());
  });
});

describe('operations', () => {
  test('F5 uploads the chosen entries into the folder on the other side', async () => {
    const enqueue = vi.fn(() => ({ id: 'x' }));
    const { user } = await setUp({ calls: { 'transfers.enqueue': enqueue } });
    await remote();
    const list = await local();
    await pick(list, 'src');
    fireEvent.click(await rowOf(list, 'notes.md'), { ctrlKey: true });
    await user.keyboard('{F5}');
    await waitFor(() => expect(enqueue).toHaveBeenCalled());
    expect(enqueue.mock.calls[0]).toMatchObject([
      { direction: 'upload', target: sampleTarget, sources: ['/home/ada/src', '/home/ada/notes.md'], folder: '/root', conflicts: 'ask' },
      {},
    ]);
  });

  test('Shift+F5 downloads into a folder that is typed, and says when there is none', async () => {
    const enqueue = vi.fn(() => ({ id: 'new' }));
    const resolve = vi.fn(({ path }: { path: string }) => {
      if (path === '/nowhere') throw new AppError('not-found', 'There is no /nowhere.');
      return { path: `/resolved${path}`, kind: 'folder' as const };
    });
    const { user } = await setUp({ calls: { 'transfers.enqueue': enqueue, 'files.resolve': resolve } });
    const list = await remote();
    await pick(list, 'app.log');
    await user.keyboard('{Shift>}{F5}{/Shift}');
    const dialog = await screen.findByRole('dialog', { name: /Download “app.log” to/ }, patience);
    const field = within(dialog).getByLabelText('Folder on this computer');
    await user.clear(field);
    await type(user, field, '/nowhere{Enter}');
    await within(dialog).findByText('There is no /nowhere.');
    await user.clear(field);
    await type(user, field, '/srv{Enter}');
    await waitFor(() =>
      expect(enqueue.mock.calls).toMatchObject([[{ direction: 'download', sources: ['/root/app.log'], folder: '/resolved/srv' }, {}]]),
    );
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull(), patience);
  });

  test('what is dragged across goes into the folder it is let go over', async () => {
    const enqueue = vi.fn(() => ({ id: 'x' }));
    await setUp({ calls: { 'transfers.enqueue': enqueue } });
    const from = await rowOf(await remote(), 'app.log');
    const to = await rowOf(await local(), 'Downloads');
    const data = new Map<string, string>();
    const dataTransfer = {
      setData: (type: string, text: string) => data.set(type, text),
      getData: (type: string) => data.get(type) ?? '',
      get types() {
        return [...data.keys()];
      },
    };
    fireEvent.dragStart(from, { dataTransfer });
    fireEvent.dragOver(to, { dataTransfer });
    fireEvent.drop(to, { dataTransfer });
    await waitFor(() => expect(enqueue).toHaveBeenCalled());
    expect(enqueue.mock.calls[0]).toMatchObject([{ direction: 'download', sources: ['/root/app.log'], folder: '/home/ada/Downloads' }, {}]);
  });

  test('files of another program: the browser does not tell their paths, and the page says so', async () => {
    const enqueue = vi.fn(() => ({ id: 'x' }));
    await setUp({ calls: { 'transfers.enqueue': enqueue } }, { info: { host: 'browser' } });
    const list = await remote();
    fireEvent.drop(list, { dataTransfer: { types: ['Files'], getData: () => '', files: [] } });
    await screen.findByText(/does not tell where dropped files are/);
    expect(enqueue).not.toHaveBeenCalled();
  });

  test('files of another program are uploaded from where the preload says they are', async () => {
    const enqueue = vi.fn(() => ({ id: 'x' }));
    await setUp({ calls: { 'transfers.enqueue': enqueue } });
    fireEvent.drop(await remote(), { dataTransfer: { types: ['Files'], getData: () => '', files: [] } });
    window.dispatchEvent(new MessageEvent('message', { source: window, data: { type: 'slipway-dropped', paths: ['/tmp/a', '/tmp/b'] } }));
    await waitFor(() => expect(enqueue).toHaveBeenCalled());
    expect(enqueue.mock.calls[0]).toMatchObject([{ direction: 'upload', sources: ['/tmp/a', '/tmp/b'], folder: '/root' }, {}]);
  });

  test('F4 edits a file of the server, once however often it is asked for, and none of this computer', async () => {
    const open = vi.fn(() => ({ id: 'new', localPath: '/tmp/copy' }));
    const target = sampleTarget;
    const edits = { a: { id: 'a', target, path: '/root/app.log', localPath: '/tmp/open', state: 'open' as const, savedAt: null, error: null } };
    const editor = vi.fn(() => null);
    const { user } = await setUp({ edits, calls: { 'edits.open': open } }, { info: { host: 'electron' }, calls: { 'app.open-editor': editor } });
    await pick(await local(), 'notes.md');
    await user.keyboard('{F4}');
    const list = await remote();
    await pick(list, 'app.log');
    await user.keyboard('{F4}');
    await waitFor(() => expect(editor.mock.calls).toMatchObject([[{ path: '/tmp/open' }, {}]]));
    expect(open).not.toHaveBeenCalled();
    await pick(list, 'deploy.sh');
    await user.keyboard('{F4}');
    await waitFor(() => expect(open.mock.calls).toMatchObject([[{ path: '/root/deploy.sh' }, {}]]));
  });

  test('a copy that could not be saved goes away only when agreed to; the list takes the focus of what is gone', async () => {
    const close = vi.fn(() => null);
    const row = { id: 'a', target: sampleTarget, path: '/root/app.log', localPath: '/tmp/open', savedAt: null, error: null };
    const { fileTopics } = await setUp({ edits: { a: { ...row, state: 'conflict' } }, calls: { 'edits.close': close } });
    await remote();
    fireEvent.click(await screen.findByRole('button', { name: 'Stop editing app.log' }));
    const dialog = await screen.findByRole('dialog');
    expect(close).not.toHaveBeenCalled();
    fireEvent.click(within(dialog).getByRole('button', { name: 'Remove my copy' }));
    await waitFor(() => expect(close).toHaveBeenCalledTimes(1));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    (await screen.findByRole('button', { name: 'Save mine over it' })).focus();
    fileTopics.edits.set({ a: { ...row, state: 'saving' } });
    await waitFor(async () => expect(document.activeElement).toBe(await remote()));
    fireEvent.click(await screen.findByRole('button', { name: 'Stop editing app.log' }));
    await waitFor(() => expect(close).toHaveBeenCalledTimes(2));
  });

  test('deleting counts first and sends along what was shown; more by then asks again', async () => {
    const count = vi.fn(() => ({ files: 7, folders: 2, links: 1, others: 0, bytes: 2048 }));
    const remove = vi.fn(() => {
      throw new AppError('conflict', 'There is more in it by now. Count again.');
    });
    const { user } = await setUp({ calls: { 'files.count': count, 'files.delete': remove } });
    await pick(await remote(), 'releases');
    await user.keyboard('{Delete}');
    const dialog = await screen.findByRole('dialog');
    await within(dialog).findByText(/7 files, 2 folders and 1 link \(2\.05 kB\)/);
    fireEvent.click(within(dialog).getByRole('button', { name: 'Delete 10 items' }));
    await within(dialog).findByText(/There is more in it by now/);
    expect(remove.mock.calls[0]).toMatchObject([{ paths: ['/root/releases'], entries: 10 }, {}]);
    fireEvent.click(within(dialog).getByRole('button', { name: 'Count again' }));
    await waitFor(() => expect(count).toHaveBeenCalledTimes(2));
  });

  test('a rename over something asks before it replaces', async () => {
    const rename = vi.fn(({ replace }: { replace: boolean }) => {
      if (!replace) throw new AppError('conflict', 'Something of that name is there already.');
      return null;
    });
    const { user } = await setUp({ calls: { 'files.rename': rename } });
    await pick(await remote(), 'deploy.sh');
    await user.keyboard('{F2}');
    const dialog = await screen.findByRole('dialog');
    const field = within(dialog).getByLabelText('Name');
    await user.clear(field);
    await type(user, field, 'a/b');
    expect(within(dialog).getByRole('button', { name: 'Rename' })).toHaveProperty('disabled', true);
    await user.clear(field);
    await type(user, field, 'app.log');
    fireEvent.click(within(dialog).getByRole('button', { name: 'Rename' }));
    fireEvent.click(await within(dialog).findByRole('button', { name: 'Replace it' }));
    await waitFor(() => expect(rename).toHaveBeenCalledTimes(2));
    expect(rename.mock.calls[1]).toMatchObject([{ from: '/root/deploy.sh', to: '/root/app.log', replace: true }, {}]);
  });

  test('the menu beside the rows is for the folder, whatever row the keyboard was on', async () => {
    await setUp();
    const list = await remote();
    await pick(list, 'deploy.sh');
    fireEvent.contextMenu(list);
    await screen.findByRole('menuitem', { name: 'Copy path of this folder' });
    expect(screen.queryByRole('menuitem', { name: 'Delete…' })).toBeNull();
  });

  test('a name that no disk takes is refused while it is typed', async () => {
    const { user } = await setUp();
    await pick(await remote(), 'deploy.sh');
    await user.keyboard('{F2}');
    const dialog = await screen.findByRole('dialog');
    const field = within(dialog).getByLabelText('Name');
    fireEvent.change(field, { target: { value: 'é'.repeat(127) } });
    expect(within(dialog).getByRole('button', { name: 'Rename' })).toHaveProperty('disabled', false);
    fireEvent.change(field, { target: { value: 'é'.repeat(128) } });
    expect(within(dialog).getByRole('button', { name: 'Rename' })).toHaveProperty('disabled', true);
    within(dialog).getByText('A name has at most 255 bytes.');
  });

  test('permissions as boxes and as a number', async () => {
    const change = vi.fn(() => ({ changed: 1 }));
    await setUp({ calls: { 'files.change-mode': change } });
    fireEvent.contextMenu(await rowOf(await remote(), 'releases'));
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Permissions…' }));
    const dialog = await screen.findByRole('dialog');
    fireEvent.click(within(dialog).getByRole('checkbox', { name: 'Others: read' }));
    expect(within(dialog).getByLabelText('As a number')).toHaveProperty('value', '0751');
    fireEvent.click(within(dialog).getByRole('checkbox', { name: /everything inside/ }));
    fireEvent.click(within(dialog).getByRole('button', { name: 'Set permissions' }));
    await waitFor(() => expect(change.mock.calls[0]).toMatchObject([{ paths: ['/root/releases'], mode: 0o751, recursive: true }, {}]));
  });

  test('a typed path is resolved and opened, one that is not there is said', async () => {
    const resolve = vi.fn(({ path }: { path: string }) => {
      if (path === '/nowhere') throw new AppError('not-found', 'There is no /nowhere.');
      return { path, kind: 'folder' as const };
    });
    const { user, commands } = await setUp({ calls: { 'files.resolve': resolve } });
    (await remote()).focus();
    commands.run('files.path');
    const field = await screen.findByRole('combobox', { name: 'Path on root@api-1' });
    await user.clear(field);
    await type(user, field, '/nowhere{Enter}');
    await screen.findByText('There is no /nowhere.');
    await user.clear(field);
    await type(user, field, '/root/rel');
    await screen.findByRole('option', { name: '/root/releases/' });
    await user.clear(field);
    await type(user, field, '/root/releases{Enter}');
    await grid(/^root@api-1, \/root\/releases$/);
  });
});
