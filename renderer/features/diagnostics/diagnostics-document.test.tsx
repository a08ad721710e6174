// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Cluster } from '../../../shared/model/cluster.ts';
import type { BackgroundFailure, ConnectionStep } from '../../../shared/model/diagnostics.ts';
import { sampleCluster } from '../../fakes/samples.ts';
import type { AppState } from '../../state/app-state.ts';
import { createClustersStore } from '../../state/clusters.ts';
import type { AppInfo } from '../../state/connection.ts';
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
let failures: BackgroundFailure[];
let clusters: Cluster[];
const nothing = { tests: [], failures: [] };

function show() {
  const store = createClustersStore();
  store.setState({ loaded: true, list: clusters });
  const subscribe = (_topic: string, listener: (value: BackgroundFailure[]) => void) => {
    listener(failures);
    return () => {};
  };
  const app = { main: { call, subscribe }, info, clusters: store, notifications: createNotificationsStore() };
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
  failures = [];
  clusters = [];
  call.mockReset();
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {} }));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('the report names every fact and step, and hides the home folder', () => {
  const text = report(info, steps, nothing);
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
  expect(writeText).toHaveBeenCalledWith(report(info, steps, nothing));
  await waitFor(() => expect(app.notifications.getState().notices[0]?.title).toBe('Report copied'));
});

test('checks that cannot be run say so and can be run again', async () => {
  call.mockRejectedValueOnce(new AppError('closed', 'The app is gone.')).mockResolvedValue({ steps: [steps[0]] });
  show();
  expect(await screen.findByText('The app is gone.')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Check again' }));
  expect(await screen.findByText('Everything that Slipway needs is there.')).toBeDefined();
});

test('each cluster is asked step by step; what rests on a failed step is not tried', async () => {
  clusters = [sampleCluster({ key: 'ada@c:443', name: 'Prod' })];
  const asked: ConnectionStep[] = [];
  call.mockImplementation(async (name: string, input: { step: ConnectionStep }) => {
    if (name === 'app.diagnostics') return { steps: [] };
    asked.push(input.step);
    if (input.step === 'tcp') throw new AppError('unreachable', 'Nothing answers at c:443.');
    return { detail: `found ${input.step}` };
  });
  show();
  expect(await screen.findByText('Nothing answers at c:443.')).toBeDefined();
  await screen.findByRole('button', { name: 'Test the connection to Prod again' });
  expect(asked).toEqual(['web-proxy', 'name', 'tcp', 'certificate']);
  expect(screen.getAllByLabelText('Not tried')).toHaveLength(5);
});

test('a test under way can be stopped: its call is cancelled and nothing more is asked', async () => {
  clusters = [sampleCluster({ key: 'ada@c:443', name: 'Prod' })];
  const signals: AbortSignal[] = [];
  call.mockImplementation((name: string, _input: unknown, options: { signal: AbortSignal }) => {
    if (name === 'app.diagnostics') return Promise.resolve({ steps: [] });
    signals.push(options.signal);
    return new Promise((_resolve, reject) => options.signal.addEventListener('abort', () => reject(new AppError('cancelled', 'Stopped.'))));
  });
  show();
  await userEvent.click(await screen.findByRole('button', { name: 'Stop the test of Prod' }));
  await screen.findByRole('button', { name: 'Test the connection to Prod again' });
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});

test('what failed in the background is listed with its count and last words, and is in the report', async () => {
  failures = [
    { what: 'to follow the access requests', cluster: 'ada@c:443', words: 'access denied', failures: 7, first: 1, last: 2, isFailing: true },
  ];
  call.mockResolvedValue({ steps });
  show();
  expect(await screen.findByText(/Slipway tried to follow the access requests on c:443\. It failed 7 times/)).toBeDefined();
  expect(screen.getByText('access denied')).toBeDefined();
  expect(report(info, steps, { tests: [], failures })).toContain('It failed 7 times');
});
