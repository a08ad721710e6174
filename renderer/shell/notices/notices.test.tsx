// @vitest-environment jsdom
import { act, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { FakeWorld } from '../../fakes/fake-app.ts';
import { renderApp } from '../../fakes/render-app.tsx';
import { sampleCluster } from '../../fakes/samples.ts';
import { openDocuments } from '../../state/tabs.ts';

let dispose = () => {};
afterEach(() => {
  dispose();
  vi.useRealTimers();
});

async function setUp(world: FakeWorld = {}) {
  const fake = await renderApp({ clusters: [sampleCluster()], ...world });
  dispose = fake.dispose;
  const notify = fake.app.notifications.getState();
  return { ...fake, notify };
}

describe('notices', () => {
  test('an error is an alert that stays until it is closed; the keyboard reaches its button', async () => {
    const { notify, user } = await setUp();
    act(() => notify.notifyError('The file could not be opened', new AppError('not-found', 'It is gone.')));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('The file could not be opened');
    expect(alert.textContent).toContain('It is gone.');
    within(alert).getByRole('button', { name: 'Close' }).focus();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  test('others go by themselves, and nothing is said of what was cancelled', async () => {
    const { notify } = await setUp();
    vi.useFakeTimers();
    act(() => {
      notify.notify({ tone: 'success', title: 'Request sent', text: 'It is followed here.' });
      notify.notifyError('Never said', new AppError('cancelled', 'The action was cancelled.'));
    });
    expect(screen.getByText('Request sent')).toBeDefined();
    expect(screen.queryByText('Never said')).toBeNull();
    act(() => void vi.advanceTimersByTime(6000));
    expect(screen.queryByText('Request sent')).toBeNull();
  });

  test('the way on is a button, and the notice goes when it is taken', async () => {
    const { notify, user } = await setUp();
    const run = vi.fn();
    act(() => notify.notify({ tone: 'info', title: 'Done', text: '', action: { label: 'Show', run } }));
    await user.click(await screen.findByRole('button', { name: 'Show' }));
    expect(run).toHaveBeenCalledOnce();
    expect(screen.queryByText('Done')).toBeNull();
  });
});

describe('settings that could not be read in full', () => {
  test('the first problem is told with the number of the others; its button opens the settings', async () => {
    const { user, app } = await setUp({ problems: ['Line 3 is not JSON.', 'Another.'] });
    screen.getByText(/Line 3 is not JSON\. \(and 1 more\)/);
    await user.click(screen.getByRole('button', { name: 'Open settings' }));
    await waitFor(() => expect(openDocuments(app.workspace.getState())).toMatchObject([{ kind: 'settings' }]));
  });

  test('once closed it stays away, until there is another problem', async () => {
    const { user, topics } = await setUp({ problems: ['Line 3 is not JSON.'] });
    const banner = screen.getByText('Line 3 is not JSON.').parentElement;
    await user.click(within(banner ?? document.body).getByRole('button', { name: 'Close' }));
    expect(screen.queryByText('Line 3 is not JSON.')).toBeNull();
    act(() => topics.settings.set({ ...topics.settings.get(), problems: ['Line 9 is not JSON.'] }));
    await screen.findByText('Line 9 is not JSON.');
  });
});

describe('what happened to requests', () => {
  const notice = (serial: number) => ({
    serial,
    kind: 'approved' as const,
    title: `Notice ${serial}`,
    body: 'It was approved.',
    cluster: sampleCluster().key,
    request: `r${serial}`,
  });

  test('in a browser the page tells it, but not what was there before; the button shows the request', async () => {
    const { topics, user, app } = await setUp({ info: { host: 'browser' } });
    act(() => topics.notices.set([notice(1)]));
    await screen.findByText('Notice 1');
    act(() => topics.notices.set([notice(1), notice(2)]));
    await screen.findByText('Notice 2');
    expect(screen.getAllByText('Notice 1')).toHaveLength(1);
    await user.click(screen.getAllByRole('button', { name: 'Show' })[1] ?? document.body);
    await waitFor(() => expect(openDocuments(app.workspace.getState())).toMatchObject([{ kind: 'requests', request: 'r2' }]));
  });

  test('in Electron the OS does', async () => {
    const { topics, app } = await setUp();
    act(() => topics.notices.set([notice(1)]));
    await app.main.call('app.info', null);
    expect(screen.queryByText('Notice 1')).toBeNull();
  });
});

describe('main’s questions', () => {
  const question = { id: 'q', kind: 'login', cluster: sampleCluster().key, reason: 'so that the program that uses orders can go on' } as const;

  test('a login is a dialog that says what waits for it; Escape declines, and the keyboard is free again', async () => {
    const answer = vi.fn<(answer: object) => null>(() => null);
    const { topics, user } = await setUp({ clusters: [sampleCluster({ status: 'expired' })], calls: { 'questions.answer': answer } });
    act(() => topics.questions.set([question]));
    await screen.findByRole('dialog', { name: 'Log in' });
    await screen.findByText(/has expired\. Log in again so that the program that uses orders can go on\./);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(answer.mock.lastCall?.[0]).toEqual({ id: 'q', answer: 'declined' }));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('the dialog goes when somebody logs in elsewhere', async () => {
    const { topics } = await setUp({ clusters: [sampleCluster({ status: 'expired' })] });
    act(() => topics.questions.set([question]));
    await screen.findByRole('dialog', { name: 'Log in' });
    act(() => {
      topics.clusters.set([sampleCluster()]);
      topics.questions.set([]);
    });
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('a login through that dialog is main’s to see: the page answers nothing', async () => {
    const answer = vi.fn<(answer: object) => null>(() => null);
    const { topics, user } = await setUp({ clusters: [sampleCluster({ status: 'expired' })], calls: { 'questions.answer': answer } });
    act(() => topics.questions.set([question]));
    await user.type(await screen.findByLabelText('Password'), 'x{Enter}');
    await user.type(await screen.findByLabelText('Authentication code'), '123456');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(answer).not.toHaveBeenCalled();
  });
});
