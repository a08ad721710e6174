import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type MainContract, mainContract } from '../../shared/contract/index.ts';
import { Client } from '../../shared/ipc/client.ts';
import { portPair } from '../../shared/ipc/port-pair.ts';
import { Topic } from '../../shared/ipc/server.ts';
import type { Workspace } from '../../shared/model/workspace.ts';
import { type RunningMain, startMain } from '../hosts/start-main.ts';
import { homeFolders } from './home-folders.ts';

let home: string;
let running: RunningMain[];
const openLink = vi.fn(async () => {});
const openEditor = vi.fn(async () => {});
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'slipway-services-'));
  running = [];
  openLink.mockClear();
  openEditor.mockClear();
});
afterEach(async () => {
  await Promise.all(running.map(({ services }) => services.close()));
  rmSync(home, { recursive: true, force: true });
});

function start(connect: string | null = null): { main: RunningMain; client: Client<MainContract> } {
  const main = startMain({
    folders: homeFolders(home, { SLIPWAY_TSH_HOME: join(home, 'tsh') }),
    managedPath: join(home, 'managed.json'),
    facilities: {
      host: 'browser',
      version: '1.2.3',
      electron: '',
      screenReader: new Topic(true),
      command: ['slipway'],
      openFolder: async () => {},
      openLink,
      focusApp: () => {},
      openEditor,
      chooseFolder: async () => null,
      dragOut: async () => {},
    },
    connect,
    defaultCollector: '',
  });
  running.push(main);
  const [near, far] = portPair();
  main.serveMain(far);
  return { main, client: new Client(mainContract, near) };
}

const tabs: Workspace = {
  tabs: [{ id: 'a', root: { kind: 'leaf', document: { id: 'a', kind: 'shell', cwd: '/' } }, focus: 'a' }],
  active: 'a',
};

test('the page learns where it runs', async () => {
  const info = await start().client.call('app.info', null);
  expect(info).toMatchObject({
    version: '1.2.3',
    host: 'browser',
    screenReader: true,
    homeFolder: home,
    logsFolder: join(home, 'logs'),
    node: process.versions.node,
  });
});

test('only copies of edited files are opened in an editor', async () => {
  const { client } = start();
  const copies = join(home, 'edited-files');
  await client.call('app.open-editor', { path: join(copies, '1', 'notes.txt') });
  expect(openEditor).toHaveBeenCalledExactlyOnceWith(join(copies, '1', 'notes.txt'));
  for (const path of ['/etc/passwd', copies, join(copies, '..', 'settings.json'), `${copies}-others/x`, 'edited-files/x', '']) {
    await expect(client.call('app.open-editor', { path })).rejects.toMatchObject({ code: 'invalid-argument' });
  }
  expect(openEditor).toHaveBeenCalledTimes(1);
});

test('settings and tabs are saved by the time it has closed, and back after a restart', async () => {
  const { main, client } = start();
  void client.call('settings.update', { terminal: { fontSize: 20 } });
  void client.call('workspace.save', tabs);
  await client.call('app.info', null);
  await main.services.close();
  const again = start();
  expect(await again.client.call('workspace.load', null)).toEqual(tabs);
  const seen: number[] = [];
  again.client.subscribe('settings', ({ values }) => seen.push(values.terminal.fontSize));
  await vi.waitFor(() => expect(seen).toEqual([20]));
});

test('files that were cut off are told to the person, and nobody else can read what is written', async () => {
  writeFileSync(join(home, 'state.json'), '{"version":1,"works');
  writeFileSync(join(home, 'settings.json'), '{"theme":"da');
  const { client, main } = start();
  const problems: string[][] = [];
  client.subscribe('settings', (state) => problems.push(state.problems));
  await vi.waitFor(() => expect(problems).toHaveLength(1));
  expect(problems[0]!.join(' ')).toMatch(/settings\.json could not be read.*state\.json could not be read/);
  await client.call('workspace.save', tabs);
  await client.call('settings.update', { theme: 'dark' });
  expect(readdirSync(home)).toEqual(expect.arrayContaining(['state.broken.json', 'settings.broken.json']));
  await main.services.close();
  for (const name of ['settings.json', 'state.json', 'logs/main.log']) expect([name, statSync(join(home, name)).mode & 0o77]).toEqual([name, 0]);
  expect(readFileSync(join(home, 'logs/main.log'), 'utf8')).toContain('could not be read');
});

test('a page cannot set what is only main’s, nor what an administrator fixed', async () => {
  writeFileSync(join(home, 'managed.json'), '{"theme":"dark"}');
  const { client, main } = start();
  await client.call('settings.update', { telemetry: { consent: 'allowed' } } as never);
  expect(main.services.settings.values.telemetry.consent).toBeUndefined();
  await expect(client.call('settings.update', { theme: 'light' })).rejects.toMatchObject({ code: 'conflict' });
});

test('only web links are opened', async () => {
  const { client } = start();
  await client.call('app.open-link', { url: 'https://example.com/x' });
  expect(openLink.mock.calls).toEqual([['https://example.com/x']]);
  await expect(client.call('app.open-link', { url: 'file:///etc/passwd' })).rejects.toMatchObject({ code: 'invalid-argument' });
  expect(openLink).toHaveBeenCalledOnce();
});

test('a cluster named at start is offered to the page, unless it is known', async () => {
  const { client } = start('cluster.example:3080');
  const seen: string[] = [];
  client.subscribe('commands', ({ serial, command, argument }) => seen.push(`${serial} ${command} ${argument}`));
  await vi.waitFor(() => expect(seen.at(-1)).toBe('1 clusters.add cluster.example:3080'));
});

test('diagnostics name what fails', async () => {
  const { client } = start();
  const good = await client.call('app.diagnostics', null);
  expect(good.steps.filter(({ ok }) => !ok)).toEqual([]);
  writeFileSync(join(home, 'settings.json'), '{"zoom":"x"}');
  const { steps } = await start().client.call('app.diagnostics', null);
  expect(steps.find(({ name }) => name.startsWith('Settings'))).toMatchObject({ ok: false, detail: expect.stringContaining('zoom') });
});
