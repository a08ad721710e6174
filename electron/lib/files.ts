import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';

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

export const isMissing = (caught: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes((caught as NodeJS.ErrnoException).code ?? '');

/** A folder of a profile: 0700, its parents too. */
export async function makeFolder(path: string): Promise<void> {
  await guard(path, 'created', () => mkdir(path, { recursive: true, mode: 0o700 }));
}

/** A file prepared in `K` under a name that no tool takes for a profile, a certificate or a key (tsh-profile §2.7). */
export async function prepare(folder: string, text: string, mode: number): Promise<string> {
  const path = join(folder, `.slipway-${process.pid}-${Math.random().toString(36).slice(2)}.tmp`);
  await guard(path, 'written', async () => {
    const file = await open(path, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  });
  return path;
}

/** Puts a prepared file in its place. On Windows a reader may hold the target for a moment. */
export async function putInPlace(prepared: string, target: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await rename(prepared, target);
    } catch (caught) {
      if (process.platform === 'win32' && attempt < 6 && ['EPERM', 'EBUSY', 'EACCES'].includes((caught as NodeJS.ErrnoException).code ?? '')) {
        await new Promise((resolve) => setTimeout(resolve, 20 << attempt));
        continue;
      }
      await unlink(prepared).catch(() => {}); // the failure before is the one to tell
      throw diskError(target, 'written', caught);
    }
  }
}

/** Replaces a file through a temporary one in `folder`; answers whether it had to: nothing is touched when the text stands there already. */
export async function replaceText(folder: string, target: string, text: string, mode: number): Promise<boolean> {
  if ((await readText(target)) === text) return false;
  await putInPlace(await prepare(folder, text, mode), target);
  return true;
}

/** Overwrites the file where it stands, for files that carry a lock: the lock lives on the inode (tsh-profile §2.5). */
export async function writeInPlace(path: string, text: string): Promise<void> {
  await guard(path, 'written', async () => {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      await file.write(text, 0, 'utf8');
      await file.truncate(Buffer.byteLength(text));
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
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
  const why = code === 'ENOSPC' ? 'the disk is full' : code === 'EACCES' || code === 'EPERM' ? 'the permissions do not allow it' : code;
  return new AppError('disk', `${path} could not be ${verb}: ${why}. Check the folder and try again.`, { cause, details: { path } });
}
