import { openFlag, type SftpClient, type SftpHandle, sftpStatus } from '../../../../ssh/sftp/sftp.ts';
import { LocalFileSystem } from '../../file-systems/local-file-system.ts';
import { readLength } from '../../file-systems/remote-file-system.ts';
import { partName } from '../part-name.ts';
import { Prefix, runWorkers } from '../run-workers.ts';
import type { SmallFiles } from '../small-files.ts';
import { changedWhileMoved, type FileMoves, type FileTask, grewWhileMoved, longestUntold, modeOf, resumeOffset, smallFile } from './file-task.ts';
import type { LocalFile } from './local-file.ts';
import { openLocalPart, putInPlace } from './local-target.ts';
import { ReadWindow } from './read-window.ts';

const local = new LocalFileSystem();
const blockReads = 8;
const blockLength = blockReads * readLength;

/** Fetches one file: into a part file, flushed, then renamed to its name. The folder has to be checked to be the one that is meant. */
export async function downloadFile(task: FileTask, moves: FileMoves): Promise<void> {
  const { sftp } = moves.lease.fileSystem;
  const partPath = local.join(task.folder, partName(task.name));
  const start = await resumeOffset(task, moves.lease.fileSystem, local, partPath, moves.note);
  // What is replaced is looked at closely, which the threads do not.
  const isSmall = task.size > 0 && task.size <= smallFile && start === 0 && !task.replace;
  if (moves.small && isSmall && (await downloadSmall(task, moves, moves.small, partPath))) return;
  const opened = sftp.open(task.source, openFlag.read);
  opened.catch(() => {});
  const part = await openLocalPart(task, start);
  const { file } = part;
  const prefix = new Prefix(start);
  const record = () => {
    if (!part.isElsewhere) moves.part({ size: task.size, modified: task.modified, prefix: prefix.end });
  };
  record();
  let handle: SftpHandle | null = null;
  let isWhole = false;
  try {
    handle = await opened;
    await fetchBlocks(task, moves, sftp, handle, file, prefix, record);
    // A server's content gets no rights of somebody else's, also where the earlier content had them.
    const mode = modeOf(task);
    await file.finish({ mode: mode === null ? null : mode & 0o777, modified: task.modified, sync: true });
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
    if (!isWhole) await part.clear();
  }
  await putInPlace(part, task, moves.note).finally(part.clear);
  moves.part(null);
}

/** In two round trips: all of it and the end of it are asked for at once. False, and nothing done, when its size is not what was told. */
async function downloadSmall(task: FileTask, moves: FileMoves, small: SmallFiles, part: string): Promise<boolean> {
  const { sftp } = moves.lease.fileSystem;
  moves.part({ size: task.size, modified: task.modified, prefix: 0 });
  const memory = Buffer.allocUnsafeSlow(task.size + 1);
  let isAsTold = false;
  await runWorkers(1, moves.signal, async () => {
    const handle = await sftp.open(task.source, openFlag.read);
    const pieces: Promise<number>[] = [];
    for (let at = 0; at < task.size; at += readLength) pieces.push(readFully(sftp, handle, at, memory, at, Math.min(readLength, task.size - at)));
    pieces.push(sftp.read(handle, task.size, { buffer: memory, at: task.size, length: 1 }));
    // A short answer has to be asked on for, so the handle stays until then.
    const counts = await Promise.all(pieces).finally(() => sftp.isOpen && void sftp.closeHandle(handle).catch(() => {}));
    isAsTold = counts.pop() === 0 && counts.reduce((sum, count) => sum + count, 0) === task.size;
    return false;
  });
  if (!isAsTold) return false;
  const bytes = memory.subarray(0, task.size);
  await small.write(local.join(task.folder, task.name), { part, bytes, mode: modeOf(task), modified: task.modified });
  moves.moved(task.size);
  moves.part(null);
  return true;
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
  const depth = new ReadWindow(sftp.roundTrip, blockLength);
  const workers = Math.min(depth.most, Math.ceil((task.size - prefix.end) / blockLength));
  const buffers: Buffer[] = [];
  let next = prefix.end;
  let end = Number.POSITIVE_INFINITY;
  const before = factsOf(sftp, handle);
  // It is awaited at the end; a lost line is told by the reads.
  before.catch(() => {});
  await runWorkers(workers, moves.signal, async (worker) => {
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
    const reads: Promise<number>[] = [];
    for (let at = 0; at < length; at += readLength) reads.push(readFully(sftp, handle, offset + at, buffer, at, Math.min(readLength, length - at)));
    const counts = await Promise.all(reads);
    const short = counts.findIndex((count, index) => count < Math.min(readLength, length - index * readLength));
    const read = short < 0 ? length : short * readLength + counts[short]!;
    if (read < length) {
      end = Math.min(end, offset + read);
      next = task.size;
    }
    if (moves.signal.aborted) return false;
    await file.write(buffer, read, offset);
    depth.leave(read);
    prefix.add(offset, read);
    moves.moved(read);
    record();
    return true;
  });
  await runWorkers(1, moves.signal, async () => {
    const beyond = { buffer: Buffer.allocUnsafe(1), at: 0, length: 1 };
    const [more, was, now] = await Promise.all([sftp.read(handle, task.size, beyond), before, factsOf(sftp, handle)]);
    const isChanged = was.modified !== now.modified || was.size !== now.size;
    // Where the server tells nothing of an open file, what is the same at a second try is so.
    const isStill = was.size === null ? task.isSecondTry || task.size === 0 : !isChanged && was.size === task.size;
    if (end < task.size && isStill) await file.truncate(end);
    else if (end < task.size) throw changedWhileMoved(task.name);
    else if (more > 0 && isStill) await fetchUntold(task, moves, sftp, handle, file);
    else if (more > 0) grewWhileMoved(task, moves.note);
    else if (was.modified !== now.modified) throw changedWhileMoved(task.name);
    return false;
  });
}

/** As the open file has it, compared with itself only: some servers tell another time of it in a list. Null where none is told. */
async function factsOf(sftp: SftpClient, handle: SftpHandle): Promise<{ size: number | null; modified: number | null }> {
  try {
    const { size, mtime } = await sftp.fstat(handle);
    return { size: size ?? null, modified: mtime ?? null };
  } catch (error) {
    if (sftpStatus(error) === null) throw error;
    return { size: null, modified: null };
  }
}

/** Files of /proc and /sys tell sizes that are not theirs: they are read to their end. */
async function fetchUntold(task: FileTask, moves: FileMoves, sftp: SftpClient, handle: SftpHandle, file: LocalFile): Promise<void> {
  const buffer = Buffer.allocUnsafe(readLength);
  let offset = task.size;
  await runWorkers(1, moves.signal, async () => {
    const count = await sftp.read(handle, offset, { buffer, at: 0, length: readLength });
    if (count === 0) return false;
    if (offset + count > task.size + longestUntold) throw changedWhileMoved(task.name);
    await file.write(buffer, count, offset);
    offset += count;
    moves.moved(count);
    return true;
  });
}

/** Fewer than `length` only at the end of the file. */
async function readFully(sftp: SftpClient, handle: SftpHandle, offset: number, buffer: Buffer, at: number, length: number): Promise<number> {
  let done = 0;
  while (done < length) {
    const count = await sftp.read(handle, offset + done, { buffer, at: at + done, length: length - done });
    if (count === 0) break;
    done += count;
  }
  return done;
}
