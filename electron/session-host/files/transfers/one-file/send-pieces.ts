import { openFlag, type SftpAttributes, type SftpClient, type SftpHandle, sftpStatus, writeHeadroom } from '../../../../ssh/sftp/sftp.ts';
import { toSeconds } from '../../file-systems/remote-file-system.ts';
import { type Prefix, runWorkers } from '../run-workers.ts';
import { changedWhileMoved, type FileMoves, type FileTask, grewWhileMoved, longestUntold, modeOf } from './file-task.ts';
import type { LocalFile } from './local-file.ts';
import type { UploadTarget } from './upload-target.ts';

const longWrite = 130_000;
const shortWrite = 32_768;
/** Near, what a channel's window holds, so that keys of a terminal do not wait; far, more than that, so that it is full all the time. */
const writesUnderWay = { near: 16, far: 24 };
/** A server grants 2 MB to a channel, which is what a round trip moves: on a far line several channels write one file. */
const farMilliseconds = 10;
const farChannels = 4;
const worthChannels = 16 * 1024 * 1024;

export const pieceOf = (sftp: SftpClient): number => (sftp.dialect === 'other' ? shortWrite : longWrite);

/** Writes all of a file that is not there yet, then its mode and times, flushed where the server offers it, and closes the target. */
export async function sendPieces(
  task: FileTask,
  moves: FileMoves,
  { path, handle, isInPlace }: UploadTarget,
  file: LocalFile,
  prefix: Prefix,
  record: () => void,
): Promise<void> {
  const { sftp } = moves.lease.fileSystem;
  const piece = pieceOf(sftp);
  type Way = { sftp: SftpClient; handle: SftpHandle };
  const isFar = sftp.roundTrip > farMilliseconds && task.size - prefix.end > worthChannels;
  const more = Array.from({ length: isFar ? farChannels - 1 : 0 }, () => openWay(moves, path));
  const ways: Promise<Way | null>[] = [Promise.resolve({ sftp, handle }), ...more.map((way) => way.catch(() => null))];
  const buffers: Buffer[] = [];
  const before = await file.facts();
  let next = prefix.end;
  let end = Number.POSITIVE_INFINITY;
  try {
    await runWorkers((isFar ? writesUnderWay.far : writesUnderWay.near) * ways.length, moves.signal, async (worker) => {
      const way = await ways[worker % ways.length];
      if (!way || next >= task.size) return false;
      buffers[worker] ??= Buffer.allocUnsafe(writeHeadroom + piece);
      const buffer = buffers[worker];
      const offset = next;
      const length = Math.min(piece, task.size - offset);
      next += length;
      const read = await file.read(buffer, writeHeadroom, length, offset);
      if (read < length) {
        end = Math.min(end, offset + read);
        next = task.size;
      }
      if (read > 0) await way.sftp.write(way.handle, offset, buffer, writeHeadroom, read);
      prefix.add(offset, read);
      moves.moved(read);
      record();
      return true;
    });
  } finally {
    for (const way of more)
      way.then(
        (opened) => opened.sftp.close(),
        () => {},
      );
  }
  const now = await file.facts();
  const isStill = before.size === task.size && now.size === before.size && now.modified === before.modified;
  if (end < task.size ? !isStill : !isStill && now.size <= task.size) throw changedWhileMoved(task.name);
  if (end >= task.size && !isStill) grewWhileMoved(task, moves.note);
  const size = end < task.size ? end : isStill ? await sendUntold(task, moves, sftp, handle, file) : task.size;
  // What was there before may be longer: in place, or from an earlier try.
  if (isInPlace || size < task.size) await sftp.fsetstat(handle, { size });
  await runWorkers(1, moves.signal, async () => {
    const flushed = sftp.canSync ? sftp.sync(handle).catch(unlessRefused) : undefined;
    await Promise.all([keepFacts(task, moves, sftp, handle, isInPlace), flushed, sftp.closeHandle(handle)]);
    return false;
  });
}

/** Files of /proc and /sys tell sizes that are not theirs: what comes after the end that was told is theirs still. The true size. */
async function sendUntold(task: FileTask, moves: FileMoves, sftp: SftpClient, handle: SftpHandle, file: LocalFile): Promise<number> {
  const buffer = Buffer.allocUnsafe(writeHeadroom + shortWrite);
  let offset = task.size;
  await runWorkers(1, moves.signal, async () => {
    const read = await file.read(buffer, writeHeadroom, shortWrite, offset);
    if (read === 0) return false;
    if (offset + read > task.size + longestUntold) throw changedWhileMoved(task.name);
    await sftp.write(handle, offset, buffer, writeHeadroom, read);
    offset += read;
    moves.moved(read);
    return true;
  });
  return offset;
}

/** A server that does not do it, or its file system, has no harm in that. */
function unlessRefused(error: unknown): void {
  if (sftpStatus(error) === null) throw error;
}

async function openWay(moves: FileMoves, path: string): Promise<{ sftp: SftpClient; handle: SftpHandle }> {
  const sftp = await moves.lease.another();
  return { sftp, handle: await sftp.open(path, openFlag.write) };
}

/** Mode and times, of the handle or the path; a server may refuse them without harm. What is replaced keeps its mode. */
export async function keepFacts(task: FileTask, moves: FileMoves, sftp: SftpClient, on: SftpHandle | string, isInPlace = false): Promise<void> {
  const attributes: SftpAttributes = {};
  const mode = modeOf(task);
  if (mode !== null && !isInPlace) attributes.mode = mode;
  if (task.modified !== null) attributes.atime = attributes.mtime = toSeconds(task.modified);
  try {
    await (typeof on === 'string' ? sftp.setstat(on, attributes) : sftp.fsetstat(on, attributes));
  } catch (error) {
    if (sftpStatus(error) === null) throw error;
    moves.note('The server did not take the modes or times of some files.');
  }
}
