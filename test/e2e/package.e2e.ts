import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { have } from '../support/have.ts';
import { type App, type ClusterProcess, hosts, launch, newHome, startClusterProcess } from './app.ts';
import { answerConsent, type ClusterFacts, settleIn, terminalText, typeInTerminal } from './person.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const unpacked = join(root, 'dist/linux-unpacked');
const executable = join(unpacked, 'slipway');
const npx = (...args: string[]) => execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });

describe.skipIf(!hosts.electron || process.platform !== 'linux')('the packaged app', () => {
  beforeAll(() => {
    const result = spawnSync(process.execPath, ['build/package.mjs', '--dir'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: dirname(hosts.electron!) },
    });
    if (result.status !== 0) throw new Error(`${result.stdout}\n${result.stderr}`);
  }, 300_000);

  test('holds the app and nothing of the tests', () => {
    const files = npx('node_modules/@electron/asar/bin/asar.js', 'list', join(unpacked, 'resources/app.asar')).split('\n');
    expect(files).toContain('/out/main.js');
    expect(files).toContain('/out/renderer/index.html');
    expect(files.filter((path) => /^\/(test|out\/test|out\/gallery|proto|shared|electron|renderer)\b/.test(path) || path.endsWith('.map'))).toEqual(
      [],
    );
    expect(existsSync(join(unpacked, 'resources/default_app.asar'))).toBe(false);
    expect(readdirSync(join(unpacked, 'resources'))).toContain('app.asar');
  });

  test('has its fuses set', () => {
    const fuses = npx('node_modules/@electron/fuses/dist/bin.js', 'read', '--app', executable);
    for (const line of [
      'RunAsNode is Disabled',
      'EnableNodeOptionsEnvironmentVariable is Disabled',
      'EnableNodeCliInspectArguments is Disabled',
      'OnlyLoadAppFromAsar is Enabled',
      'GrantFileProtocolExtraPrivileges is Disabled',
    ])
      expect(fuses).toContain(line);
  });

  test('starts, and a local shell works in it', async () => {
    const app = await launch('electron', { home: newHome(), executable });
    try {
      await answerConsent(app.page, 'Decline');
      await app.page.getByRole('button', { name: 'Open a local terminal' }).click();
      await typeInTerminal(app.page, 'echo packaged-$((6*7))\n');
      await expect.poll(() => terminalText(app.page), { timeout: 20_000 }).toContain('packaged-42');
    } finally {
      await app.kill();
    }
  });

  describe('as a command line', () => {
    const home = newHome();
    // Without a display, as over SSH. Chromium wants the first flag of root, who runs these tests.
    const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
    const slipway = (...words: string[]) =>
      spawnSync(executable, ['--no-sandbox', '--ozone-platform=headless', '--log-level=3', '--cli', ...words], {
        encoding: 'utf8',
        timeout: 30_000,
        input: '',
        env: { ...env, SLIPWAY_HOME: home },
      });
    let cluster: ClusterProcess<ClusterFacts>;
    let app: App | undefined;
    beforeAll(async () => {
      spawnSync(process.execPath, ['build/build.mjs', '--cluster'], { cwd: root });
      cluster = await startClusterProcess<ClusterFacts>();
    }, 200_000);
    afterAll(async () => {
      await app?.kill();
      await cluster?.close();
    });

    test('says how it is used, and when the app is not there', () => {
      expect(slipway('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('slipway open USER@HOST') });
      expect(slipway('ls')).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('Slipway is not running') });
      expect(slipway('nonsense').status).toBe(2);
    });

    test('lists, opens, and carries OpenSSH', async () => {
      app = await launch('electron', { home, executable });
      await settleIn(app.page, cluster.facts);
      const listed = slipway('ls', 'demo-server', '--json');
      expect(listed).toMatchObject({ status: 0 });
      expect(JSON.parse(listed.stdout)).toMatchObject([{ kind: 'node', name: 'demo-server' }]);
      const tabs = await app.page.getByRole('tab').count();
      expect(slipway('open', 'root@demo-server').status).toBe(0);
      await expect.poll(() => app!.page.getByRole('tab').count(), { timeout: 20_000 }).toBe(tabs + 1);
      const block = slipway('ssh-config').stdout;
      expect(block).toContain(`ProxyCommand '${executable}' '--ozone-platform=headless' '--log-level=3' '--cli' '--home=${home}' 'proxy' 'ssh'`);
      if (!have('ssh')) return;
      const config = join(home, 'ssh-config');
      writeFileSync(config, block.replaceAll("'--cli'", "'--no-sandbox' '--cli'"));
      const host = `root@demo-server.${cluster.facts.name}`;
      const through = spawnSync('ssh', ['-F', config, '-o', 'BatchMode=yes', host, 'cat; echo packaged-$((40+2)); exit 3'], {
        encoding: 'utf8',
        timeout: 60_000,
        input: 'x'.repeat(200_000),
        env: { ...env, SSH_AUTH_SOCK: '' },
      });
      expect(through).toMatchObject({ status: 3, stdout: `${'x'.repeat(200_000)}packaged-42\n` });
    }, 150_000);
  });
});
