import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { documentsIn } from '../shared/model/pane-tree.ts';
import { startServices } from '../test/bench/setup.ts';
import { windowStateFile } from './settings/window-state.ts';

/**
 * The data folder of a Slipway of commit 83d8f9d that was ended in the middle of its work: tabs of every kind, settings, a login, what is gathered for
 * a request, local connections, transfers that are done, paused and waiting, an edited file that is not saved, and usage events that wait.
 */
const recorded = fileURLToPath(new URL('../test/vectors/state-83d8f9d', import.meta.url));
const raw = (name: string, folder = recorded) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

let home: string;
const closers: (() => unknown)[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'slipway-older-'));
  cpSync(recorded, home, { recursive: true });
});
afterEach(async () => {
  await close();
  rmSync(home, { recursive: true, force: true });
});
async function close() {
  for (let closer = closers.pop(); closer; closer = closers.pop()) await closer();
}

const mainTopics = ['settings', 'clusters', 'telemetry', 'telemetry-events'] as const;
const hostTopics = ['connections', 'transfers', 'edits'] as const;

/** What the page is told by today's app on the folder. */
async function open() {
  const { main, sessions } = startServices(home, closers);
  const told: { [topic in (typeof mainTopics)[number] | (typeof hostTopics)[number]]?: unknown } = {};
  for (const topic of mainTopics) main.subscribe(topic, (value) => (told[topic] = value));
  for (const topic of hostTopics) sessions.subscribe(topic, (value) => (told[topic] = value));
  await vi.waitFor(() => expect(Object.keys(told)).toHaveLength(mainTopics.length + hostTopics.length), 15_000);
  return { main, told, workspace: await main.call('workspace.load', null) };
}

type Raw = Record<string, unknown> & { id: string };

test('every tab is back with all that it had; files below a terminal are a pane below it', async () => {
  const { documents, active } = raw('state.json').workspace as { documents: (Raw & { files?: object; target?: object })[]; active: string };
  expect(documents.map(({ kind }) => kind)).toEqual(
    'resources requests ssh ssh ssh shell shell files gateway gateway settings telemetry diagnostics'.split(' '),
  );
  const { main, workspace } = await open();
  expect(workspace.active).toBe(active);
  expect(workspace.tabs.map(({ root }) => documentsIn(root))).toEqual(
    documents.map(({ files, ...document }) => [
      document,
      ...(files ? [{ ...files, kind: 'files', id: `${document.id}-files`, target: document.target }] : []),
    ]),
  );
  await main.call('workspace.save', workspace);
  await close();
  expect(raw('state.json', home).version).toBe(2);
  expect((await open()).workspace).toEqual(workspace);
});

test('settings, login, basket and the answer about usage events hold, and a change keeps the rest', async () => {
  const before = raw('settings.json');
  const { main, told } = await open();
  expect(told.settings).toMatchObject({ values: before, problems: [] });
  const [key] = Object.keys(raw('baskets.json').baskets);
  await vi.waitFor(() => expect(told.clusters).toMatchObject([{ key, user: 'alice', name: 'slipway.test' }]), 15_000);
  expect(told.telemetry).toMatchObject({ consent: 'allowed' });
  const events = readFileSync(join(recorded, 'telemetry/outbox.jsonl'), 'utf8').trim().split('\n').slice(1);
  const waiting = events.map((line) => JSON.parse(line).id);
  await vi.waitFor(() => expect(Object.keys(told['telemetry-events'] as object)).toEqual(expect.arrayContaining(waiting)), 15_000);
  await main.call('settings.update', { zoom: 1 });
  expect(raw('settings.json', home)).toEqual({ ...before, zoom: 1 });
  await main.call('requests.basket', { cluster: key!, change: 'add', roles: ['auditor'], resources: [] });
  expect(raw('baskets.json', home).baskets[key!].roles).toEqual([...raw('baskets.json').baskets[key!].roles, 'auditor']);
  expect(raw('profiles/proxies.json', home)).toEqual(raw('profiles/proxies.json'));
  const window = windowStateFile(join(home, 'window.json')).read();
  expect({ version: 1, ...window.value }).toEqual(raw('window.json'));
});

test('connections, transfers and an edited file that is not saved are there, also after the next start', async () => {
  const ids = (rows: Raw[]) => rows.map(({ id }) => id);
  const [connections, transfers, edits] = [
    raw('connections/connections.json').connections,
    raw('transfers.json').transfers,
    raw('edited-files/edits.json').edits,
  ];
  for (let start = 0; start < 2; start++) {
    const { told } = await open();
    const rows = (told.connections as { rows: Record<string, Raw>; problem: string | null }).rows;
    for (const { id, target, port } of connections) expect(rows[id]).toMatchObject({ target, port });
    const queue = told.transfers as { order: string[]; rows: Record<string, Raw>; perHost: number };
    expect(queue.perHost).toBe(raw('transfers.json').perHost);
    expect(queue.order.toSorted()).toEqual(ids(transfers).toSorted());
    for (const { id, spec } of transfers)
      expect(queue.rows[id]).toMatchObject({ direction: spec.direction, target: spec.target, folder: spec.folder });
    await vi.waitFor(() => expect(Object.keys(told.edits as object)).toEqual(ids(edits)), 15_000);
    await close();
  }
  for (const { id, name } of edits) expect(readFileSync(join(home, 'edited-files', id, name), 'utf8')).toBe('changed by hand, not saved yet\n');
  expect(ids(raw('connections/connections.json', home).connections).toSorted()).toEqual(ids(connections).toSorted());
});
