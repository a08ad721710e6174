import { setTimeout as delay } from 'node:timers/promises';
import { openFlag, type SftpAttributes, type SftpClient, type SftpHandle, sftpStatus, status } from '../../../../ssh/sftp/sftp.ts';
import type { FileFacts } from '../../file-systems/file-system.ts';
import { type RemoteFileSystem, toSeconds } from '../../file-systems/remote-file-system.ts';
import { partName } from '../part-name.ts';
import { type FileMoveContext, type FileTask, modeOf } from './file-task.ts';

/** Where an upload is written to: a part file beside the target, or the very file that is replaced. */
export interface UploadTarget {
  path: string;
  handle: SftpHandle;
  /** The file that is written over; null for a part file. */
  overwrites: FileFacts | null;
}

/**
 * Opens a part file, which is renamed in the end, so that a lost connection leaves the old file whole. A file that would lose its owner or its other
 * names (hard links) by that, or lies in a folder that may not be written to, is written in place instead, as other SFTP programs do it. `start`: bytes
 * that the part file has from an earlier attempt.
 */
export async function openTarget(task: FileTask, { lease: { fileSystem }, onNote }: FileMoveContext, start: number): Promise<UploadTarget> {
  const { sftp } = fileSystem;
  const partPath = fileSystem.join(task.folder, partName(task.name));
  const there = task.replace?.kind === 'file' ? task.replace : null;
  const part = async (): Promise<UploadTarget> => ({ path: partPath, handle: await openPart(sftp, partPath, start, modeOf(task)), overwrites: null });
  if (!there) return part();
  const path = fileSystem.join(task.folder, task.name);
  const inPlace = () => openInPlace(fileSystem, path, there);
  if (start === 0 && (there.links ?? (await fileSystem.linkCount(path)) ?? 1) > 1) {
    const target = await inPlace();
    if (target) return target;
    onNote('Other names (hard links) of some files lead to the earlier content: the server does not let these files be written to.');
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
    onNote('The server did not let the owner or group of some files be kept.');
    return target;
  }
  await sftp.closeHandle(target.handle);
  await sftp.remove(partPath);
  return other;
}

/** Null where the server does not let the file be written to. */
async function openInPlace({ sftp }: RemoteFileSystem, path: string, overwrites: FileFacts): Promise<UploadTarget | null> {
  try {
    return { path, handle: await sftp.open(path, openFlag.write), overwrites };
  } catch (error) {
    if (sftpStatus(error) === null) throw error;
    return null;
  }
}

/** Whether the open file has this owner and group already, or the server lets them be set. */
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

/** Removes a part file that something else left first: a new one is made, so that a link of that name is never written through. */
async function openPart(sftp: SftpClient, partPath: string, start: number, mode: number | null): Promise<SftpHandle> {
  if (start > 0) return sftp.open(partPath, openFlag.write);
  const create = () => sftp.open(partPath, openFlag.write | openFlag.create | openFlag.exclusive, ((mode ?? 0o644) & 0o777) | 0o600);
  for (let tries = 1; ; tries++) {
    try {
      return await create();
    } catch (error) {
      // The server may still be working for a connection that was lost, and make the file again. Three more attempts, over 0.9 seconds.
      if (sftpStatus(error) === null || tries === 5) throw error;
      await sftp.remove(partPath).catch(() => (tries === 1 ? Promise.reject(error) : undefined));
      if (tries > 1) await delay(100 * tries);
    }
  }
}

/** Gives a whole part file the name of its target. */
export async function givePartItsName(task: FileTask, context: FileMoveContext): Promise<void> {
  const { fileSystem } = context.lease;
  const part = fileSystem.join(task.folder, partName(task.name));
  const path = fileSystem.join(task.folder, task.name);
  if (task.replace) await fileSystem.move(part, path);
  else await fileSystem.sftp.rename(part, path);
  context.onPart(null);
}

/** Of a handle or a path. A server may refuse them without harm. A file that is written over keeps its mode. */
export async function setModeAndTimes(task: FileTask, context: FileMoveContext, on: SftpHandle | string, keepsMode = false): Promise<void> {
  const { sftp } = context.lease.fileSystem;
  const attributes: SftpAttributes = {};
  const mode = modeOf(task);
  if (mode !== null && !keepsMode) attributes.mode = mode;
  if (task.modified !== null) attributes.atime = attributes.mtime = toSeconds(task.modified);
  try {
    await (typeof on === 'string' ? sftp.setstat(on, attributes) : sftp.fsetstat(on, attributes));
  } catch (error) {
    if (sftpStatus(error) === null) throw error;
    context.onNote('The server did not take the modes or times of some files.');
  }
}
