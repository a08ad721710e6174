import { constants } from 'node:fs';
import { access, chmod, chown, lstat, mkdtemp, open, rm, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import { localError } from '../../file-systems/local-errors.ts';
import { LocalFileSystem } from '../../file-systems/local-file-system.ts';
import { systemPath } from '../../file-systems/system-path.ts';
import { partName } from '../part-name.ts';
import type { FileTask } from './file-task.ts';
import { keepingCopy } from './kept-copy.ts';
import { LocalFile } from './local-file.ts';

const local = new LocalFileSystem();
const pieceLength = 1024 * 1024;
const noFollow = constants.O_NOFOLLOW ?? 0;

/** The part file of a download. */
interface LocalPart {
  path: string;
  file: LocalFile;
  /** It lies in a folder of its own, since its target's may not be written to: the target is written in place. */
  isElsewhere: boolean;
  /** Removes that folder. */
  clear(): Promise<void>;
}

const nothing = async () => {};

/** `start`: what a part file from an earlier try has; else what such a try left there goes first. */
export async function openLocalPart(task: FileTask, start: number): Promise<LocalPart> {
  const path = local.join(task.folder, partName(task.name));
  if (start > 0) return { path, file: await LocalFile.open(path, 'continue'), isElsewhere: false, clear: nothing };
  try {
    return { path, file: await newFile(path), isElsewhere: false, clear: nothing };
  } catch (error) {
    const target = local.join(task.folder, task.name);
    const isRefused = AppError.from(error).code === 'access-denied' && task.replace?.kind === 'file';
    if (!isRefused || !(await mayWrite(target))) throw error;
    const folder = await mkdtemp(join(tmpdir(), 'slipway-part-'));
    const other = join(folder, 'part');
    return { path: other, file: await newFile(other), isElsewhere: true, clear: () => rm(folder, { recursive: true, force: true }) };
  }
}

async function newFile(path: string): Promise<LocalFile> {
  try {
    return await LocalFile.open(path, 'create');
  } catch (error) {
    if (AppError.from(error).code !== 'conflict') throw error;
    await unlink(systemPath(path)).catch(() => {}); // the next try says why not
    return LocalFile.open(path, 'create');
  }
}

const mayWrite = (path: string) =>
  access(systemPath(path), constants.W_OK).then(
    () => true,
    () => false,
  );

/** Gives a whole part file its name. A file that is replaced keeps its owner, mode and other names (hard links): by being written in place where needed. */
export async function putInPlace(part: Pick<LocalPart, 'path' | 'isElsewhere'>, task: FileTask, note: (text: string) => void): Promise<void> {
  const path = local.join(task.folder, task.name);
  if (!task.replace) return local.moveToFree(part.path, path);
  const [ours, there] = await Promise.all([part.path, path].map((one) => lstat(systemPath(one)).catch(() => null)));
  if (!ours || !there?.isFile()) return local.move(part.path, path);
  const mayMove = !part.isElsewhere && (there.nlink === 1 || process.platform === 'win32');
  const isOurs = process.platform === 'win32' || (ours.uid === there.uid && ours.gid === there.gid);
  if (mayMove && (isOurs || (await takesOwner(part.path, there)))) return local.move(part.path, path);
  if (!part.isElsewhere && !(await mayWrite(path))) {
    note('The owner or other names (hard links) of some files could not be kept.');
    return local.move(part.path, path);
  }
  note('Some files were written in place: they have other owners or names (hard links), or their folder may not be written to.');
  await keepingCopy(local, path, there.size, () => copyInto(part.path, path));
  await unlink(systemPath(part.path));
}

async function takesOwner(path: string, { uid, gid, mode }: { uid: number; gid: number; mode: number }): Promise<boolean> {
  try {
    await chown(systemPath(path), uid, gid);
    await chmod(systemPath(path), mode & 0o777);
    return true;
  } catch {
    return false;
  }
}

async function copyInto(from: string, to: string): Promise<void> {
  try {
    const source = await open(systemPath(from), 'r');
    try {
      const target = await open(systemPath(to), constants.O_WRONLY | noFollow);
      try {
        const { size, mtime } = await source.stat();
        const buffer = Buffer.allocUnsafe(pieceLength);
        for (let at = 0; at < size; ) {
          const { bytesRead } = await source.read(buffer, 0, pieceLength, at);
          if (bytesRead === 0) break;
          for (let done = 0; done < bytesRead; ) done += (await target.write(buffer, done, bytesRead - done, at + done)).bytesWritten;
          at += bytesRead;
        }
        await target.truncate(size);
        await target.sync();
        // Another owner's time is not ours to set.
        await target.utimes(mtime, mtime).catch(() => {});
      } finally {
        await target.close();
      }
    } finally {
      await source.close();
    }
  } catch (caught) {
    throw localError(caught, to);
  }
}
