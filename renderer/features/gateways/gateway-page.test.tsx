// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { Topic } from '../../../shared/ipc/server.ts';
import type { DatabaseOptions } from '../../../shared/model/gateway.ts';
import type { FakeWorld } from '../../fakes/fake-app.ts';
import { renderApp } from '../../fakes/render-app.tsx';
import { sampleConnection, sampleConnections, sampleMcp } from '../../fakes/sample-connections.ts';
import { sampleCluster } from '../../fakes/samples.ts';
import { openDocuments } from '../../state/tabs.ts';
import { gatewayDocument } from '../../workbench/documents.ts';

const slow = { timeout: 15_000 };
let dispose = () => {};
afterEach(() => dispose());

const offered: DatabaseOptions = {
  protocol: 'postgres',
  users: ['alice'],
  anyUser: false,
  optionalUser: false,
  autoUser: false,
  databases: [],
  anyDatabase: false,
  problem: null,
};

async function page(row = sampleConnection({ clients: 0 }), sessionCalls: FakeWorld['sessionHostCalls'] = {}, calls: FakeWorld['calls'] = {}) {
  const document = gatewayDocument(row);
  const app = await renderApp({
    clusters: [sampleCluster()],
    workspace: { documents: [document], active: document.id },
    sessionHostTopics: { connections: new Topic(sampleConnections(row)) },
    sessionHostCalls: sessionCalls,
    calls,
  });
  dispose = app.dispose;
  await screen.findByRole('heading', { name: row.title }, slow);
  return app;
}

test('a taken port is told with one that is free, which is then used', async () => {
  const change = vi.fn(({ port }: { port: number }) => {
    if (port === 5432) throw new AppError('conflict', 'Port 5432 is used by another program.', { details: { port, suggestion: 5433 } });
    return null;
  });
  const { user } = await page(undefined, { 'connections.change-port': change });
  const field = screen.getByRole('textbox', { name: 'Port' });
  await user.clear(field);
  await user.type(field, '70000{Enter}');
  expect(screen.getByText('A number from 1 to 65535')).toBeTruthy();
  expect(change).not.toHaveBeenCalled();
  await user.clear(field);
  await user.type(field, '5432{Enter}');
  await user.click(await screen.findByRole('button', { name: 'Use 5433' }, slow));
  await waitFor(() => expect(change.mock.calls.map(([{ port }]) => port)).toEqual([5432, 5433]));
}, 40_000);

test('a command runs in a terminal tab of the connection; one whose program is missing says what to install', async () => {
  const { user, app } = await page();
  expect(screen.getByText(/Install CockroachDB/)).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Run cockroach in a tab' }));
  expect(openDocuments(app.workspace.getState())).toHaveLength(1);
  await user.click(screen.getByRole('button', { name: 'Run psql in a tab' }));
  expect(openDocuments(app.workspace.getState()).at(-1)).toMatchObject({ kind: 'shell', gateway: { connection: 'orders', command: 0 } });
}, 40_000);

test('a program that needs a database asks for one first, offers those of the role, keeps the choice and runs', async () => {
  const change = vi.fn((_input: { id: string; database: string }) => null);
  const { user, app } = await page(
    sampleConnection({ clients: 0, database: '' }),
    { 'connections.change-database': change },
    { 'resources.database-options': () => ({ ...offered, databases: ['orders', 'billing'] }) },
  );
  await user.click(screen.getByRole('button', { name: 'Run psql in a tab' }));
  const dialog = await screen.findByRole('dialog', { name: /Which database of/ });
  const field = within(dialog).getByRole('combobox', { name: 'Database' });
  await waitFor(() => expect(document.activeElement).toBe(field));
  expect(openDocuments(app.workspace.getState())).toHaveLength(1);
  expect(within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Run psql' }).disabled).toBe(true);
  await user.click(await screen.findByRole('option', { name: 'billing' }));
  await user.click(within(dialog).getByRole('button', { name: 'Run psql' }));
  await waitFor(() => expect(change.mock.calls.map(([input]) => input)).toEqual([{ id: 'orders', database: 'billing' }]));
  await waitFor(() =>
    expect(openDocuments(app.workspace.getState()).at(-1)).toMatchObject({ kind: 'shell', gateway: { connection: 'orders', command: 0 } }),
  );
}, 40_000);

test('why it is not open stands on the page, in the server’s words', async () => {
  await page(sampleConnection({ state: 'failed', error: { code: 'session-mfa', message: 'MFA required, says the server.' } }));
  expect(screen.getByRole('alert').textContent).toContain('MFA required, says the server.');
  expect(screen.getByRole('button', { name: 'Open again' })).toBeTruthy();
}, 40_000);

test('an MCP server: what each program wants to be told, and a token by choice', async () => {
  const change = vi.fn(() => null);
  const row = { ...sampleMcp, token: false, url: 'http://127.0.0.1:8090/' };
  const { user } = await page(row, { 'connections.change-token': change });
  const section = within(screen.getByRole('region', { name: 'MCP clients' }));
  expect(section.getByText(/^claude mcp add --transport http incident-notes/)).toBeTruthy();
  await user.click(section.getByRole('radio', { name: 'Cursor' }));
  expect(section.getByText(/"url": "http:\/\/127\.0\.0\.1:8090\/"/)).toBeTruthy();
  expect(section.getByRole('button', { name: 'Copy for Cursor' })).toBeTruthy();
  expect(screen.queryByRole('region', { name: 'In a terminal' })).toBeNull();
  await user.click(screen.getByRole('switch', { name: 'Only with a token' }));
  await waitFor(() => expect(change).toHaveBeenCalledWith({ id: 'mcp', wanted: true }, expect.anything()));
}, 40_000);

test('databases and TCP apps have no token', async () => {
  await page();
  expect(screen.queryByRole('switch', { name: 'Only with a token' })).toBeNull();
}, 40_000);
