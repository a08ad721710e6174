import { constants, lstatSync } from 'node:fs';
import { copyFile, link, lstat, rename, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { isMissing } from './read-file.ts';

/** `<name><mark><extension>` beside a file, or the first of `<name><mark>-2<extension>` and so on that is free. */
export function freeNameBeside(path: string, mark: string): string {
  const extension = extname(path);
  return freeName(join(dirname(path), basename(path, extension) + mark), extension);
}

/** `<start><extension>`, or the first of `<start>-2<extension>` and so on that is free. */
export function freeName(start: string, extension = ''): string {
  for (let count = 1; ; count++) {
    const name = `${start}${count === 1 ? '' : `-${count}`}${extension}`;
    if (!isTaken(name)) return name;
  }
}

function isTaken(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // the folder cannot be read now, so nothing will be written there either
  }
}

/**
 * Keeps the file at `path` under another name before a new file takes its place. A plain file gets a second name and needs no more
 * room on the disk; the target of a link is copied; anything else (a device, a pipe, a folder, a link to one) is moved. Does
 * nothing when there is no file.
 */
export async function keepAside(path: string, name: string): Promise<void> {
  const found = await lstat(path).catch((caught: unknown) => {
    if (isMissing(caught)) return null;
    throw caught;
  });
  if (!found) return;
  if (found.isFile()) return link(path, name).catch(() => copyFile(path, name, constants.COPYFILE_EXCL)); // not every file system has hard links
  const target = found.isSymbolicLink() ? await stat(path).catch(() => null) : found; // a link that leads nowhere says nothing that could be lost
  if (target?.isFile()) await copyFile(path, name, constants.COPYFILE_EXCL);
  else if (target) await rename(path, name);
}
