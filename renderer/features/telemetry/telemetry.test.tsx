// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ComponentType } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { RecordedEvents, TelemetryState } from '../../../shared/model/telemetry.ts';
import { createFakeApp, type FakeWorld } from '../../fakes/fake-app.ts';
import { sampleTelemetry as off } from '../../fakes/sample-telemetry.ts';
import { AppProvider } from '../../state/context.tsx';
import ConsentDialogs from './consent-dialogs.tsx';
import TelemetrySettings from './settings-section.tsx';
import TelemetryDocument from './telemetry-document.tsx';

const event: RecordedEvents[string] = {
  id: 'one',
  time: Date.UTC(2026, 0, 1),
  event: 'protocol_use',
  distinctId: '0a6a9a2e-5d0e-4b6e-9f1b-3b6f2f1c7d10',
  fields: { cluster_name: 'c=', user_name: 'u=', protocol: 'ssh', origin: 'search_bar', access_through: 'proxy_service' },
  state: 'waiting',
  reason: null,
  detail: '',
  settled: null,
};

const opened: (() => void)[] = [];
beforeEach(() => {
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
  for (const close of opened.splice(0)) close();
  vi.unstubAllGlobals();
});

const nothing = vi.fn((_input: unknown) => null);
function show(View: ComponentType, state: Partial<TelemetryState>, calls: FakeWorld['calls'] = {}, events: RecordedEvents = {}) {
  nothing.mockClear();
  const fake = createFakeApp({ calls: { 'telemetry.decide': nothing, 'telemetry.job-role': nothing, 'telemetry.delete-all': nothing, ...calls } });
  opened.push(fake.dispose);
  fake.topics.telemetry.set({ ...off, ...state });
  fake.topics.events.set(events);
  render(
    <MantineProvider env="test">
      <AppProvider app={fake.app}>
        <View />
      </AppProvider>
    </MantineProvider>,
  );
  return fake;
}

test('nothing is asked unless main asks', async () => {
  const { app, topics } = show(ConsentDialogs, {});
  // The answer to a call comes after the state that the page subscribed to before.
  await act(() => app.main.call('app.info', null));
  expect(screen.queryByRole('dialog')).toBeNull();
  act(() => topics.telemetry.set({ ...off, ask: 'consent' }));
  expect(await screen.findByRole('dialog')).toBeTruthy();
});

test('both answers look alike, and each is what main is told', async () => {
  show(ConsentDialogs, { ask: 'consent' });
  const decline = await screen.findByRole('button', { name: 'Decline' });
  const allow = screen.getByRole('button', { name: 'Allow' });
  expect(allow.className).toBe(decline.className);
  expect(allow.getAttribute('data-variant')).toBe(decline.getAttribute('data-variant'));
  expect(allow.getAttribute('style')).toBe(decline.getAttribute('style'));
  await userEvent.click(decline);
  expect(nothing.mock.lastCall?.[0]).toEqual({ answer: 'decline' });
  await userEvent.click(allow);
  expect(nothing.mock.lastCall?.[0]).toEqual({ answer: 'allow' });
});

test('Esc, the cross and Enter on opening decide nothing', async () => {
  show(ConsentDialogs, { ask: 'consent' });
  await screen.findByRole('dialog');
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(nothing.mock.calls.map(([input]) => input)).toEqual([{ answer: 'later' }]));
  await userEvent.click(screen.getByRole('button', { name: 'Decide later' }));
  expect(nothing.mock.calls.map(([input]) => input)).not.toContainEqual({ answer: 'allow' });
  expect(nothing.mock.calls.map(([input]) => input)).not.toContainEqual({ answer: 'decline' });
});

test('it says where events go', async () => {
  const { topics } = show(ConsentDialogs, { ask: 'consent' });
  expect(await screen.findByText('No collector is set: events stay on this computer.')).toBeTruthy();
  act(() => topics.telemetry.set({ ...off, ask: 'consent', collector: 'https://usage.example.com' }));
  expect(await screen.findByText('https://usage.example.com')).toBeTruthy();
});

test('an answer that cannot be saved stays on screen with the reason', async () => {
  show(
    ConsentDialogs,
    { ask: 'consent' },
    {
      'telemetry.decide': () => {
        throw new AppError('disk', 'The settings could not be saved.');
      },
    },
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Allow' }));
  expect((await screen.findByRole('alert')).textContent).toBe('The settings could not be saved.');
});

test('another dialog does not lose the job role question, nor what was typed', async () => {
  const { app, topics } = show(ConsentDialogs, { ask: 'job-role', consent: 'allowed' });
  await userEvent.click(await screen.findByLabelText('Something else'));
  await userEvent.type(screen.getByLabelText('Your work, in your words'), 'Gardener');
  act(() => void app.dialogs.getState().ask({ kind: 'palette' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(nothing).not.toHaveBeenCalled();
  act(() => app.dialogs.getState().queue[0]?.answer(null));
  await userEvent.click(await screen.findByRole('button', { name: 'Send' }));
  expect(nothing.mock.lastCall?.[0]).toEqual({ role: 'Gardener' });
  act(() => topics.telemetry.set({ ...off, consent: 'allowed' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('a job role is needed to send; a skip is told as one', async () => {
  show(ConsentDialogs, { ask: 'job-role', consent: 'allowed' });
  expect((await screen.findByRole('button', { name: 'Send' })).hasAttribute('disabled')).toBe(true);
  await userEvent.click(screen.getByLabelText('DevOps Engineer'));
  await userEvent.click(screen.getByRole('button', { name: 'Send' }));
  expect(nothing.mock.lastCall?.[0]).toEqual({ role: 'DevOps Engineer' });
  await userEvent.click(screen.getByText('Skip'));
  expect(nothing.mock.lastCall?.[0]).toEqual({ role: null });
});

test('the switch in the settings tells main, and an administrator’s word greys it out', async () => {
  const { topics } = show(TelemetrySettings, { consent: 'allowed' });
  await userEvent.click(await screen.findByLabelText('Record usage events'));
  expect(nothing.mock.lastCall?.[0]).toEqual({ answer: 'decline' });
  act(() => topics.telemetry.set({ ...off, consent: 'declined', managed: { off: true, collector: false } }));
  expect(await screen.findByText(/Switched off by your administrator/)).toBeTruthy();
  expect((screen.getByLabelText('Record usage events') as HTMLInputElement).disabled).toBe(true);
});

test('the page shows an event’s exact fields, whose hashes they are, and its bytes when asked', async () => {
  const hashes = [{ cluster: 'ada@teleport.example.com:443', clusterHash: 'c=', userHash: 'u=' }];
  const bytes = vi.fn(() => ({ hex: '0a24ff' }));
  show(TelemetryDocument, { consent: 'allowed', waiting: 1, hashes }, { 'telemetry.bytes': bytes }, { one: event });
  (await screen.findByRole('listbox')).focus();
  await userEvent.keyboard('{ArrowDown}');
  for (const text of ['distinct_id', event.distinctId, '2026-01-01T00:00:00.000Z', 'access_through', 'proxy_service', 'your name', 'your cluster'])
    expect(screen.getByText(text)).toBeTruthy();
  expect(bytes).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole('button', { name: 'Show bytes' }));
  expect(await screen.findByText('0a 24 ff')).toBeTruthy();
});

test('deleting everything is asked for first', async () => {
  const { app } = show(TelemetryDocument, { consent: 'allowed', waiting: 1 }, {}, { one: event });
  await userEvent.click(await screen.findByRole('button', { name: 'Delete all' }));
  const [dialog] = app.dialogs.getState().queue;
  expect(dialog?.request).toMatchObject({ kind: 'confirm', danger: true, text: expect.stringMatching(/1 of them wait/) });
  expect(nothing).not.toHaveBeenCalled();
  act(() => dialog?.answer('yes'));
  await waitFor(() => expect(nothing).toHaveBeenCalledOnce());
});

test('the filter narrows the list', async () => {
  show(TelemetryDocument, { consent: 'allowed' }, {}, { one: event, two: { ...event, id: 'two', event: 'cluster_login', state: 'sent' } });
  expect(await screen.findByText('2 events')).toBeTruthy();
  await userEvent.type(screen.getByLabelText('Filter events'), 'login');
  expect(await screen.findByText('1 of 2 events')).toBeTruthy();
});
