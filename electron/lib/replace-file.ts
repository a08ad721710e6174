import { randomBytes } from 'node:crypto';
import { readdirSync, statSync, unlinkSync } from 'node:fs';
import { chmod, type FileHandle, open, readlink, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isAlive, systemCode } from './system-calls.ts';

export interface ReplaceOptions {
  /** Permissions of the file, less what the umask takes away; or those that it has, 0600 for a new one. Default 0600. */
  mode?: number | 'kept';
  /** Where the temporary file is made: a folder on the same file system. Default: that of the file. */
  folder?: string;
}

/** The new content of a file, flushed to the disk beside it. Exactly one of both functions has to be called. */
export interface PreparedFile {
  /** Puts it in its place: a reader sees the old content or the new one, whole. */
  commit(): Promise<void>;
  discard(): Promise<void>;
}

/**
 * Gives a file a new content by way of a temporary file, the one mechanism for all files that are not written where they stand. A link stays a link: what it
 * points to is written. What is left of processes that died meanwhile is found by `sweepTemporaries`. Throws the system's errors.
 */
export async function replaceFile(path: string, content: string | Uint8Array, options: ReplaceOptions = {}): Promise<void> {
  await (await prepareFile(path, content, options)).commit();
  await flushFolder(dirname(path));
}

/** The first half of `replaceFile`, for files that have to be put in their places together. */
export async function prepareFile(path: string, content: string | Uint8Array, { mode = 0o600, folder }: ReplaceOptions = {}): Promise<PreparedFile> {
  const target = await followed(path);
  const aside = join(folder && target === path ? folder : dirname(target), temporaryName());
  const discard = () => unlink(aside).catch(() => {}); // the failure that led here is reported
  try {
    const kept = mode === 'kept' ? await stat(target).catch(() => null) : null;
    await writeNew(aside, content, mode === 'kept' ? 0o600 : mode);
    if (kept) await chmod(aside, kept.mode & 0o777);
  } catch (caught) {
    await discard();
    throw caught;
  }
  const commit = async () => {
    try {
      await renameOver(aside, target);
    } catch (caught) {
      await discard();
      throw caught;
    }
  };
  return { commit, discard };
}

/** Removes from a folder the temporary files of processes that have ended. Never throws. */
export function sweepTemporaries(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      const pid = Number(temporary.exec(name)?.[1] ?? 0);
      if (pid > 0 && isLeftOver(join(folder, name), pid)) unlinkSync(join(folder, name));
    }
  } catch {
    // The folder is not there, or another process sweeps it too.
  }
}

/** Whether a path is that of a temporary file. */
export const isTemporary = (path: string): boolean => temporary.test(basename(path.replaceAll('\\', '/')));

const temporary = /^\.slipway-(\d+)-[0-9a-f]+\.tmp$/;
const temporaryName = () => `.slipway-${process.pid}-${randomBytes(6).toString('hex')}.tmp`;

/** A temporary file lives for milliseconds. After a day its process has ended, although another one may have its number by now. */
const longestLifeMs = 24 * 3_600_000;

function isLeftOver(path: string, pid: number): boolean {
  return !isAlive(pid) || Date.now() - statSync(path).mtimeMs > longestLifeMs;
}

async function writeNew(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** As many as Linux follows. */
const mostLinks = 40;

/** The path without links, also when what it points to is missing. A link to a folder or a device is no place to write to and counts as the file itself. */
async function followed(path: string): Promise<string> {
  let at = path;
  for (let links = 0; links < mostLinks; links++) {
    const next = await readlink(at).catch(() => null);
    if (next === null) break;
    at = resolve(await realpath(dirname(at)).catch(() => dirname(at)), next);
  }
  if (at === path) return path;
  const found = await stat(at).catch(() => null);
  return found === null || found.isFile() ? at : path;
}

/** On Windows a scanner or a reader may hold the target for a moment. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await rename(from, to);
    } catch (caught) {
      const code = systemCode(caught) ?? '';
      if (process.platform !== 'win32' || attempt === 6 || !['EPERM', 'EBUSY', 'EACCES'].includes(code)) throw caught;
      await new Promise((done) => setTimeout(done, 20 << attempt));
    }
  }
}

/** Flushes the new name to the disk. Some file systems cannot flush folders; the content is safe without. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch {
    // Nothing is lost: the file was flushed before it was renamed.
  } finally {
    await handle?.close();
  }
}
