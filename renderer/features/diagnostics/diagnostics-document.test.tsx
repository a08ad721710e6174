// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { AppInfo, AppState } from '../../state/app-state.ts';
import { AppProvider } from '../../state/context.tsx';
import { createNotificationsStore } from '../../state/notifications.ts';
import DiagnosticsDocument from './diagnostics-document.tsx';
import { report } from './report.ts';

const info: AppInfo = {
  version: '0.1.0',
  platform: 'linux',
  host: 'electron',
  electron: '45.4.1',
  node: '22.0.0',
  logsFolder: '/home/ada/.local/slipway/logs',
  screenReader: false,
  homeFolder: '/home/ada',
};
const steps = [
  { name: 'Ciphers', ok: true, detail: '' },
  { name: 'Handshake', ok: false, detail: 'No answer in /home/ada/x' },
];
const call = vi.fn();

function show() {
  const app = { main: { call }, info, notifications: createNotificationsStore() };
  render(
    <MantineProvider env="test">
      <AppProvider app={app as unknown as AppState}>
        <DiagnosticsDocument />
      </AppProvider>
    </MantineProvider>,
  );
  return app;
}

beforeEach(() => {
  call.mockReset();
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {} }));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('the report names every fact and step, and hides the home folder', () => {
  const text = report(info, steps);
  expect(text).toContain('Slipway: 0.1.0');
  expect(text).toContain('[ok] Ciphers\n');
  expect(text).toContain('[FAILED] Handshake: No answer in ~/x');
  expect(text).not.toContain('/home/ada');
});

test('a failed check is counted, and the report copied', async () => {
  const user = userEvent.setup();
  const writeText = vi.spyOn(navigator.clipboard, 'writeText');
  call.mockResolvedValue({ steps });
  const app = show();
  expect(await screen.findByText('1 of 2 checks failed.')).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Copy report' }));
  expect(writeText).toHaveBeenCalledWith(report(info, steps));
  await waitFor(() => expect(app.notifications.getState().notices[0]?.title).toBe('Report copied'));
});

test('checks that cannot be run say so and can be run again', async () => {
  call.mockRejectedValueOnce(new AppError('closed', 'The app is gone.')).mockResolvedValue({ steps: [steps[0]] });
  show();
  expect(await screen.findByText('The app is gone.')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Check again' }));
  expect(await screen.findByText('Everything that Slipway needs is there.')).toBeDefined();
});
