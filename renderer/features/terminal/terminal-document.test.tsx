// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { mainContract, sessionHostContract } from '../../../shared/contract/index.ts';
import type { ErrorCode } from '../../../shared/errors/app-error.ts';
import { Client } from '../../../shared/ipc/client.ts';
import { portPair } from '../../../shared/ipc/port-pair.ts';
import { type ServerStream, serve, Topic } from '../../../shared/ipc/server.ts';
import type { SshTarget } from '../../../shared/model/document.ts';
import type { OpenTerminal, TerminalDown, TerminalUp } from '../../../shared/model/terminal.ts';
import { defaultSettings } from '../../../shared/settings/settings.ts';
import { silentSessionHost } from '../../fakes/silent-session-host.ts';
import { type AppState, createAppState } from '../../state/app-state.ts';
import { AppProvider } from '../../state/context.tsx';
import { openDocuments } from '../../state/tabs.ts';
import TerminalDocument from './terminal-document.tsx';

const log = { refused: vi.fn(), failed: vi.fn() };
const target: SshTarget = { cluster: 'ada@one.example:443', leaf: '', node: 'uuid', hostname: 'web-1', login: 'root' };
const document = { id: 'tab', kind: 'ssh' as const, origin: 'resource_table' as const, target };

interface Opened {
  params: OpenTerminal;
  stream: ServerStream<TerminalUp, TerminalDown>;
  closed: boolean;
}
let opened: Opened[];
let app: AppState;
let screenReader: Topic<boolean>;
let closePorts: () => void;

function makeApp(): AppState {
  const [near, far] = portPair();
  const [hostNear, hostFar] = portPair();
  const refuse = () => {
    throw new Error('not asked here');
  };
  const calls = Object.fromEntries(Object.keys(mainContract.calls).map((name) => [name, refuse]));
  const topics = Object.fromEntries(
    Object.keys(mainContract.topics).map((name) => [
      name,
      name === 'screen-reader'
        ? screenReader
        : new Topic(name === 'settings' ? { values: defaultSettings, problems: [], managed: [] } : name === 'clusters' ? [] : null),
    ]),
  );
  serve(mainContract, far, { calls, topics, streams: {} } as never, log);
  const host = silentSessionHost({
    streams: {
      terminal: (params, stream) => {
        const one = { params, stream, closed: false };
        opened.push(one);
        stream.onClose(() => (one.closed = true));
      },
    },
  });
  serve(sessionHostContract, hostFar, host, log);
  const client = new Client(sessionHostContract, hostNear);
  closePorts = () => hostFar.close();
  return createAppState({
    main: new Client(mainContract, near),
    sessionHost: () => client,
    onSessionHost: () => () => {},
    page: { secret: 'a secret of 32 characters or more.', running: new Set() },
    closed: new Promise(() => {}),
    info: { version: '0', platform: 'linux', host: 'electron', electron: '', node: '', logsFolder: '', screenReader: false, homeFolder: '' },
  });
}

beforeEach(() => {
  opened = [];
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {} }));
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => {} });
  screenReader = new Topic(false);
  app = makeApp();
});
afterEach(() => {
  cleanup();
  app.dispose();
  vi.unstubAllGlobals();
});

const tree = (visible = true, shown = document) => (
  <MantineProvider>
    <AppProvider app={app}>
      <TerminalDocument document={shown} visible={visible} focused={visible} />
    </AppProvider>
  </MantineProvider>
);

const first = async () => {
  await waitFor(() => expect(opened).toHaveLength(1));
  return opened[0]!.stream;
};
const fail = (stream: Opened['stream'], code: ErrorCode, message = 'The reason.') =>
  stream.send({ type: 'exit', code: null, signal: null, error: { code, message } });

test('a screen reader that is started later is served in open terminals too', async () => {
  const { container } = render(tree());
  await first();
  expect(container.querySelector('.xterm-accessibility')).toBeNull();
  screenReader.set(true);
  await waitFor(() => expect(container.querySelector('.xterm-accessibility')).not.toBeNull());
  screenReader.set(false);
  await waitFor(() => expect(container.querySelector('.xterm-accessibility')).toBeNull());
});

test('a tab that nobody has looked at opens nothing', async () => {
  const { rerender } = render(tree(false));
  // A tab that is drawn after it and looked at opens its terminal, so this one had the time for it too.
  const beside = render(tree(true, { ...document, id: 'beside' }));
  await first();
  expect(opened).toMatchObject([{ params: { keep: { tab: 'beside' } } }]);
  beside.unmount();
  rerender(tree(true));
  await waitFor(() => expect(opened).toHaveLength(2));
  rerender(tree(false));
  rerender(tree(true));
  expect(opened).toHaveLength(2);
});

test('the step is shown, and connecting can be cancelled', async () => {
  render(tree());
  const stream = await first();
  stream.send({ type: 'progress', step: 'authenticating' });
  expect(await screen.findByText('Logging in…')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(opened[0]!.closed).toBe(true));
  expect(await screen.findByText('Connecting was cancelled')).toBeDefined();
});

test('a running shell is registered, so that closing asks', async () => {
  render(tree());
  const stream = await first();
  stream.send({ type: 'ready', title: 'root@web-1' });
  await waitFor(() => expect(app.tabStatuses.getState().statuses.tab).toMatchObject({ isLive: true, isConnecting: false, title: 'root@web-1' }));
  stream.send({ type: 'exit', code: 3, signal: null, error: null });
  expect(await screen.findByText(/exited with code 3/)).toBeDefined();
  expect(app.tabStatuses.getState().statuses.tab).toMatchObject({ isLive: false });
});

test('a server that answers nothing is shown below the shell, until it answers', async () => {
  render(tree());
  const stream = await first();
  stream.send({ type: 'ready', title: 'root@web-1' });
  stream.send({ type: 'stalled', stalled: true });
  const said = await screen.findByText(/has not answered for 3 seconds/);
  expect(said.closest('[role=status]')).not.toBeNull();
  expect(app.tabStatuses.getState().statuses.tab).toMatchObject({ isLive: true });
  stream.send({ type: 'stalled', stalled: false });
  await waitFor(() => expect(screen.queryByText(/has not answered/)).toBeNull());
});

test.each([
  ['access-denied', 'Access denied'],
  ['login-refused', 'The server refused this login'],
  ['node-offline', 'The server is offline'],
  ['host-key', 'The server could not prove who it is'],
] as const)('%s is shown with its reason and a way on', async (code, title) => {
  render(tree());
  fail(await first(), code);
  expect(await screen.findByRole('heading', { name: title })).toBeDefined();
  expect(screen.getByText('The reason.')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(opened).toHaveLength(2));
});

test('an expired login is asked for once, and the terminal opened with the login it gave', async () => {
  app.workspace.getState().open(document);
  const { rerender } = render(tree());
  app.workspace.subscribe((state) => {
    const now = openDocuments(state)[0];
    if (now?.kind === 'ssh') rerender(tree(true, now as typeof document));
  });
  fail(await first(), 'expired');
  await waitFor(() => expect(app.dialogs.getState().queue).toHaveLength(1));
  expect(app.dialogs.getState().queue[0]!.request).toMatchObject({ kind: 'login', cluster: target.cluster });
  app.dialogs.getState().queue[0]!.answer('bob@one.example:443');
  await waitFor(() => expect(opened).toHaveLength(2));
  expect(opened[1]!.params).toMatchObject({ target: { cluster: 'bob@one.example:443' } });
});

test('a cancelled login leaves a button, not a loop of dialogs', async () => {
  render(tree());
  fail(await first(), 'expired');
  await waitFor(() => expect(app.dialogs.getState().queue).toHaveLength(1));
  app.dialogs.getState().queue[0]!.answer(null);
  // A login that is given connects in the next turn of the event loop; nothing is put off for longer.
  await new Promise((resolve) => setTimeout(resolve));
  expect(app.dialogs.getState().queue).toHaveLength(0);
  expect(opened).toHaveLength(1);
  expect(screen.getByRole('button', { name: 'Log in and reconnect' })).toBeDefined();
});

test('when the session host dies, the tab stays and offers to reconnect', async () => {
  render(tree());
  const stream = await first();
  stream.send({ type: 'ready', title: '' });
  await waitFor(() => expect(app.tabStatuses.getState().statuses.tab?.isLive).toBe(true));
  closePorts();
  expect(await screen.findByText(/carries sessions stopped/)).toBeDefined();
  expect(screen.getByRole('button', { name: 'Reconnect' })).toBeDefined();
  expect(app.tabStatuses.getState().statuses.tab).toMatchObject({ isLive: false, isFailed: true });
});

test('a tab that is closed closes its stream', async () => {
  const { unmount } = render(tree());
  await first();
  unmount();
  await waitFor(() => expect(opened[0]!.closed).toBe(true));
});
