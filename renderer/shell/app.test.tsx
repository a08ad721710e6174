// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Document } from '../../shared/model/document.ts';
import { defaultSettings } from '../../shared/settings/settings.ts';
import type { FakeWorld } from '../fakes/fake-app.ts';
import { sampleTarget } from '../fakes/fake-files.ts';
import { renderApp } from '../fakes/render-app.tsx';
import { sampleCluster } from '../fakes/samples.ts';
import { openDocuments } from '../state/tabs.ts';
import { openLink } from '../workbench/open-link.ts';

vi.mock('../features/terminal/terminal-document.tsx', () => ({ default: () => 'a terminal' }));

let dispose = () => {};
afterEach(() => dispose());

const tab = (index: number): Document => ({
  id: `s${index}`,
  kind: 'ssh',
  origin: 'resource_table',
  target: { cluster: sampleCluster().key, leaf: '', node: `n${index}`, hostname: `host-${index}`, login: 'ada' },
});

async function setUp(world: FakeWorld = {}) {
  const app = await renderApp({ clusters: [sampleCluster()], workspace: { documents: [tab(0), tab(1), tab(2)], active: 's0' }, ...world });
  dispose = app.dispose;
  const ids = () => openDocuments(app.app.workspace.getState()).map(({ id }) => id);
  const live = (id: string) => act(() => app.app.tabStatuses.getState().report(id, { isLive: true }));
  return { ...app, ids, live };
}

describe('tabs', () => {
  test('restored tabs are named, the saved one is in front, and only that one is drawn', async () => {
    await setUp();
    expect(screen.getAllByRole('tab').map((element) => element.getAttribute('aria-selected'))).toEqual(['true', 'false', 'false']);
    expect(screen.getByRole('tab', { name: /ada@host-0/ })).toBeDefined();
    expect(document.querySelectorAll('[role="tabpanel"]')).toHaveLength(1);
  });

  test('a middle click closes', async () => {
    const { ids } = await setUp();
    fireEvent(screen.getByRole('tab', { name: /host-1/ }), new MouseEvent('auxclick', { bubbles: true, button: 1 }));
    await waitFor(() => expect(ids()).toEqual(['s0', 's2']));
  });

  test('closing a live session asks; no keeps it, yes closes it', async () => {
    const { ids, live, user } = await setUp();
    live('s0');
    screen.getByRole('img', { name: 'A session is running' });
    await user.keyboard('{Control>}{Shift>}W{/Shift}{/Control}');
    await user.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(ids()).toEqual(['s0', 's1', 's2']);
    await user.click(screen.getByRole('button', { name: 'Close ada@host-0' }));
    await user.click(await screen.findByRole('button', { name: 'Close tab' }));
    await waitFor(() => expect(ids()).toEqual(['s1', 's2']));
  });

  test('keys of tabs do nothing behind a dialog', async () => {
    const { ids, live, user } = await setUp();
    live('s0');
    await user.keyboard('{Control>}{Shift>}W{/Shift}{/Control}');
    await screen.findByRole('dialog');
    await user.keyboard('{Control>}{Tab}{/Control}{Control>}{Shift>}W{/Shift}{/Control}');
    expect(ids()).toEqual(['s0', 's1', 's2']);
    expect(screen.getAllByRole('dialog')).toHaveLength(1);
  });

  test('no question where the settings say so', async () => {
    const { ids, live, user } = await setUp({ settings: { terminal: { ...defaultSettings.terminal, confirmClose: false } } });
    live('s0');
    await user.click(screen.getByRole('button', { name: 'Close ada@host-0' }));
    await waitFor(() => expect(ids()).toEqual(['s1', 's2']));
  });

  test('the menu of a tab closes the others, moves and duplicates', async () => {
    const { ids, user } = await setUp();
    const open = async (item: string) => {
      fireEvent.contextMenu(screen.getByRole('tab', { name: /host-1/ }), { clientX: 10, clientY: 10 });
      await user.click(await screen.findByRole('menuitem', { name: item }));
    };
    await open('Move right');
    expect(ids()).toEqual(['s0', 's2', 's1']);
    await open('Close others');
    await waitFor(() => expect(ids()).toEqual(['s1']));
    await open('Duplicate');
    expect(ids()).toHaveLength(2);
  });

  test('arrows walk, Delete closes', async () => {
    const { app, ids, user } = await setUp();
    screen.getByRole('tab', { selected: true }).focus();
    await user.keyboard('{ArrowRight}{End}');
    expect(app.workspace.getState().active).toBe('s2');
    await user.keyboard('{Delete}');
    await waitFor(() => expect(ids()).toEqual(['s0', 's1']));
  });
});

describe('commands', () => {
  test('main’s commands run once each, those from before the window not at all', async () => {
    const { app, topics, ids } = await setUp();
    act(() => topics.commands.set({ serial: 5, command: 'tab.shell', argument: '' }));
    await waitFor(() => expect(ids()).toHaveLength(4));
    act(() => topics.commands.set({ serial: 5, command: 'tab.shell', argument: 'again' }));
    act(() => topics.commands.set({ serial: 6, command: 'no-such-command', argument: '' }));
    // Commands run in their order, so the earlier ones have had their turn when this one is seen.
    act(() => topics.commands.set({ serial: 7, command: 'settings', argument: '' }));
    await waitFor(() => expect(openDocuments(app.workspace.getState()).map(({ kind }) => kind)).toContain('settings'));
    expect(ids()).toHaveLength(5);
  });

  test('the palette finds by words and runs with Enter', async () => {
    const { user, ids } = await setUp();
    await user.keyboard('{Control>}{Shift>}P{/Shift}{/Control}');
    await user.type(await screen.findByRole('combobox', { name: 'Commands' }), 'local term{Enter}');
    await waitFor(() => expect(ids()).toHaveLength(4));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('quick connect opens what is typed, on the cluster of the active tab', async () => {
    const { user, app } = await setUp();
    await user.keyboard('{Control>}{Shift>}K{/Shift}{/Control}');
    await user.type(await screen.findByRole('combobox', { name: 'Connect to a server' }), 'root@unlisted{Enter}');
    await waitFor(() =>
      expect(openDocuments(app.workspace.getState()).find(({ id }) => id === app.workspace.getState().active)).toMatchObject({
        kind: 'ssh',
        origin: 'search_bar',
        target: { cluster: sampleCluster().key, node: 'unlisted', login: 'root' },
      }),
    );
  });
});

describe('clusters', () => {
  test('forgetting asks, then closes the cluster’s tabs', async () => {
    const forget = vi.fn(() => null);
    const { user, ids, commands } = await setUp({ calls: { 'clusters.forget': forget } });
    act(() => void commands.run('clusters'));
    await user.click(await screen.findByRole('button', { name: /More for/ }));
    await user.click(await screen.findByRole('button', { name: 'Forget' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Forget teleport.example.com?' }));
    expect(forget).not.toHaveBeenCalled();
    await user.click(dialog.getByRole('button', { name: 'Forget' }));
    await waitFor(() => expect(ids()).toEqual([]));
    expect(forget).toHaveBeenCalledOnce();
  });

  test('logging out keeps the tabs; a failure is told', async () => {
    const { user, ids, commands } = await setUp({
      calls: {
        'clusters.logout': () => {
          throw new Error('secret path');
        },
      },
    });
    act(() => void commands.run('clusters'));
    await user.click(await screen.findByRole('button', { name: /More for/ }));
    await user.click(await screen.findByRole('button', { name: 'Log out' }));
    await user.click(within(await screen.findByRole('dialog', { name: /Log out of/ })).getByRole('button', { name: 'Log out' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Logging out of teleport.example.com failed');
    expect(document.body.textContent).not.toContain('secret path');
    expect(ids()).toHaveLength(3);
  });

  test('without a cluster the window says how to begin', async () => {
    await setUp({ clusters: [], workspace: { documents: [], active: null } });
    screen.getByText('Welcome to Slipway');
    screen.getByRole('button', { name: 'Add a cluster' });
  });
});

test('when the app behind the window ends, the window says so', async () => {
  const { port } = await setUp();
  act(() => port.close());
  await screen.findByText('Slipway has stopped');
});

describe('the window goes', () => {
  const leave = () => fireEvent(window, new Event('beforeunload', { cancelable: true }));

  test('what is not saved yet is saved', async () => {
    const save = vi.fn(() => null);
    const { app } = await setUp({ calls: { 'workspace.save': save } });
    act(() => app.workspace.getState().remove(['s2']));
    expect(leave()).toBe(true);
    await waitFor(() => expect(save).toHaveBeenCalledTimes(1), { timeout: 200 });
  });

  test('with an edited file that is only here it stays until that is agreed to', async () => {
    const close = vi.spyOn(window, 'close').mockImplementation(() => {});
    const { app, user } = await setUp();
    const edit = { id: 'e', target: sampleTarget, path: '/etc/motd', localPath: '/tmp/motd', savedAt: null, error: null };
    act(() => app.transfers.setState({ edits: { e: { ...edit, state: 'open' } } }));
    expect(leave()).toBe(true);
    act(() => app.transfers.setState({ edits: { e: { ...edit, state: 'conflict' } } }));
    expect(leave()).toBe(false);
    await screen.findByText('An edited file is not saved on its server');
    await user.click(await screen.findByRole('button', { name: 'Close Slipway' }));
    expect(close).toHaveBeenCalledTimes(1);
    close.mockRestore();
  });

  test('with a session running it stays until that is agreed to', async () => {
    const close = vi.spyOn(window, 'close').mockImplementation(() => {});
    const { live, user } = await setUp();
    live('s0');
    expect(leave()).toBe(false);
    await user.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(close).not.toHaveBeenCalled();
    expect(leave()).toBe(false);
    await user.click(await screen.findByRole('button', { name: 'Close Slipway' }));
    expect(close).toHaveBeenCalledTimes(1);
    expect(leave()).toBe(true);
    close.mockRestore();
  });

  test('in the browser host the browser asks', async () => {
    const { live } = await setUp({ info: { host: 'browser' } });
    live('s0');
    expect(leave()).toBe(false);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('nobody is asked when the settings say so', async () => {
    const { live } = await setUp({ settings: { terminal: { ...defaultSettings.terminal, confirmClose: false } } });
    live('s0');
    expect(leave()).toBe(true);
  });
});

test('the browser host opens links itself, out of reach of the page they show', async () => {
  const open = vi.spyOn(window, 'open').mockReturnValue(null);
  const { app } = await setUp({ info: { host: 'browser' } });
  await openLink(app, 'https://example.com/');
  await openLink(app, 'javascript:alert(1)');
  expect(open.mock.calls).toEqual([['https://example.com/', '_blank', 'noopener,noreferrer']]);
  open.mockRestore();
});
