import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TempFolder, tempFolder } from '../../../test/support/temp-folder.ts';
import { waitUntil } from '../../../test/support/wait-until.ts';
import { openEditor } from './open-editor.ts';

let temp: TempFolder;
const before = { ...process.env };
const at = (name: string) => join(temp.path, name);

function program(name: string, text: string): void {
  writeFileSync(at(name), `#!/bin/sh\n${text}\n`);
  chmodSync(at(name), 0o755);
}

function entry(lines: string): void {
  mkdirSync(at('applications'), { recursive: true });
  writeFileSync(at('applications/org.example.Editor.desktop'), `[Desktop Entry]\nType=Application\n${lines}\n\n[Desktop Action new]\nExec=false\n`);
}

beforeEach(async () => {
  temp = await tempFolder();
  process.env.PATH = `${temp.path}:${before.PATH}`;
  process.env.XDG_DATA_HOME = temp.path;
  program('xdg-mime', '[ "$*" = "query default text/plain" ] && echo org.example.Editor.desktop');
  program('xdg-open', `touch ${at('opened-by-kind')}`);
  program('the editor', `printf '%s\\n' "$@" > "${at('opened')}.part"; mv "${at('opened')}.part" "${at('opened')}"`);
});
afterEach(async () => {
  process.env.PATH = before.PATH;
  if (before.XDG_DATA_HOME === undefined) delete process.env.XDG_DATA_HOME;
  else process.env.XDG_DATA_HOME = before.XDG_DATA_HOME;
  await temp.remove();
});

const names = [
  'run me.desktop',
  'x.sh',
  'x.exe',
  'x.bat',
  'x.lnk',
  'x.html',
  'X.app',
  'photo.jpg.desktop',
  'x%E2%80%AEtxt.desktop',
  '-x.AppImage',
  'plain',
];

test.skipIf(process.platform !== 'linux').each(names)('a copy named %s is opened by the text editor, never by its kind', async (name) => {
  entry(`Exec="${at('the editor')}" --new-window %U --title %c`);
  writeFileSync(at(name), '[Desktop Entry]\nExec=touch /tmp/owned\n');
  await openEditor(at(name));
  await waitUntil(() => existsSync(at('opened')), 'the editor to be started');
  const [first, url, ...rest] = readFileSync(at('opened'), 'utf8').trim().split('\n');
  expect([first, new URL(url!).protocol, ...rest]).toEqual(['--new-window', 'file:', '--title']);
  expect(decodeURIComponent(new URL(url!).pathname)).toBe(at(name));
  expect(existsSync(at('opened-by-kind'))).toBe(false);
});

test.skipIf(process.platform !== 'linux').each([
  ['no editor is known', () => program('xdg-mime', 'exit 0')],
  ['its entry is gone', () => {}],
  ['it needs a terminal', () => entry('Exec=vi %F\nTerminal=true')],
  ['the entry names no program', () => entry('Exec=')],
])('where %s, a sentence says where the copy is', async (_name, prepare) => {
  prepare();
  await expect(openEditor(at('run me.desktop'))).rejects.toThrow(
    `No text editor could be started. Open the copy in an editor of yours: ${at('run me.desktop')}`,
  );
  expect(existsSync(at('opened-by-kind'))).toBe(false);
});
