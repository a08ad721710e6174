import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultSettings, settingsSchema } from '../../shared/settings/settings.ts';
import { SettingsStore } from './settings-store.ts';

let folder: string;
let path: string;
let managedPath: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-settings-'));
  path = join(folder, 'settings.json');
  managedPath = join(folder, 'managed.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => new SettingsStore({ path, managedPath });
const onDisk = () => JSON.parse(readFileSync(path, 'utf8'));

test('without a file there are defaults and no problems', () => {
  expect(open().topic.get()).toEqual({ values: defaultSettings, problems: [], managed: [] });
});

test('a change holds at once, tells, and is there after a restart; the file holds only what was changed', async () => {
  const store = open();
  const seen: number[] = [];
  store.topic.onChange(({ values }) => seen.push(values.terminal.fontSize));
  const saved = store.update({ terminal: { fontSize: 18 } });
  expect(seen).toEqual([18]);
  await saved;
  expect(open().values).toEqual({ ...defaultSettings, terminal: { ...defaultSettings.terminal, fontSize: 18 } });
  expect(onDisk()).toEqual({ version: 1, terminal: { fontSize: 18 } });
});

test('one bad field falls to its default and is named; the others hold, and the bad one is repaired by setting it', async () => {
  writeFileSync(path, JSON.stringify({ theme: 'dark', zoom: 'huge', terminal: { fontSize: 900, scrollback: 100 } }));
  const store = open();
  const { values, problems } = store.topic.get();
  expect(values).toMatchObject({ theme: 'dark', zoom: 1, terminal: { fontSize: 14, scrollback: 100 } });
  expect(problems).toHaveLength(2);
  expect(problems.join()).toMatch(/zoom.*|terminal\.fontSize/);
  await store.update({ theme: 'light' });
  expect(onDisk()).toMatchObject({ zoom: 'huge', theme: 'light' });
  await store.update({ zoom: 2, terminal: { fontSize: 20 } });
  expect(store.topic.get()).toMatchObject({ problems: [], values: { zoom: 2, terminal: { fontSize: 20 } } });
});

test('a file of a newer version is used as far as it is known, and what is unknown is kept', async () => {
  writeFileSync(path, JSON.stringify({ version: 9, theme: 'dark', split: { panes: 3 }, terminal: { glow: true, fontSize: 11 } }));
  const store = open();
  expect(store.topic.get()).toMatchObject({
    problems: [expect.stringContaining('newer Slipway')],
    values: { version: 1, theme: 'dark', terminal: { fontSize: 11 } },
  });
  await store.update({ terminal: { fontSize: 12 } });
  expect(onDisk()).toEqual({ version: 9, theme: 'dark', split: { panes: 3 }, terminal: { glow: true, fontSize: 12 } });
});

test('a truncated file gives the last good settings and says so', async () => {
  await open().update({ theme: 'dark', zoom: 1.5 });
  const whole = readFileSync(path);
  writeFileSync(path, whole.subarray(0, whole.length / 2));
  const { values, problems } = open().topic.get();
  expect(values).toMatchObject({ theme: 'dark', zoom: 1.5 });
  expect(problems).toEqual([expect.stringContaining('last good copy')]);
});

test('an administrator wins, and what is fixed is named and refused', async () => {
  writeFileSync(managedPath, JSON.stringify({ theme: 'dark', telemetry: { consent: 'declined' }, unheard: 1 }));
  writeFileSync(path, JSON.stringify({ theme: 'light', telemetry: { consent: 'allowed' } }));
  const store = open();
  expect(store.topic.get()).toMatchObject({
    values: { theme: 'dark', telemetry: { consent: 'declined' } },
    managed: ['theme', 'telemetry.consent'],
    problems: [],
  });
  await expect(store.update({ zoom: 2, telemetry: { consent: 'allowed' } })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('telemetry.consent'),
  });
  expect(store.values.zoom).toBe(1);
  await store.update({ zoom: 2 });
  expect(onDisk()).toMatchObject({ theme: 'light', zoom: 2 });
});

test.each(['{"telemetry":', '[]', '{"telemetry":{"consent":"decline"}}', '{"telemetry":3}'])(
  "an administrator's file that cannot be used (%s) leaves usage events off",
  (text) => {
    writeFileSync(managedPath, text);
    writeFileSync(path, JSON.stringify({ telemetry: { consent: 'allowed' } }));
    const { values, problems, managed } = open().topic.get();
    expect(values.telemetry.consent).toBe('declined');
    expect(managed).toContain('telemetry.consent');
    expect(problems.join()).toContain('administrator');
  },
);

test('an administrator can set the collector but cannot consent for a person', () => {
  writeFileSync(managedPath, JSON.stringify({ telemetry: { consent: 'allowed', collector: 'https://c.example' } }));
  const { values, problems, managed } = open().topic.get();
  expect(values.telemetry).toMatchObject({ collector: 'https://c.example' });
  expect(values.telemetry.consent).toBeUndefined();
  expect(managed).toEqual(['telemetry.collector']);
  expect(problems).toEqual([expect.stringContaining('Only you can allow')]);
});

test('whatever stands in the files, there are valid settings, and a change to them survives', async () => {
  const field = fc.constantFrom('theme', 'zoom', 'terminal', 'fontSize', 'telemetry', 'consent', 'version', '__proto__', 'constructor', 'x');
  const tree = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, fc.jsonValue(), fc.constantFrom('dark', 'allowed', 2, 14), fc.dictionary(field, tie('value'), { maxKeys: 5 })),
  })).value;
  await fc.assert(
    fc.asyncProperty(fc.dictionary(field, tree), fc.dictionary(field, tree), async (own, managed) => {
      writeFileSync(path, JSON.stringify(own));
      writeFileSync(managedPath, JSON.stringify(managed));
      const store = open();
      expect(settingsSchema.safeParse(store.values).success).toBe(true);
      expect(({} as Record<string, unknown>).consent).toBeUndefined();
      if (store.topic.get().managed.includes('profiles.useTshHome')) return;
      await store.update({ profiles: { useTshHome: true } });
      expect(open().values.profiles.useTshHome).toBe(true);
      for (const key of Object.keys(own))
        if (key !== 'profiles' && key !== 'version') expect(onDisk()[key]).toEqual(JSON.parse(JSON.stringify(own[key])));
    }),
    { numRuns: 60 },
  );
});
