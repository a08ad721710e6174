import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** `xdg-mime` only reads files; a longer run counts as having no answer. */
const queryTimeoutMs = 5000;

/** The command that opens a file in what the desktop has for plain text (freedesktop.org's desktop entries); null where it has nothing with a window. */
export async function desktopEditor(path: string): Promise<string[] | null> {
  const id = await defaultFor('text/plain');
  if (!id || !/^[\w.+-]+\.desktop$/.test(id)) return null;
  const home = process.env.XDG_DATA_HOME || join(homedir(), '.local/share');
  for (const folder of [home, ...(process.env.XDG_DATA_DIRS || '/usr/local/share:/usr/share').split(':')]) {
    if (!isAbsolute(folder)) continue;
    const text = await readFile(join(folder, 'applications', id), 'utf8').catch(() => null); // it may be in the next folder
    if (text !== null) return commandOf(text, path);
  }
  return null;
}

/** Null where xdg-mime is missing or knows none: then there is no editor to start. */
const defaultFor = (type: string) =>
  new Promise<string | null>((resolve) => {
    execFile('xdg-mime', ['query', 'default', type], { timeout: queryTimeoutMs }, (error, stdout) => resolve(error ? null : stdout.trim()));
  });

function commandOf(entry: string, path: string): string[] | null {
  const main = /^\[Desktop Entry\]$([\s\S]*?)(?=^\[|$(?![\s\S]))/m.exec(entry)?.[1] ?? '';
  const value = (key: string) => new RegExp(`^${key}[ \\t]*=[ \\t]*(.*)$`, 'm').exec(main)?.[1] ?? '';
  if (value('Terminal') === 'true') return null;
  // Quoted words may have escaped signs in them; the value itself has its backslashes doubled.
  const words = [
    ...value('Exec')
      .replaceAll('\\\\', '\\')
      .matchAll(/"((?:[^"\\]|\\.)*)"|[^\s"]+/g),
  ].map(([word, quoted]) => (quoted === undefined ? word : quoted.replace(/\\(.)/g, '$1')));
  if (words.length === 0) return null;
  const command = words.flatMap((word) => {
    if (word === '%f' || word === '%F') return [path];
    if (word === '%u' || word === '%U') return [pathToFileURL(path).href];
    // Field codes for icons and names, and deprecated ones, are dropped.
    return /^%[^%]$/.test(word) ? [] : [word.replaceAll('%%', '%')];
  });
  return words.some((word) => /^%[fFuU]$/.test(word)) ? command : [...command, path];
}
