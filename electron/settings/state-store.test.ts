import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Workspace, workspaceSchema } from '../../shared/model/document.ts';
import { StateStore } from './state-store.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-state-'));
  path = join(folder, 'state.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => new StateStore({ path });
const tabs: Workspace = {
  documents: [
    { id: 'a', kind: 'settings' },
    { id: 'b', kind: 'shell', cwd: '/tmp' },
    { id: 'c', kind: 'diagnostics' },
  ],
  active: 'b',
};

test('tabs are back after a restart', async () => {
  expect(open().workspace).toEqual({ documents: [], active: null });
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
        writeFileSync(path, JSON.stringify({ version: 1, workspace: { documents: entries.map(({ tab }) => tab), active: null } }));
        const store = open();
        expect(store.workspace.documents).toEqual(entries.filter(({ ok }) => ok).map(({ tab }) => tab));
        expect(store.problems.length > 0).toBe(entries.some(({ ok }) => !ok));
      },
    ),
  );
});

test('the file of a newer version is not lost when this one saves', async () => {
  const newer = JSON.stringify({ version: 3, workspace: { documents: [{ id: 'z', kind: 'hologram' }], active: 'z' }, panes: [1, 2] });
  writeFileSync(path, newer);
  const store = open();
  await store.save(tabs);
  expect(readdirSync(folder).sort()).toEqual(['state.json', 'state.json.bak', 'state.v3.json']);
  expect(readFileSync(join(folder, 'state.v3.json'), 'utf8')).toBe(newer);
  expect(open().workspace).toEqual(tabs);
});

test('any JSON at all gives a valid workspace', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      writeFileSync(path, JSON.stringify({ version: 1, workspace: value }));
      expect(workspaceSchema.safeParse(open().workspace).success).toBe(true);
    }),
  );
});
