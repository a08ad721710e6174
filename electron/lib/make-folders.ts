import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from './system-calls.ts';

/*
 * Folders with their parents, each 0700, unless they are there. Node's own recursive `mkdir` never returns where a file system takes no
 * folders and says so by ENOENT, as /proc does.
 */

const mode = 0o700;
const isWithoutParent = (caught: unknown, path: string) => systemCode(caught) === 'ENOENT' && dirname(path) !== path;

/** Throws what the system says where there is no such folder then. */
export async function makeFolders(path: string): Promise<void> {
  try {
    await makeOne(path);
  } catch (caught) {
    if (!isWithoutParent(caught, path)) throw caught;
    await makeFolders(dirname(path));
    await makeOne(path);
  }
}

/** The same at once. */
export function makeFoldersSync(path: string): void {
  try {
    makeOneSync(path);
  } catch (caught) {
    if (!isWithoutParent(caught, path)) throw caught;
    makeFoldersSync(dirname(path));
    makeOneSync(path);
  }
}

async function makeOne(path: string): Promise<void> {
  await mkdir(path, mode).catch(async (caught: unknown) => {
    const found = await stat(path).catch(() => null); // why it could not be made says more
    if (!found?.isDirectory()) throw caught;
  });
}

function makeOneSync(path: string): void {
  try {
    mkdirSync(path, mode);
  } catch (caught) {
    if (!isFolder(path)) throw caught;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // why it could not be made says more
  }
}
