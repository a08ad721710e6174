import { AppError } from '../../../../shared/errors/app-error.ts';
import { notThere } from '../file-systems/not-there.ts';
import type { Side } from '../file-systems/side.ts';

/** Gives an entry another name or folder. `conflict` when something else stands there and may not be replaced. */
export async function renameEntry(side: Side, from: string, to: string, replace: boolean): Promise<void> {
  if (from === to) return;
  if (replace || (await isOtherSpelling(side, from, to))) return side.move(from, to);
  if (await side.look(to).catch(notThere)) throw new AppError('conflict', `Something of that name is there already: ${to}`);
  await side.moveToFree(from, to);
}

/** On a file system that folds case, a new spelling finds the entry itself: it is found, and no entry of that very name is listed. */
async function isOtherSpelling(side: Side, from: string, to: string): Promise<boolean> {
  const folded = (path: string) => path.normalize('NFC').toLowerCase();
  if (folded(from) !== folded(to) || !(await side.look(to).catch(notThere))) return false;
  const { folder, name } = side.split(to);
  for await (const entries of side.list(folder)) if (entries.some((entry) => entry.name === name)) return false;
  return true;
}
