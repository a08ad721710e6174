import { randomUUID } from 'node:crypto';
import { accessSync, chmodSync, closeSync, constants, openSync, type Stats, statSync, unlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import { diskReason } from './disk-error.ts';
import { makeFoldersSync } from './make-folders.ts';
import { systemCode } from './system-calls.ts';

const advice = 'Make it a folder that you can write to, or name another one with SLIPWAY_HOME.';
const adviceWhenFull = 'Make room on that disk, or name a folder on another one with SLIPWAY_HOME.';
const fullCodes = ['ENOSPC', 'EDQUOT'];
/** Reasons that are worded differently for a folder than for a file in it. */
const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'a file stands in its place',
  ENOTDIR: 'a file stands on the way to it',
  ENAMETOOLONG: 'its path is too long',
  ENOENT: 'no folder can be made there',
};

/**
 * Makes Slipway's data folder, or takes the one that is there, for this user alone (0700). The answer is a warning for people where others keep access to it,
 * else null. Throws `disk`, with what to do, when it cannot be used.
 */
export function openDataFolder(path: string): string | null {
  try {
    makeFoldersSync(path);
    const warning = process.platform === 'win32' ? null : closeToOthers(path, statSync(path));
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    tryFile(path);
    return warning;
  } catch (cause) {
    throw folderError(path, cause);
  }
}

/** Both hosts begin with a lock in the folder. On a disk with no room left for a file, Electron's would fail without a word. */
function tryFile(folder: string): void {
  const path = join(folder, `.tried-${randomUUID()}`);
  closeSync(openSync(path, 'wx', 0o600));
  unlinkSync(path);
}

/** A failure to use Slipway's folder or a file in it, with what to do. */
export function folderError(path: string, cause: unknown): AppError {
  const code = systemCode(cause) ?? '';
  const why = reasons[code] ?? diskReason(cause);
  const what = fullCodes.includes(code) ? adviceWhenFull : advice;
  return new AppError('disk', `Slipway cannot use its data folder ${path}: ${why}. ${what}`, { cause, details: { path } });
}

/** What others can do in the data folder, as a sentence; null when they can do nothing. */
export function accessOfOthers(path: string, { mode, uid }: Pick<Stats, 'mode' | 'uid'>): string | null {
  if (uid !== 0 && uid !== process.getuid?.())
    return `The data folder ${path} belongs to another user of this computer, who can read and change what is in it.`;
  if ((mode & 0o022) !== 0) return `Other users of this computer may write to the data folder ${path}. Take that from them with: chmod 700 ${path}`;
  return null;
}

/** Folders that others share on purpose, such as /tmp or the home folder, are left open. */
function closeToOthers(path: string, found: Stats): string | null {
  const isShared = (found.mode & 0o1000) !== 0 || path === homedir();
  if ((found.mode & 0o077) === 0 || isShared || found.uid !== process.getuid?.()) return accessOfOthers(path, found);
  try {
    chmodSync(path, 0o700);
    return null;
  } catch {
    return accessOfOthers(path, found);
  }
}
