import { constants } from 'node:fs';
import { chmod, lstat, open, readFile, rm, stat } from 'node:fs/promises';
import { AppError } from '../../shared/errors/app-error.ts';
import { diskReason } from './disk-error.ts';
import { makeFolders } from './make-folders.ts';
import { isMissing, readPlainFile } from './read-file.ts';
import { type PreparedFile, prepareFile, type ReplaceOptions, replaceFile } from './replace-file.ts';

/** A profile with the CAs of hundreds of leaf clusters stays below this; anything larger is not a file of a profile. */
const maxFileBytes = 4 * 1024 * 1024;

/** Text of a file; null when missing or larger than any file of a profile may be. */
export async function readText(path: string): Promise<string | null> {
  try {
    const found = await stat(path);
    if (!found.isFile() || found.size > maxFileBytes) return null;
    return await readFile(path, 'utf8');
  } catch (caught) {
    if (isMissing(caught)) return null;
    throw diskError(path, 'read', caught);
  }
}

/** A folder of a profile: 0700, its parents too. */
export async function makeFolder(path: string): Promise<void> {
  await guard(path, 'created', () => makeFolders(path));
}

/** Gives a file a new text; answers whether it had to: nothing is touched when the text stands there already. */
export async function replaceText(path: string, text: string, options: ReplaceOptions): Promise<boolean> {
  if ((await readText(path)) === text) return false;
  await guard(path, 'written', () => replaceFile(path, text, options));
  return true;
}

/** `prepareFile` with errors for people. */
export async function prepareText(path: string, text: string, options: ReplaceOptions): Promise<PreparedFile> {
  const { commit, discard } = await guard(path, 'written', () => prepareFile(path, text, options));
  return { commit: () => guard(path, 'written', commit), discard };
}

/**
 * The content of a file that is to be changed and written back; empty when it is missing. Throws `disk` when it cannot be read in
 * full, since writing would then lose the rest.
 */
export async function readToChange(path: string): Promise<Buffer> {
  return guard(path, 'changed', async () => readPlainFile(path, maxFileBytes) ?? Buffer.alloc(0));
}

/** Overwrites a file in place, for files that carry a lock: the lock belongs to the inode (tsh-profile §2.5). */
export async function writeInPlace(path: string, content: Uint8Array): Promise<void> {
  await guard(path, 'written', async () => {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      await file.writeFile(content);
      await file.truncate(content.length);
    } finally {
      await file.close();
    }
    await chmod(path, 0o600);
  });
}

/** Removes a file or a folder with all in it; missing ones are fine. Symbolic links are removed, not followed. */
export async function remove(path: string): Promise<void> {
  await guard(path, 'removed', () => rm(path, { recursive: true, force: true, maxRetries: 3 }));
}

export async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function guard<T>(path: string, verb: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (caught) {
    throw diskError(path, verb, caught);
  }
}

function diskError(path: string, verb: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  return new AppError('disk', `${path} could not be ${verb}: ${diskReason(cause)}. Check the folder and try again.`, { cause, details: { path } });
}
