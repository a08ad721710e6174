import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Cluster } from '../../shared/model/cluster.ts';
import { ask } from './control-client.ts';
import { answeringPath, listeningPath } from './control-path.ts';
import { appRequestSchema } from './control-request.ts';
import { ControlServer } from './control-server.ts';
import { chooseCluster, locate } from './destination.ts';
import { sshConfig } from './ssh-config.ts';

const run = promisify(execFile);
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'slipway-cli-'));
  closing.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const cluster = (change: Partial<Cluster> = {}) =>
  ({
    key: 'ada@tele.example.com:443',
    address: 'tele.example.com:443',
    name: 'example.com',
    status: 'signed-in',
    leaves: [{ name: 'eu.example.com', online: true }],
    ...change,
  }) as Cluster;
const any = { cluster: '', proxy: '' };

describe('the socket', () => {
  const listen = async (home: string) => {
    const server = await ControlServer.listen(listeningPath(home, 'app'), appRequestSchema, async (request) => {
      if (request.request === 'ssh-config') throw new AppError('expired', 'Log in first.');
      return { value: request.request };
    });
    closing.push(() => server.close());
    return server;
  };

  test('it answers, tells errors, and is only for this user', async () => {
    const home = folder();
    await listen(home);
    const path = answeringPath(home, 'app');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(await ask(home, { request: 'locate', ...any, destination: 'a@b' }, z.string())).toBe('locate');
    await expect(ask(home, { request: 'ssh-config', capitals: false }, z.string())).rejects.toMatchObject({
      code: 'expired',
      message: 'Log in first.',
    });
  });

  test('what is left of an app that died is replaced; a running one is not', async () => {
    const home = folder();
    const first = await listen(home);
    await expect(listen(home)).rejects.toMatchObject({ code: 'conflict' });
    await first.close();
    writeFileSync(answeringPath(home, 'app'), '');
    await listen(home);
    expect(await ask(home, { request: 'locate', ...any, destination: 'a@b' }, z.string())).toBe('locate');
  });

  test.each(['garbage\n', '{"request":"erase"}\n', `${'x'.repeat(70_000)}\n`])('%# is refused', async (sent) => {
    const home = folder();
    await listen(home);
    const socket = connect(answeringPath(home, 'app'));
    socket.on('error', () => {});
    socket.write(sent);
    let answer = '';
    for await (const piece of socket) answer += piece;
    expect(JSON.parse(answer)).toMatchObject({ ok: false });
  });

  test('without an app there is a sentence', async () => {
    await expect(ask(folder(), { request: 'ssh-config', capitals: false }, z.string())).rejects.toThrow('Slipway is not running');
  });
});

describe('what a destination means', () => {
  const clusters = [cluster()];
  test.each([
    ['root@web', '', 'web', 'web.example.com'],
    ['root@web.example.com', '', 'web', 'web.example.com'],
    ['root@web.example.com:3022', '', 'web', 'web.example.com'],
    ['root@web.eu.example.com:22', 'eu.example.com', 'web:22', 'web.eu.example.com'],
    ['a@b@web', '', 'web', 'web.example.com'],
    ['root@web.EU.example.COM', 'eu.example.com', 'web', 'web.eu.example.com'],
  ])('%s', (destination, leaf, node, host) => {
    const found = locate(clusters, destination, any);
    expect([found.target.leaf, found.target.node, found.host]).toEqual([leaf, node, host]);
  });

  test('a login is named, or there is only one', () => {
    const two = [cluster(), cluster({ key: 'ada@lab:443', address: 'lab:443', name: 'lab' })];
    expect(() => chooseCluster(two, any)).toThrow('several clusters');
    expect(chooseCluster(two, { cluster: 'lab', proxy: '' }).cluster.name).toBe('lab');
    expect(chooseCluster(two, { cluster: '', proxy: 'lab' }).cluster.name).toBe('lab');
    expect(() => chooseCluster(two, { cluster: 'moon', proxy: '' })).toThrow('no cluster moon');
    expect(() => locate(clusters, 'web', any)).toThrow('user@host');
  });
});

test('OpenSSH reads the exported block as it is meant', async () => {
  const home = folder();
  const config = join(home, 'config');
  const [knownHosts, identity, certificate] = ['known hosts', '100%/ada', 'ada-cert.pub'].map((name) => `/home/ada b/${name}`);
  const login = {
    clusters: ['example.com', 'eu.example.com', 'bad*name'],
    servers: [{ host: 'Demo-Server.example.com', alias: 'uuid.example.com' }],
    proxyHost: 'tele.example.com',
    proxy: 'tele.example.com:443',
    knownHosts: knownHosts!,
    identity: identity!,
    certificate: certificate!,
  };
  const own = 'Host pet\n  HostName web.eu.example.com\n  User root\nHost away\n  HostName web.other.org\n';
  writeFileSync(config, own + sshConfig(['/opt/Slip way/slipway', "--home=/home/o'neil"], [login]));
  const read = async (host: string) => (await run('ssh', ['-G', '-F', config, host])).stdout;
  const node = await read('root@web.eu.example.com');
  expect(node).toContain('port 3022\n');
  expect(node).toContain(`certificatefile ${certificate}\n`);
  expect(node).toMatch(/identityfile "?\/home\/ada b\/100%%?\/ada/);
  expect(node).toContain("proxycommand '/opt/Slip way/slipway' '--home=/home/o'\\''neil' 'proxy' 'ssh' '--cluster=");
  const pet = await read('pet');
  expect(pet).toContain('hostname web.eu.example.com\n');
  expect(pet).toContain('port 3022\n');
  expect(pet.match(/^certificatefile /gm)).toHaveLength(1);
  expect(node.match(/^certificatefile /gm)).toHaveLength(1);
  expect(pet.replace(/^(host|user) .*\n/gm, '')).toBe(node.replace(/^(host|user) .*\n/gm, ''));
  expect(await read('root@Demo-Server.example.com')).toContain('hostkeyalias uuid.example.com\n');
  expect(await read('root@demo-server.example.com')).toContain('hostkeyalias uuid.example.com\n');
  expect(node).not.toContain('hostkeyalias uuid');
  expect(await read('away')).not.toContain('proxycommand');
  expect(await read('tele.example.com')).not.toContain('proxycommand');
  expect(await read('web.other.org')).not.toContain('proxycommand');
});

test('on Windows the exported block is quoted as its OpenSSH reads it', () => {
  const login = {
    clusters: ['example.com'],
    servers: [{ host: 'Demo-Server.example.com', alias: 'uuid.example.com' }],
    proxyHost: 'tele.example.com',
    proxy: 'tele.example.com:443',
    knownHosts: 'C:\\Users\\ada b\\known_hosts',
    identity: 'C:\\Users\\ada b\\ada',
    certificate: 'C:\\Users\\ada b\\ada-cert.pub',
  };
  const text = sshConfig(['C:\\Program Files\\Slipway\\slipway.exe', '--cli', '--home=C:\\Users\\100% ada\\'], [login], 'win32');
  expect(text).toContain('UserKnownHostsFile "C:/Users/ada b/known_hosts"\n');
  expect(text).toContain(
    'ProxyCommand "C:\\Program Files\\Slipway\\slipway.exe" "--cli" "--home=C:\\Users\\100%% ada\\\\" "proxy" "ssh" "--cluster=example.com" "--proxy=tele.example.com:443" %r@%h:%p\n',
  );
});
