import { AppError } from '../../../../shared/errors/app-error.ts';
import type { FileSystem } from '../file-systems/file-system.ts';
import { notThere } from '../file-systems/not-there.ts';

/** Gives an entry another name or folder. `conflict` when something else stands there and may not be replaced. */
export async function renameEntry(fileSystem: FileSystem, from: string, to: string, replace: boolean): Promise<void> {
  if (from === to) return;
  if (replace || (await isOtherSpelling(fileSystem, from, to))) return fileSystem.move(from, to);
  if (await fileSystem.lstat(to).catch(notThere)) throw new AppError('conflict', `Something of that name is there already: ${to}`);
  await fileSystem.moveToFree(from, to);
}

/** On a file system that folds case, a new spelling finds the entry itself: it is found, and no entry of that very name is listed. */
async function isOtherSpelling(fileSystem: FileSystem, from: string, to: string): Promise<boolean> {
  const folded = (path: string) => path.normalize('NFC').toLowerCase();
  if (folded(from) !== folded(to) || !(await fileSystem.lstat(to).catch(notThere))) return false;
  const { folder, name } = fileSystem.split(to);
  for await (const entries of fileSystem.list(folder)) if (entries.some((entry) => entry.name === name)) return false;
  return true;
}
