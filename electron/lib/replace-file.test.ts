import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isTemporary, prepareFile, replaceFile, sweepTemporaries } from './replace-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-replace-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

test('a link stays a link, over other links too, and its target is written beside itself', async () => {
  mkdirSync(at('dotfiles'));
  writeFileSync(at('dotfiles/real'), 'old');
  symlinkSync('real', at('dotfiles/link'));
  symlinkSync(at('dotfiles/link'), at('file'));
  await replaceFile(at('file'), 'new');
  expect(lstatSync(at('file')).isSymbolicLink()).toBe(true);
  expect(lstatSync(at('dotfiles/link')).isSymbolicLink()).toBe(true);
  expect(readFileSync(at('dotfiles/real'), 'utf8')).toBe('new');
  expect(readdirSync(at('dotfiles')).sort()).toEqual(['link', 'real']);
});

test('what a link points to is made when it is missing', async () => {
  symlinkSync('later', at('file'));
  await replaceFile(at('file'), 'new');
  expect(lstatSync(at('file')).isSymbolicLink()).toBe(true);
  expect(readFileSync(at('later'), 'utf8')).toBe('new');
});

test.each(['/dev/null', 'a link in a circle'])('%s is not written to', async (target) => {
  symlinkSync(target === '/dev/null' ? target : at('file'), at('file'));
  const device = statSync('/dev/null').rdev;
  await replaceFile(at('file'), 'new').catch(() => {});
  expect(statSync('/dev/null').rdev).toBe(device);
  expect(readdirSync(folder)).toEqual(['file']);
});

test('a failure leaves nothing behind, before and after the content was written', async () => {
  mkdirSync(at('file/full'), { recursive: true });
  await expect(replaceFile(at('file'), 'new')).rejects.toThrow();
  await expect(replaceFile(at('none/file'), 'new')).rejects.toMatchObject({ code: 'ENOENT' });
  await (await prepareFile(at('other'), 'new')).discard();
  expect(readdirSync(folder)).toEqual(['file']);
});

test('permissions are those that are asked for, or those that the file has', async () => {
  await replaceFile(at('secret'), 'x');
  await replaceFile(at('settings'), 'x', { mode: 0o640 });
  expect([statSync(at('secret')).mode & 0o777, statSync(at('settings')).mode & 0o777]).toEqual([0o600, 0o640]);
  await replaceFile(at('settings'), 'y', { mode: 'kept' });
  expect(statSync(at('settings')).mode & 0o777).toBe(0o640);
});

describe('what a killed process left', () => {
  test('is removed by the next one, and what a living one is at work on is not', async () => {
    const program = await build({
      stdin: {
        contents: `import { prepareFile } from './replace-file.ts';
          prepareFile(process.argv[2], 'a private key').then(() => console.log('written'));
          process.stdin.resume();`,
        resolveDir: import.meta.dirname,
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
    });
    writeFileSync(at('program.mjs'), program.outputFiles[0]!.text);
    const killed = spawn(process.execPath, [at('program.mjs'), at('file')], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(killed.stdout, 'data');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    rmSync(at('program.mjs'));
    expect(readdirSync(folder).filter(isTemporary)).toHaveLength(1);
    const living = await prepareFile(at('file'), 'key');
    const mine = readdirSync(folder).find((name) => name.includes(`-${process.pid}-`));
    writeFileSync(at('notes.1.tmp'), 'of another program');
    sweepTemporaries(folder);
    expect(readdirSync(folder).sort()).toEqual([mine, 'notes.1.tmp'].sort());
    await living.commit();
    expect(readdirSync(folder).sort()).toEqual(['file', 'notes.1.tmp']);
  });

  test('is removed after a day although another process has its number now', () => {
    const name = `.slipway-${process.pid}-0123456789ab.tmp`;
    writeFileSync(at(name), '');
    sweepTemporaries(folder);
    expect(readdirSync(folder)).toEqual([name]);
    const before = new Date(Date.now() - 25 * 3_600_000);
    utimesSync(at(name), before, before);
    sweepTemporaries(folder);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('temporary files are told by their names', () => {
  expect(isTemporary('keys/proxy/.slipway-12-0123456789ab.tmp')).toBe(true);
  expect(isTemporary('keys\\proxy\\.slipway-12-0123456789ab.tmp')).toBe(true);
  expect(isTemporary('keys/proxy/alice.key')).toBe(false);
});
