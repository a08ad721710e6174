import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Topic } from '../shared/ipc/server.ts';
import { have } from '../test/support/have.ts';
import { homeFolders } from './app/home-folders.ts';
import { ProxyFactsStore } from './clusters/proxy-facts.ts';
import { startMain } from './hosts/start-main.ts';
import { BasketStore } from './requests/baskets.ts';
import { keptEdits } from './session-host/files/edits/kept-edits.ts';
import { SavedConnections } from './session-host/local-ports/saved-connections.ts';
import { SettingsStore } from './settings/settings-store.ts';
import { StateStore } from './settings/state-store.ts';
import { windowStateFile } from './settings/window-state.ts';
import { RecordFile } from './telemetry/delivery/record-file.ts';

let home: string;
const closing: (() => unknown)[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'slipway-state-'));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(home, { recursive: true, force: true });
});

interface Opened {
  /** What is said about the file. */
  problem: string | null;
  write(): Promise<unknown>;
}

/** Everything of ours that reads a file of the data folder and writes it again. */
const kinds: Record<string, (path: string) => Opened | Promise<Opened>> = {
  'settings.json': (path) => {
    const store = new SettingsStore({ path, managedPath: join(home, 'managed.json') });
    closing.push(() => store.close());
    return { problem: store.topic.get().problems[0] ?? null, write: () => store.update({ zoom: 2 }) };
  },
  'state.json': (path) => {
    const store = new StateStore({ path });
    return { problem: store.problems[0] ?? null, write: () => store.save({ tabs: [], active: null }) };
  },
  'window.json': (path) => {
    const file = windowStateFile(path);
    const { value, problem } = file.read();
    return { problem, write: () => file.write(value) };
  },
  'baskets.json': (path) => {
    const store = new BasketStore(path);
    return { problem: store.problem, write: () => store.change('ada@a:443', { change: 'add', roles: ['r'], resources: [] }) };
  },
  'proxies.json': (path) => {
    const store = new ProxyFactsStore(path);
    return { problem: store.problem, write: () => store.update('a:443', { edition: 'oss' }) };
  },
  'connections.json': (path) => {
    const store = new SavedConnections(path);
    return { problem: store.problem, write: () => store.write([]) };
  },
  'edits.json': (path) => {
    const file = keptEdits(dirname(path));
    const { value, problem } = file.read();
    return { problem, write: () => file.write(value) };
  },
  'outbox.jsonl': async (path) => {
    let problem: string | null = null;
    const records = [{ id: 1 }];
    const file = new RecordFile({ path, header: () => ({}), records: () => records, note: (message) => (problem ??= message) });
    await file.load();
    return { problem, write: () => file.rewrite() };
  },
};

const sparse = (path: string, bytes: number) => {
  const file = openSync(path, 'w');
  ftruncateSync(file, bytes);
  closeSync(file);
};

/** What stands in the place of a file, and how it is told again wherever it was kept. */
const faults: Record<string, { make(path: string): void; isKept(path: string): boolean }> = {
  'nested 100,000 deep': {
    make: (path) => writeFileSync(path, `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`),
    isKept: (path) => statSync(path).size === 600_001,
  },
  '1 GB long': { make: (path) => sparse(path, 2 ** 30), isKept: (path) => statSync(path).size === 2 ** 30 },
  'in UTF-16': {
    make: (path) => writeFileSync(path, Buffer.from('\uFEFF{"version":1}', 'utf16le')),
    isKept: (path) => readFileSync(path).equals(Buffer.from('\uFEFF{"version":1}', 'utf16le')),
  },
  'not in UTF-8': {
    make: (path) => writeFileSync(path, Buffer.from('{"version":1,"a":"caf\xe9"}', 'latin1')),
    isKept: (path) => readFileSync(path, 'latin1').includes('caf\xe9'),
  },
  'a link to a device': { make: (path) => symlinkSync('/dev/zero', path), isKept: (path) => readlinkSync(path) === '/dev/zero' },
  'a pipe': { make: (path) => execFileSync('mkfifo', [path]), isKept: (path) => lstatSync(path).isFIFO() },
  'a link to a pipe': {
    make: (path) => {
      execFileSync('mkfifo', [`${path}.fifo`]);
      symlinkSync(`${path}.fifo`, path);
    },
    isKept: (path) => readlinkSync(path).endsWith('.fifo'),
  },
  'a folder': { make: (path) => mkdirSync(path), isKept: (path) => lstatSync(path).isDirectory() },
};

describe.skipIf(!have('mkfifo'))('a state file that is no such file', () => {
  describe.each(Object.keys(kinds))('%s', (name) => {
    test.each(Object.keys(faults))('%s: it is said, kept, and a good one takes its place', async (fault) => {
      const path = join(home, name);
      const { make, isKept } = faults[fault]!;
      make(path);
      const { problem, write } = await kinds[name]!(path);
      expect(problem).toMatch(new RegExp(`${name.split('.')[0]}.* could not be read`));
      await write();
      const kept = readdirSync(home).filter((entry) => /broken|damaged/.test(entry));
      expect(kept).toHaveLength(1);
      expect(isKept(join(home, kept[0]!))).toBe(true);
      expect(problem).toContain(kept[0]);
      expect(lstatSync(path).isFile()).toBe(true);
      expect((await kinds[name]!(path)).problem).toBeNull();
    });

    test('one that begins with a byte order mark is read', async () => {
      const path = join(home, name);
      await (await kinds[name]!(path)).write();
      writeFileSync(path, `\uFEFF${readFileSync(path, 'utf8')}`);
      expect((await kinds[name]!(path)).problem).toBeNull();
    });
  });
});

function start() {
  const main = startMain({
    folders: homeFolders(home, { SLIPWAY_TSH_HOME: join(home, 'tsh') }),
    managedPath: join(home, 'managed.json'),
    facilities: {
      host: 'browser',
      version: '1.2.3',
      electron: '',
      screenReader: new Topic(false),
      command: ['slipway'],
      openFolder: async () => {},
      openLink: async () => {},
      focusApp: () => {},
      openEditor: async () => {},
      chooseFolder: async () => null,
      dragOut: async () => {},
    },
    connect: null,
    defaultCollector: '',
  });
  closing.push(() => main.services.close());
  return main.services;
}

const settingsFile = () => join(home, 'settings.json');
const zoomOnDisk = () => JSON.parse(readFileSync(settingsFile(), 'utf8')).zoom as unknown;

/** Mounting needs root, and a sandbox may forbid it even then. */
function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.skipIf(!canMount())('a data folder on a disk', () => {
  beforeEach(() => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', home]);
    closing.push(() => execFileSync('umount', ['-l', home]));
    writeFileSync(settingsFile(), JSON.stringify({ version: 1, zoom: 1.5 }));
  });

  test('that is full: Slipway starts, a change says why it is not kept and loses nothing, and is written once there is room', async () => {
    const filler = join(home, 'filler');
    try {
      writeFileSync(filler, Buffer.alloc(128 * 1024));
    } catch {
      // It is full now.
    }
    const { settings } = start();
    expect(settings.values.zoom).toBe(1.5);
    await expect(settings.update({ zoom: 2 })).rejects.toMatchObject({ code: 'disk', message: expect.stringContaining('the disk is full') });
    expect(settings.values.zoom).toBe(2);
    expect(zoomOnDisk()).toBe(1.5);
    rmSync(filler);
    await settings.update({ theme: 'dark' });
    expect(zoomOnDisk()).toBe(2);
    expect(readdirSync(home).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('that is read-only: Slipway starts and says why a change is not kept', async () => {
    execFileSync('mount', ['-o', 'remount,ro', home]);
    const { settings } = start();
    expect(settings.values.zoom).toBe(1.5);
    await expect(settings.update({ zoom: 2 })).rejects.toMatchObject({ code: 'disk', message: expect.stringContaining('read-only') });
    expect(zoomOnDisk()).toBe(1.5);
    execFileSync('mount', ['-o', 'remount,rw', home]);
    await settings.update({ theme: 'dark' });
    expect(zoomOnDisk()).toBe(2);
  });

  test('that vanishes: what is in effect stays so, and is written when there is a folder again', async () => {
    const { settings } = start();
    execFileSync('umount', ['-l', home]);
    closing.push(() => execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', home]));
    expect(existsSync(settingsFile())).toBe(false);
    await settings.update({ theme: 'dark' });
    expect(JSON.parse(readFileSync(settingsFile(), 'utf8'))).toMatchObject({ zoom: 1.5, theme: 'dark' });
  });
});
