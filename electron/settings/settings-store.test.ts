import { lstatSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultSettings, settingsSchema } from '../../shared/settings/settings.ts';
import { type SettingsState, SettingsStore } from './settings-store.ts';

let folder: string;
let path: string;
let managedPath: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-settings-'));
  path = join(folder, 'settings.json');
  managedPath = join(folder, 'managed.json');
});
const stores: SettingsStore[] = [];
const closeAll = async () => {
  for (const store of stores.splice(0)) await store.close();
};
afterEach(async () => {
  await closeAll();
  rmSync(folder, { recursive: true, force: true });
});

function open(): SettingsStore {
  const store = new SettingsStore({ path, managedPath });
  stores.push(store);
  return store;
}
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
      await closeAll();
    }),
    { numRuns: 60 },
  );
}, 60_000);

/** Resolves with the first state that fits. */
function until(store: SettingsStore, fits: (state: SettingsState) => boolean): Promise<SettingsState> {
  return new Promise((resolve) => {
    const look = (state: SettingsState) => fits(state) && resolve(state);
    store.topic.onChange(look);
    look(store.topic.get());
  });
}

test('what is written by hand while the app runs is in effect, and outlives changes in the app, field by field', async () => {
  const store = open();
  await store.update({ theme: 'dark', terminal: { fontSize: 18 } });
  writeFileSync(path, JSON.stringify({ version: 1, theme: 'light', terminal: { fontSize: 18, scrollback: 700 }, mine: { a: [1] } }));
  await store.update({ zoom: 1.5, terminal: { fontSize: 20 } });
  expect(store.values).toMatchObject({ theme: 'light', zoom: 1.5, terminal: { fontSize: 20, scrollback: 700 } });
  const both = { version: 1, theme: 'light', zoom: 1.5, terminal: { fontSize: 20, scrollback: 700 }, mine: { a: [1] } };
  expect(onDisk()).toEqual(both);
  expect(JSON.parse(readFileSync(`${path}.bak`, 'utf8'))).toEqual(both);
});

test.each(['written over', 'renamed over'])(
  'a file that an editor has %s is followed without a change in the app, and is the last good copy then',
  async (how) => {
    const store = open();
    await store.update({ theme: 'dark' });
    const text = JSON.stringify({ version: 1, theme: 'light' });
    writeFileSync(how === 'written over' ? path : `${path}~`, text);
    if (how === 'renamed over') renameSync(`${path}~`, path);
    await until(store, ({ values }) => values.theme === 'light');
    await store.close();
    expect(readFileSync(`${path}.bak`, 'utf8')).toBe(text);
  },
);

test('one that was broken by hand changes nothing in effect and is kept aside by the next change in the app', async () => {
  const store = open();
  await store.update({ theme: 'dark', zoom: 1.25 });
  const broken = '{"version":1,"theme":"light",';
  writeFileSync(path, broken);
  const { values, problems } = await until(store, (state) => state.problems.length > 0);
  expect(values).toMatchObject({ theme: 'dark', zoom: 1.25 });
  expect(problems).toEqual([expect.stringContaining('settings.broken.json')]);
  await store.update({ zoom: 2 });
  expect(readFileSync(join(folder, 'settings.broken.json'), 'utf8')).toBe(broken);
  expect(onDisk()).toEqual({ version: 1, theme: 'dark', zoom: 2 });
  expect(store.topic.get().problems).toHaveLength(1);
  writeFileSync(path, '{"theme":');
  await store.update({ zoom: 1 });
  expect(readFileSync(join(folder, 'settings.broken.json'), 'utf8')).toBe(broken);
  expect(readFileSync(join(folder, 'settings.broken-2.json'), 'utf8')).toBe('{"theme":');
  writeFileSync(path, '{"theme":"light"}');
  await until(store, (state) => state.problems.length === 0 && state.values.theme === 'light');
});

test('a link into another folder stays one: its target is written, and followed', async () => {
  const dotfiles = join(folder, 'dotfiles');
  mkdirSync(dotfiles);
  writeFileSync(join(dotfiles, 'slipway.json'), JSON.stringify({ theme: 'dark' }));
  symlinkSync(join('dotfiles', 'slipway.json'), path);
  const store = open();
  await store.update({ zoom: 2 });
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(JSON.parse(readFileSync(join(dotfiles, 'slipway.json'), 'utf8'))).toEqual({ version: 1, theme: 'dark', zoom: 2 });
  writeFileSync(join(dotfiles, 'slipway.json'), JSON.stringify({ theme: 'light' }));
  await until(store, ({ values }) => values.theme === 'light');
});

test('5,000 nested objects: defaults, a sentence, and the file is kept', async () => {
  const nested = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
  writeFileSync(path, nested);
  const store = open();
  expect(store.values).toEqual(defaultSettings);
  expect(store.topic.get().problems).toEqual([expect.stringMatching(/settings\.json could not be read \(.*nested.*settings\.broken\.json/)]);
  await store.update({ zoom: 2 });
  expect(readFileSync(join(folder, 'settings.broken.json'), 'utf8')).toBe(nested);
});
