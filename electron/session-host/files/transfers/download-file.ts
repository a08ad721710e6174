import { link, rename, unlink } from 'node:fs/promises';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { openFlag, type SftpClient, type SftpHandle, sftpStatus } from '../../../ssh/sftp/sftp.ts';
import { localError } from '../file-systems/local-errors.ts';
import { LocalSide } from '../file-systems/local-side.ts';
import { readLength } from '../file-systems/remote-side.ts';
import { systemPath } from '../file-systems/system-path.ts';
import { Depth } from './depth.ts';
import { changedWhileMoved, type FileMoves, type FileTask, grewWhileMoved, resumeOffset, smallFile } from './file-task.ts';
import { LocalFile } from './local-file.ts';
import { partName } from './part-name.ts';
import { Prefix, pump } from './pump.ts';
import type { SmallFiles } from './small-files.ts';

const local = new LocalSide();
const blockReads = 8;
const blockLength = blockReads * readLength;
/** A file that says it is empty and is not, as those of /proc: read up to here. */
const longestUntold = 64 * 1024 * 1024;

/** Fetches one file: into a part file, flushed, then renamed to its name. The folder has to be checked to be the one that is meant. */
export async function downloadFile(task: FileTask, moves: FileMoves): Promise<void> {
  const { sftp } = moves.lease.side;
  const partPath = local.join(task.folder, partName(task.name));
  const start = await resumeOffset(task, moves.lease.side, local, partPath, moves.note);
  if (moves.small && task.size > 0 && task.size <= smallFile && start === 0) return downloadSmall(task, moves, moves.small, partPath);
  const opened = sftp.open(task.source, openFlag.read);
  opened.catch(() => {});
  const file = start > 0 ? await LocalFile.open(partPath, 'continue') : await newPart(partPath);
  const prefix = new Prefix(start);
  const record = () => moves.part({ size: task.size, modified: task.modified, prefix: prefix.end });
  record();
  let handle: SftpHandle | null = null;
  let isWhole = false;
  try {
    handle = await opened;
    await fetchBlocks(task, moves, sftp, handle, file, prefix, record);
    await file.finish({ mode: rights(task), modified: task.modified, sync: true });
    isWhole = true;
  } finally {
    if (handle && sftp.isOpen) sftp.closeHandle(handle).catch(() => {});
    else if (!handle) opened.then((late) => sftp.closeHandle(late)).catch(() => {});
    if (!isWhole) {
      await file.quiet();
      await file.truncate(prefix.end).catch(() => {});
      record();
    }
    await file.close();
  }
  await putInPlace(partPath, local.join(task.folder, task.name), task.replace);
  moves.part(null);
}

/** What an earlier transfer left there goes first. */
async function newPart(path: string): Promise<LocalFile> {
  try {
    return await LocalFile.open(path, 'create');
  } catch (error) {
    if (AppError.from(error).code !== 'conflict') throw error;
    await unlink(systemPath(path)).catch(() => {});
    return LocalFile.open(path, 'create');
  }
}

/** Bits that give rights beyond reading, writing and running are not taken from a server. */
const rights = ({ mode }: FileTask) => (mode === null ? null : mode & 0o777);

/** In two round trips: all of it and the end of it are asked for at once. */
async function downloadSmall(task: FileTask, moves: FileMoves, small: SmallFiles, part: string): Promise<void> {
  const { sftp } = moves.lease.side;
  moves.part({ size: task.size, modified: task.modified, prefix: 0 });
  const memory = Buffer.allocUnsafeSlow(task.size + 1);
  await pump(1, moves.signal, async () => {
    const handle = await sftp.open(task.source, openFlag.read);
    const pieces: Promise<unknown>[] = [];
    for (let at = 0; at < task.size; at += readLength)
      pieces.push(readFully(sftp, handle, at, memory, at, Math.min(readLength, task.size - at), task.name));
    const beyond = sftp.read(handle, task.size, { buffer: memory, at: task.size, length: 1 });
    const all = Promise.all([...pieces, beyond.then((more) => (more > 0 ? grewWhileMoved(task, moves.note) : undefined))]);
    // A short answer has to be asked on for, so the handle stays until then.
    await all.finally(() => sftp.isOpen && void sftp.closeHandle(handle).catch(() => {}));
    return false;
  });
  const bytes = memory.subarray(0, task.size);
  await small.write(local.join(task.folder, task.name), { part, bytes, mode: rights(task), modified: task.modified, replace: task.replace });
  moves.moved(task.size);
  moves.part(null);
}

async function fetchBlocks(
  task: FileTask,
  moves: FileMoves,
  sftp: SftpClient,
  handle: SftpHandle,
  file: LocalFile,
  prefix: Prefix,
  record: () => void,
): Promise<void> {
  const depth = new Depth(sftp.roundTrip, blockLength);
  const workers = Math.min(depth.most, Math.ceil((task.size - prefix.end) / blockLength));
  const buffers: Buffer[] = [];
  let next = prefix.end;
  const modified = modifiedOf(sftp, handle);
  // It is awaited at the end; a lost line is told by the reads.
  modified.catch(() => {});
  await pump(workers, moves.signal, async (worker) => {
    await depth.enter();
    if (next >= task.size) {
      depth.leave(0);
      return false;
    }
    buffers[worker] ??= Buffer.allocUnsafe(blockLength);
    const buffer = buffers[worker];
    const offset = next;
    const length = Math.min(blockLength, task.size - offset);
    next += length;
    const reads: Promise<void>[] = [];
    for (let at = 0; at < length; at += readLength)
      reads.push(readFully(sftp, handle, offset + at, buffer, at, Math.min(readLength, length - at), task.name));
    await Promise.all(reads);
    if (moves.signal.aborted) return false;
    await file.write(buffer, length, offset);
    depth.leave(length);
    prefix.add(offset, length);
    moves.moved(length);
    record();
    return true;
  });
  if (task.size === 0) return fetchUntold(task, moves, sftp, handle, file, prefix);
  await pump(1, moves.signal, async () => {
    const beyond = { buffer: Buffer.allocUnsafe(1), at: 0, length: 1 };
    const [more, now] = await Promise.all([sftp.read(handle, task.size, beyond), modifiedOf(sftp, handle)]);
    if (more > 0) grewWhileMoved(task, moves.note);
    else if (now !== (await modified)) throw changedWhileMoved(task.name);
    return false;
  });
}

/** As the open file has it, compared with itself only: some servers tell another time of it in a list. Null where none is told. */
async function modifiedOf(sftp: SftpClient, handle: SftpHandle): Promise<number | null> {
  try {
    return (await sftp.fstat(handle)).mtime ?? null;
  } catch (error) {
    if (sftpStatus(error) === null) throw error;
    return null;
  }
}

/** A file that told 0 is read to its end. */
async function fetchUntold(task: FileTask, moves: FileMoves, sftp: SftpClient, handle: SftpHandle, file: LocalFile, prefix: Prefix): Promise<void> {
  const buffer = Buffer.allocUnsafe(readLength);
  await pump(1, moves.signal, async () => {
    const count = await sftp.read(handle, prefix.end, { buffer, at: 0, length: readLength });
    if (count === 0) return false;
    if (prefix.end + count > longestUntold) throw changedWhileMoved(task.name);
    await file.write(buffer, count, prefix.end);
    prefix.add(prefix.end, count);
    moves.moved(count);
    return true;
  });
}

async function readFully(
  sftp: SftpClient,
  handle: SftpHandle,
  offset: number,
  buffer: Buffer,
  at: number,
  length: number,
  name: string,
): Promise<void> {
  for (let done = 0; done < length; ) {
    const count = await sftp.read(handle, offset + done, { buffer, at: at + done, length: length - done });
    if (count === 0) throw changedWhileMoved(name);
    done += count;
  }
}

/** A new name is taken only if nobody has it by now. */
async function putInPlace(part: string, path: string, replace: boolean): Promise<void> {
  const [from, to] = [systemPath(part), systemPath(path)];
  try {
    if (replace) return await rename(from, to);
    try {
      await link(from, to);
    } catch (caught) {
      const { code } = caught as NodeJS.ErrnoException;
      if (code === 'EEXIST') throw caught;
      // A file system without hard links.
      if (await local.look(path).catch(() => null)) throw new AppError('conflict', `Something of that name is there by now: ${path}`);
      return await rename(from, to);
    }
    await unlink(from);
  } catch (caught) {
    throw localError(caught, path);
  }
}
