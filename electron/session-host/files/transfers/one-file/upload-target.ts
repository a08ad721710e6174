import { setTimeout as delay } from 'node:timers/promises';
import { openFlag, type SftpClient, type SftpHandle, sftpStatus, status } from '../../../../ssh/sftp/sftp.ts';
import type { FileFacts } from '../../file-systems/file-system.ts';
import type { RemoteFileSystem } from '../../file-systems/remote-file-system.ts';
import { partName } from '../part-name.ts';
import { type FileMoves, type FileTask, modeOf } from './file-task.ts';

/** Where an upload is written to: a part file beside its name, or the very file that is replaced. */
export interface UploadTarget {
  path: string;
  handle: SftpHandle;
  isInPlace: boolean;
}

/**
 * A part file that is renamed in the end, so that a cut leaves the old file whole. A file that would lose its owner or its other names (hard links) by
 * that, or lies in a folder that may not be written to, is written in place instead, as other SFTP programs do it. `start`: what a part file has.
 */
export async function openTarget(task: FileTask, { lease: { fileSystem }, note }: FileMoves, start: number): Promise<UploadTarget> {
  const { sftp } = fileSystem;
  const partPath = fileSystem.join(task.folder, partName(task.name));
  const there = task.replace?.kind === 'file' ? task.replace : null;
  const part = async (): Promise<UploadTarget> => ({ path: partPath, handle: await openPart(sftp, partPath, start, modeOf(task)), isInPlace: false });
  if (!there) return part();
  const path = fileSystem.join(task.folder, task.name);
  const inPlace = () => openInPlace(fileSystem, path);
  if (start === 0 && (there.links ?? (await fileSystem.linkCount(path)) ?? 1) > 1) {
    const target = await inPlace();
    if (target) return target;
    note('Other names (hard links) of some files lead to the earlier content: the server does not let these files be written to.');
  }
  let target: UploadTarget;
  try {
    target = await part();
  } catch (error) {
    if (sftpStatus(error) !== status.permissionDenied) throw error;
    const other = await inPlace();
    if (other) return other;
    throw error;
  }
  if (await takesOwner(sftp, target.handle, there.ids)) return target;
  const other = await inPlace();
  if (!other) {
    note('The server did not let the owner or group of some files be kept.');
    return target;
  }
  await sftp.closeHandle(target.handle);
  await sftp.remove(partPath);
  return other;
}

async function openInPlace({ sftp }: RemoteFileSystem, path: string): Promise<UploadTarget | null> {
  try {
    return { path, handle: await sftp.open(path, openFlag.write), isInPlace: true };
  } catch (error) {
    if (sftpStatus(error) === null) throw error;
    return null;
  }
}

/** Whether the open file has this owner and group, by itself or when it is told to. */
async function takesOwner(sftp: SftpClient, handle: SftpHandle, ids: FileFacts['ids']): Promise<boolean> {
  if (!ids) return true;
  const has = async () => {
    const { uid, gid } = await sftp.fstat(handle);
    return uid === undefined || (uid === ids.user && gid === ids.group);
  };
  try {
    if (await has()) return true;
    await sftp.fsetstat(handle, { uid: ids.user, gid: ids.group });
    return await has();
  } catch (error) {
    if (sftpStatus(error) === null) throw error;
    return false;
  }
}

/** A part file that is left over from something else goes first; what the name leads to is never written to. */
async function openPart(sftp: SftpClient, partPath: string, start: number, mode: number | null): Promise<SftpHandle> {
  if (start > 0) return sftp.open(partPath, openFlag.write);
  const create = () => sftp.open(partPath, openFlag.write | openFlag.create | openFlag.exclusive, ((mode ?? 0o644) & 0o777) | 0o600);
  for (let tries = 1; ; tries++) {
    try {
      return await create();
    } catch (error) {
      // A session whose line was cut may still be at work on the server, and make it again.
      if (sftpStatus(error) === null || tries === 5) throw error;
      await sftp.remove(partPath).catch(() => (tries === 1 ? Promise.reject(error) : undefined));
      if (tries > 1) await delay(100 * tries);
    }
  }
}
