// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { useEffect, useRef } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Document } from '../../../shared/model/document.ts';
import type { Workspace } from '../../../shared/model/workspace.ts';
import type { FakeWorld } from '../../fakes/fake-app.ts';
import { fakeFiles, sampleTarget } from '../../fakes/fake-files.ts';
import { renderApp } from '../../fakes/render-app.tsx';
import { sampleCluster } from '../../fakes/samples.ts';
import { openDocuments } from '../../state/tabs.ts';
import { closePane } from '../../workbench/close-tabs.ts';
import type { PaneProps } from '../../workbench/pane-props.ts';

/** How often a terminal was begun and ended: a session ends with its view. */
const lives = vi.hoisted(() => ({ begun: 0, ended: 0 }));
vi.mock('../../features/terminal/terminal-document.tsx', () => ({
  default: function Terminal({ document, focused }: PaneProps<Document>) {
    const input = useRef<HTMLTextAreaElement>(null);
    useEffect(() => {
      lives.begun++;
      return () => void lives.ended++;
    }, []);
    useEffect(() => {
      if (focused) input.current?.focus();
    }, [focused]);
    return <textarea ref={input} aria-label={`Terminal ${document.id}`} className="xterm-helper-textarea" />;
  },
}));

let dispose = () => {};
beforeEach(() => void Object.assign(lives, { begun: 0, ended: 0 }));
afterEach(() => dispose());

const ssh = { id: 's', kind: 'ssh', target: sampleTarget, origin: 'resource_table' } as const;
const files = { id: 'f', kind: 'files', target: sampleTarget, remotePath: '/root', localPath: '' } as const;
const settings = { id: 'settings', kind: 'settings' } as const;
const leaf = (document: Document) => ({ kind: 'leaf', document }) as const;
const single = { id: settings.id, root: leaf(settings), focus: '' };
const both: Workspace = {
  tabs: [{ id: 's', root: { kind: 'split', direction: 'down', sizes: [0.7, 0.3], panes: [leaf(ssh), leaf(files)] }, focus: 's' }, single],
  active: 's',
};

async function setUp(workspace: FakeWorld['workspace'] = both) {
  const app = await renderApp({ clusters: [sampleCluster()], ...fakeFiles().world, workspace });
  dispose = app.dispose;
  const terminal = () => screen.findByRole('textbox', { name: 'Terminal s' });
  const grid = () => screen.findByRole('grid', { name: /^root@api-1, / });
  const root = () => app.app.workspace.getState().tabs[0]!.root;
  const shown = () => openDocuments(app.app.workspace.getState()).map(({ kind }) => kind);
  const choose = async (item: string | RegExp) => {
    fireEvent.contextMenu(screen.getByRole('tab', { name: /root@api-1/ }), { clientX: 10, clientY: 10 });
    await app.user.click(await screen.findByRole('menuitem', { name: item }));
  };
  return { ...app, terminal, grid, root, shown, choose };
}

test('files are shown below a terminal and hidden again: its session and the keyboard stay, and the tab keeps its name', async () => {
  const { app, choose, terminal, grid, root, shown } = await setUp({ documents: [ssh, settings], active: 's' });
  act(() => app.tabStatuses.getState().report('s', { folder: '/root' }));
  await choose('Show files below');
  await grid();
  expect(root()).toMatchObject({
    kind: 'split',
    direction: 'down',
    sizes: [0.5, 0.5],
    panes: [{ document: { id: 's' } }, { document: { remotePath: '/root' } }],
  });
  await waitFor(async () => expect(document.activeElement).toBe(await terminal()));
  expect(screen.getAllByRole('tab', { name: /root@api-1/ })).toHaveLength(1);
  await choose('Hide files');
  await waitFor(() => expect(screen.queryByRole('grid')).toBeNull());
  expect(shown()).toEqual(['ssh', 'settings']);
  expect(document.activeElement).toBe(await terminal());
  expect(lives).toEqual({ begun: 1, ended: 0 });
});

test('the keyboard comes back to the half that had it', async () => {
  const { terminal, grid } = await setUp();
  await waitFor(async () => expect(document.activeElement).toBe(await terminal()));
  const list = await grid();
  act(() => list.focus());
  fireEvent.click(screen.getByRole('tab', { name: 'Settings' }));
  fireEvent.click(screen.getByRole('tab', { name: /root@api-1/ }));
  await waitFor(() => expect(document.activeElement).toBe(list));
  act(() => screen.getByRole('textbox', { name: 'Terminal s' }).focus());
  fireEvent.click(screen.getByRole('tab', { name: 'Settings' }));
  fireEvent.click(screen.getByRole('tab', { name: /root@api-1/ }));
  await waitFor(async () => expect(document.activeElement).toBe(await terminal()));
});

test('commands of the files answer while the keyboard is in the terminal beside them, and the other way round', async () => {
  const { commands, user, grid, choose, shown } = await setUp();
  const list = await grid();
  expect(commands.has('files.refresh')).toBe(true);
  act(() => list.focus());
  expect(commands.has('files.beside')).toBe(true);
  await choose(/Browse files/);
  expect(shown()).toEqual(['ssh', 'files', 'files', 'settings']);
  await user.keyboard('{Control>}{Shift>}W{/Shift}{/Control}');
  await waitFor(() => expect(shown()).toEqual(['ssh', 'files', 'settings']));
});

test('the divider has a name and moves by keys, and its place is kept', async () => {
  const { user, grid, root } = await setUp();
  await grid();
  const divider = screen.getByRole('separator', { name: 'Height of the panes' });
  const before = Number(divider.getAttribute('aria-valuenow'));
  expect(before).toBeCloseTo(70);
  act(() => divider.focus());
  await user.keyboard('{ArrowUp}');
  const after = Number(divider.getAttribute('aria-valuenow'));
  expect(after).toBeLessThan(before);
  const { sizes } = root() as { sizes?: readonly number[] };
  expect(sizes?.[0]).toBeCloseTo(after / 100);
});

test('closing the half with the ended terminal keeps the files, and gives them the keyboard and the name of the tab', async () => {
  const { app, grid, root } = await setUp();
  const list = await grid();
  await act(() => closePane(app, 's'));
  await screen.findByRole('tab', { name: /Files · root@api-1/ });
  expect(root()).toEqual(leaf({ ...files, localPath: expect.any(String) }));
  expect(screen.getAllByRole('tab')).toHaveLength(2);
  await waitFor(() => expect(document.activeElement).toBe(list));
  expect(lives).toEqual({ begun: 1, ended: 1 });
});

test('closing the tab asks for what runs in any of its panes, and reopening brings all of them', async () => {
  const { app, user, terminal, shown } = await setUp();
  await terminal();
  act(() => app.tabStatuses.getState().report('s', { isLive: true }));
  await screen.findByRole('img', { name: 'A session is running' });
  await user.keyboard('{Control>}{Shift>}W{/Shift}{/Control}');
  await user.click(await screen.findByRole('button', { name: 'Close tab' }));
  await waitFor(() => expect(shown()).toEqual(['settings']));
  expect(app.tabStatuses.getState().statuses).toEqual({});
  act(() => app.workspace.getState().reopen());
  expect(app.workspace.getState().tabs.at(-1)?.root).toMatchObject({
    sizes: [0.7, 0.3],
    panes: [{ document: { kind: 'ssh' } }, { document: { kind: 'files' } }],
  });
});
