import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ask } from './control-client.ts';
import { answeringPath, listeningPath, sharedFolderProblem } from './control-path.ts';
import { appRequestSchema } from './control-request.ts';
import { ControlServer } from './control-server.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

let home: string;
beforeEach(() => {
  const base = mkdtempSync(join(tmpdir(), 'slipway-place-'));
  closing.push(() => rmSync(base, { recursive: true, force: true }));
  home = join(base, 'x'.repeat(120));
});

const asked = () => ask(home, { request: 'ssh-config', capitals: false }, z.string());
const noRuntime = { platform: process.platform, env: {} };

async function listen(system = noRuntime): Promise<{ path: string; end(): Promise<void> }> {
  const path = listeningPath(home, 'app', system);
  const server = await ControlServer.listen(path, appRequestSchema, async () => ({ value: 'ours' }));
  closing.push(
    () => server.close(),
    () => rmSync(dirname(path), { recursive: true, force: true }),
  );
  return { path, end: () => server.close() };
}

/** Another user's process that makes the folder and answers in it as Slipway would. Counts who connected. */
async function stranger(folder: string): Promise<{ callers(): Promise<number> }> {
  const answer = JSON.stringify({ ok: true, value: 'ProxyCommand touch /tmp/owned' });
  const program = `
    const fs = require('node:fs'), net = require('node:net');
    let callers = 0;
    fs.mkdirSync(${JSON.stringify(folder)}, { recursive: true, mode: 0o755 });
    const server = net.createServer((socket) => { callers++; socket.end(${JSON.stringify(`${answer}\n`)}); });
    server.listen(${JSON.stringify(join(folder, 'app.sock'))}, () => {
      fs.chmodSync(${JSON.stringify(join(folder, 'app.sock'))}, 0o777);
      console.log('ready');
    });
    process.stdin.once('data', () => { console.log(callers); });
  `;
  const child = spawn(process.execPath, ['-e', program], { uid: 12345, gid: 12345, stdio: ['pipe', 'pipe', 'inherit'] });
  closing.push(async () => {
    child.kill();
    await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  });
  await once(child.stdout, 'data');
  return {
    async callers() {
      child.stdin.write('?');
      return Number(String((await once(child.stdout, 'data'))[0]));
    },
  };
}

describe.skipIf(process.getuid?.() !== 0)('beside a user who was there first', () => {
  test('a folder in the temporary folder that can be guessed from the data folder is asked nothing', async () => {
    const mark = createHash('sha256').update(home).digest('hex').slice(0, 16);
    const other = await stranger(join(tmpdir(), `slipway-0-${mark}`));
    await expect(asked()).rejects.toMatchObject({ code: 'closed' });
    await listen();
    expect(await asked()).toBe('ours');
    expect(await other.callers()).toBe(0);
  });

  test('the place of the last time, taken by them since, is asked nothing and is given up', async () => {
    const last = await listen();
    await last.end();
    rmSync(dirname(last.path), { recursive: true });
    const other = await stranger(dirname(last.path));
    await expect(asked()).rejects.toMatchObject({ code: 'access-denied', message: expect.stringContaining(dirname(last.path)) });
    const next = await listen();
    expect(next.path).not.toBe(last.path);
    expect(await asked()).toBe('ours');
    expect(await other.callers()).toBe(0);
  });

  test.each(['a short path', 'a long path'])('a data folder that everybody may write to, of %s', async (kind) => {
    if (kind === 'a short path') home = join(dirname(home), 'd');
    mkdirSync(home);
    chmodSync(dirname(home), 0o755);
    chmodSync(home, 0o777);
    // The socket of a long data folder is not there, but the name of its place would be.
    const other = kind === 'a short path' ? await stranger(join(home, 'control')) : null;
    if (!other) await new Promise((resolve) => spawn('mkdir', [join(home, 'control')], { uid: 12345, gid: 12345 }).once('exit', resolve));
    await expect(asked()).rejects.toMatchObject({ code: 'access-denied' });
    await expect(listen()).rejects.toMatchObject({ code: 'access-denied' });
    if (other) expect(await other.callers()).toBe(0);
  });
});

test('a link in the place of the folder is not followed', async () => {
  home = join(dirname(home), 'd');
  mkdirSync(join(dirname(home), 'elsewhere'), { mode: 0o700 });
  mkdirSync(home);
  symlinkSync(join(dirname(home), 'elsewhere'), join(home, 'control'));
  await expect(asked()).rejects.toMatchObject({ code: 'access-denied' });
  await expect(listen()).rejects.toMatchObject({ code: 'access-denied' });
});

test('a folder that others may enter is closed by the app, and not used before', async () => {
  home = join(dirname(home), 'd');
  mkdirSync(join(home, 'control'), { recursive: true });
  chmodSync(join(home, 'control'), 0o755);
  await expect(asked()).rejects.toMatchObject({ code: 'access-denied' });
  await listen();
  expect(statSync(join(home, 'control')).mode & 0o777).toBe(0o700);
  expect(await asked()).toBe('ours');
});

test('the runtime folder is preferred to the temporary one, which is told', async () => {
  const runtime = mkdtempSync(join(tmpdir(), 'run-'));
  closing.push(() => rmSync(runtime, { recursive: true, force: true }));
  const good = listeningPath(home, 'relay', { ...noRuntime, env: { XDG_RUNTIME_DIR: runtime } });
  expect(dirname(dirname(good))).toBe(runtime);
  expect(sharedFolderProblem(good)).toBeNull();
  chmodSync(runtime, 0o755);
  const other = listeningPath(home, 'app', { ...noRuntime, env: { XDG_RUNTIME_DIR: runtime } });
  closing.push(() => rmSync(dirname(other), { recursive: true, force: true }));
  expect(dirname(dirname(other))).toBe(tmpdir());
  expect(sharedFolderProblem(other)).toContain(dirname(other));
  expect(sharedFolderProblem(listeningPath(dirname(home), 'app', noRuntime))).toBeNull();
});

test('the place is one that every OS takes, and stays over restarts', async () => {
  const first = await listen();
  expect(first.path.length).toBeLessThan(104);
  expect(answeringPath(home, 'app')).toBe(first.path);
  await first.end();
  expect(existsSync(first.path)).toBe(false);
  expect((await listen()).path).toBe(first.path);
});

test.each<[string, (file: string) => void]>([
  ['a link to a device without end', (file) => symlinkSync('/dev/zero', file)],
  ['a pipe that nobody writes to', (file) => void execFileSync('mkfifo', [file])],
  [
    'a gigabyte',
    (file) => {
      writeFileSync(file, '');
      truncateSync(file, 2 ** 30);
    },
  ],
  ['lists in lists', (file) => writeFileSync(file, `${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
  ['UTF-16', (file) => writeFileSync(file, Buffer.from('\ufeff{"path":"/tmp/x","pid":1}', 'utf16le'))],
])('in the place of the last one’s name: %s; a new one is made', async (_what, put) => {
  await (await listen()).end();
  const [file] = readdirSync(join(home, 'control')).filter((name) => name.endsWith('.json'));
  rmSync(join(home, 'control', file!));
  put(join(home, 'control', file!));
  expect(() => answeringPath(home, 'app')).toThrow('Slipway is not running.');
  await listen();
  expect(await asked()).toBe('ours');
});

test('named pipes of Windows have names that nobody can guess; only the agent keeps its own', () => {
  const windows = { platform: 'win32', env: {} } as const;
  expect(listeningPath(home, 'app', windows)).toMatch(/^\\\\\.\\pipe\\slipway-[0-9a-f]{32}-app$/);
  expect(answeringPath(home, 'app', 'win32')).toBe(listeningPath(home, 'app', windows));
  expect(listeningPath(home, 'app', windows)).not.toBe(listeningPath(dirname(home), 'app', windows));
  expect(listeningPath(home, 'agent', windows)).toBe(listeningPath(home, 'agent', windows));
});
