import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { documentsIn } from '../../shared/model/pane-tree.ts';
import { type Workspace, workspaceSchema } from '../../shared/model/workspace.ts';
import { StateStore } from './state-store.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-state-'));
  path = join(folder, 'state.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => new StateStore({ path });
const leaf = (document: unknown) => ({ kind: 'leaf', document });
const tab = (id: string, root: unknown) => ({ id, root, focus: id });
const split = (...panes: unknown[]) => ({ kind: 'split', direction: 'down', sizes: panes.map(() => 1 / panes.length), panes });
const shell = { id: 'b', kind: 'shell', cwd: '/tmp' } as const;
const tabs: Workspace = workspaceSchema.parse({
  tabs: [tab('a', leaf({ id: 'a', kind: 'settings' })), tab('b', split(leaf(shell), leaf({ id: 'c', kind: 'diagnostics' })))],
  active: 'b',
});
const documents = (store: StateStore) => store.workspace.tabs.flatMap(({ root }) => documentsIn(root));
const kept = () => readdirSync(folder).filter((name) => /broken|v\d/.test(name));

test('tabs are back after a restart', async () => {
  expect(open().workspace).toEqual({ tabs: [], active: null });
  await open().save(tabs);
  expect(open()).toMatchObject({ workspace: tabs, problems: [] });
});

test('cut off at any byte, the tabs of the last good copy are back', async () => {
  await open().save(tabs);
  const whole = readFileSync(path);
  for (let length = 0; length < whole.length - 2; length += 3) {
    writeFileSync(path, whole.subarray(0, length));
    expect(open()).toMatchObject({ workspace: tabs, problems: [expect.stringContaining('last good copy')] });
  }
});

test('tabs that cannot be understood are left out and told, wherever they stand', () => {
  const good = fc.record({ id: fc.uuid(), kind: fc.constantFrom('settings', 'diagnostics', 'telemetry') });
  const bad = fc.oneof(
    fc.record({ id: fc.uuid(), kind: fc.constant('hologram') }),
    fc.record({ kind: fc.constant('settings') }),
    fc.integer(),
    fc.constant(null),
    fc.record({ id: fc.uuid(), kind: fc.constant('ssh'), target: fc.string() }),
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          good.map((tab) => ({ tab, ok: true })),
          bad.map((tab) => ({ tab, ok: false })),
        ),
      ),
      (entries) => {
        const first = { version: 1, workspace: { documents: entries.map(({ tab }) => tab), active: null } };
        const second = {
          version: 2,
          workspace: { tabs: entries.map(({ tab: document }, index) => tab(String(index), leaf(document))), active: null },
        };
        for (const content of [first, second]) {
          writeFileSync(path, JSON.stringify(content));
          const store = open();
          expect(documents(store)).toEqual(entries.filter(({ ok }) => ok).map(({ tab }) => tab));
          expect(store.problems.length > 0).toBe(entries.some(({ ok }) => !ok));
        }
      },
    ),
  );
});

test('a pane that cannot be understood is left out of its tab, and the file with it is kept when another takes its place', async () => {
  const root = split(leaf(shell), leaf({ id: 'x', kind: 'hologram', depth: 3 }), split(leaf({ id: 'y', kind: 'hologram' })));
  const text = JSON.stringify({ version: 2, workspace: { tabs: [tab('b', root)], active: 'b' } });
  writeFileSync(path, text);
  const store = open();
  expect(documents(store)).toEqual([shell]);
  expect(store.problems).toEqual([expect.stringContaining('will be kept as state.broken.json')]);
  expect(kept()).toEqual([]);
  await store.save(tabs);
  await store.save({ tabs: [], active: null });
  expect(readFileSync(join(folder, 'state.broken.json'), 'utf8')).toBe(text);
  expect(kept()).toEqual(['state.broken.json']);
  expect(open().problems).toEqual([]);
});

test('version 1 is brought over: a tab for each document, files below a terminal as a pane below it', () => {
  const target = { cluster: 'ada@example.com:443', leaf: '', node: 'n', hostname: 'web-1', login: 'root' };
  const ssh = { id: 's', kind: 'ssh', target, origin: 'resource_table' };
  const files = { remotePath: '/srv', localPath: '/home/ada' };
  writeFileSync(path, JSON.stringify({ version: 1, workspace: { documents: [shell, { ...ssh, files }], active: 's' } }));
  const store = open();
  expect(store.problems).toEqual([]);
  expect(store.workspace).toEqual({
    tabs: [tab('b', leaf(shell)), tab('s', { ...split(leaf(ssh), leaf({ id: 's-files', kind: 'files', target, ...files })), sizes: [1, 1] })],
    active: 's',
  });
});

test('a tree nested too deeply is kept as it is and said', async () => {
  for (const levels of [12, 100_000]) {
    const text = `{"version":2,"workspace":{"tabs":[{"id":"t","root":${'{"kind":"split","direction":"down","sizes":[1],"panes":['.repeat(levels)}{"kind":"leaf","document":{"id":"d","kind":"settings"}}${']}'.repeat(levels)}}],"active":"t"}}`;
    writeFileSync(path, text);
    const store = open();
    expect(store.workspace.tabs).toEqual([]);
    expect(store.problems[0]).toContain('state.broken.json');
    await store.save(tabs);
    expect(readFileSync(join(folder, 'state.broken.json'), 'utf8')).toBe(text);
    rmSync(join(folder, 'state.broken.json'));
    rmSync(join(folder, 'state.json.bak'));
  }
});

test('the file of a newer version is not lost when this one saves', async () => {
  const root = split(leaf(shell), leaf({ id: 'z', kind: 'hologram' }));
  const newer = JSON.stringify({ version: 3, workspace: { tabs: [{ ...tab('b', root), pinned: true }], active: 'b' }, windows: [1, 2] });
  writeFileSync(path, newer);
  const store = open();
  expect(documents(store)).toEqual([shell]);
  await store.save(tabs);
  expect(readdirSync(folder).sort()).toEqual(['state.json', 'state.json.bak', 'state.v3.json']);
  expect(readFileSync(join(folder, 'state.v3.json'), 'utf8')).toBe(newer);
  expect(open().workspace).toEqual(tabs);
});

test('any JSON at all gives a valid workspace', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      for (const version of [1, 2]) {
        writeFileSync(path, JSON.stringify({ version, workspace: value }));
        expect(workspaceSchema.safeParse(open().workspace).success).toBe(true);
      }
    }),
  );
});
