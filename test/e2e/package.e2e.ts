import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { hosts, launch, newHome } from './app.ts';
import { answerConsent, terminalText, typeInTerminal } from './person.ts';

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
    test('says how it is used, and when the app is not there', () => {
      expect(slipway('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('slipway open USER@HOST') });
      expect(slipway('ls')).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('Slipway is not running') });
      expect(slipway('nonsense').status).toBe(2);
    });
  });
});
