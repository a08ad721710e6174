// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { defaultSettings, settingsPatchSchema } from '../../../shared/settings/settings.ts';
import type { AppState } from '../../state/app-state.ts';
import { AppProvider } from '../../state/context.tsx';
import { createNotificationsStore } from '../../state/notifications.ts';
import { createSettingsStore } from '../../state/settings.ts';
import { createWorkspaceStore } from '../../state/workspace.ts';
import SettingsDocument from './settings-document.tsx';

const call = vi.fn((_name: string, _input: unknown): Promise<unknown> => Promise.resolve(null));
/** Main as the page sees it: what it is asked once at the start is answered beside what the tests look at. */
const main = (name: string, input: unknown) => (name === 'ssh.agent-socket' ? Promise.resolve({ path: '/run/agent.sock' }) : call(name, input));

function show(state: { managed?: string[]; problems?: string[] } = {}) {
  const settings = createSettingsStore();
  settings.setState({ loaded: true, values: defaultSettings, problems: state.problems ?? [], managed: state.managed ?? [] });
  const app = {
    main: { call: main },
    settings,
    notifications: createNotificationsStore(),
    workspace: createWorkspaceStore(),
    info: { screenReader: false, logsFolder: '/logs', host: 'electron', platform: 'linux' },
  };
  render(
    <MantineProvider env="test">
      <AppProvider app={app as unknown as AppState}>
        <SettingsDocument />
      </AppProvider>
    </MantineProvider>,
  );
  return app;
}

beforeEach(() => {
  call.mockClear();
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {} }));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('a switch changes its own field and nothing else', async () => {
  show();
  await userEvent.click(screen.getByLabelText('Copy on select'));
  expect(call).toHaveBeenCalledExactlyOnceWith('settings.update', { terminal: { copyOnSelect: true } });
  expect(settingsPatchSchema.parse(call.mock.calls[0]![1])).toEqual({ terminal: { copyOnSelect: true } });
});

test('a number is saved when left, brought inside its bounds', async () => {
  show();
  const field = screen.getByLabelText('Text size');
  await userEvent.clear(field);
  await userEvent.type(field, '500');
  expect(call).not.toHaveBeenCalled();
  fireEvent.blur(field);
  await waitFor(() => expect(call).toHaveBeenCalledWith('settings.update', { terminal: { fontSize: 72 } }));
});

test('text is saved with Enter and taken back with Escape', async () => {
  show();
  const field = screen.getByLabelText('Font') as HTMLInputElement;
  await userEvent.type(field, 'Fira Code{Escape}');
  expect(field.value).toBe('');
  await userEvent.type(field, ' Fira Code {Enter}');
  expect(call).toHaveBeenCalledExactlyOnceWith('settings.update', { terminal: { fontFamily: 'Fira Code' } });
});

test('a managed setting is locked and says why', () => {
  show({ managed: ['terminal.scrollback', 'profiles.useTshHome'] });
  expect((screen.getByLabelText('Scrollback') as HTMLInputElement).disabled).toBe(true);
  expect((screen.getByLabelText('Use my tsh logins') as HTMLInputElement).disabled).toBe(true);
  expect((screen.getByLabelText('Text size') as HTMLInputElement).disabled).toBe(false);
  expect(screen.getAllByText(/Set by your administrator/)).toHaveLength(2);
});

test('problems of the file are shown', () => {
  show({ problems: ['A field cannot be used.'] });
  expect(screen.getByText('A field cannot be used.')).toBeDefined();
});

test('a refused change is said', async () => {
  const app = show();
  call.mockRejectedValueOnce(new AppError('disk', 'The disk is full.'));
  await userEvent.click(screen.getByLabelText('Copy on select'));
  await waitFor(() => expect(app.notifications.getState().notices[0]).toMatchObject({ text: 'The disk is full.' }));
});

test('the logs folder is opened, and diagnostics open in a tab', async () => {
  const app = show();
  await userEvent.click(screen.getByRole('button', { name: 'Open folder' }));
  expect(call).toHaveBeenCalledWith('app.open-logs', null);
  await userEvent.click(screen.getByRole('button', { name: 'Open diagnostics' }));
  expect(app.workspace.getState().active).toBe('diagnostics');
});
