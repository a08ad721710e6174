import { setTimeout as delay } from 'node:timers/promises';
import { openFlag, type SftpAttributes, type SftpClient, type SftpHandle, sftpStatus, writeHeadroom } from '../../../ssh/sftp/sftp.ts';
import { LocalSide } from '../file-systems/local-side.ts';
import { toSeconds } from '../file-systems/remote-side.ts';
import { changedWhileMoved, type FileMoves, type FileTask, grewWhileMoved, resumeOffset, smallFile } from './file-task.ts';
import { LocalFile } from './local-file.ts';
import { partName } from './part-name.ts';
import { Prefix, pump } from './pump.ts';
import type { SmallFiles } from './small-files.ts';

const local = new LocalSide();
const longWrite = 130_000;
const shortWrite = 32_768;
/** Near, what a channel's window holds, so that keys of a terminal do not wait; far, more than that, so that it is full all the time. */
const writesUnderWay = { near: 16, far: 24 };
/** A server grants 2 MB to a channel, which is what a round trip moves: on a far line several channels write one file. */
const farMilliseconds = 10;
const farChannels = 4;
const worthChannels = 16 * 1024 * 1024;

/** Sends one file: into a part file, flushed where the server offers it, then renamed to its name. */
export async function uploadFile(task: FileTask, moves: FileMoves): Promise<void> {
  if (moves.small && task.size <= smallFile) return uploadSmall(task, moves, moves.small);
  const { side } = moves.lease;
  const { sftp } = side;
  const partPath = side.join(task.folder, partName(task.name));
  const file = await LocalFile.open(task.source, 'read');
  let isWhole = false;
  const start = await resumeOffset(task, local, side, partPath, moves.note).catch((error) => file.close().then(() => Promise.reject(error)));
  const prefix = new Prefix(start);
  const record = () => moves.part({ size: task.size, modified: task.modified, prefix: prefix.end });
  try {
    const handle = await openPart(sftp, partPath, start, task.mode);
    record();
    try {
      await sendPieces(task, moves, sftp, handle, file, prefix, record, partPath);
    } catch (error) {
      if (sftp.isOpen) sftp.closeHandle(handle).catch(() => {});
      throw error;
    }
    isWhole = true;
  } finally {
    await file.close();
    if (!isWhole) record();
  }
  await putInPlace(task, moves, partPath);
}

async function putInPlace(task: FileTask, moves: FileMoves, partPath: string): Promise<void> {
  const { sftp, join } = moves.lease.side;
  const path = join(task.folder, task.name);
  if (task.replace) await sftp.replace(partPath, path);
  else await sftp.rename(partPath, path);
  moves.part(null);
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

/** In three round trips. Only OpenSSH keeps the order of what is asked of one handle; others may write after they set the times. */
async function uploadSmall(task: FileTask, moves: FileMoves, small: SmallFiles): Promise<void> {
  const {
    side,
    side: { sftp },
  } = moves.lease;
  const partPath = side.join(task.folder, partName(task.name));
  const reading = small.read(task.source, task.size);
  // It is awaited once the part file is open; a failure until then is told there.
  reading.catch(() => {});
  moves.part({ size: task.size, modified: task.modified, prefix: 0 });
  const handle = await openPart(sftp, partPath, 0, task.mode);
  const close = () => sftp.closeHandle(handle);
  try {
    const read = await reading;
    if (read.length < task.size) throw changedWhileMoved(task.name);
    if (read.length > task.size) grewWhileMoved(task, moves.note);
    const content = read.subarray(0, task.size);
    await pump(1, moves.signal, async () => {
      const written = writeAll(sftp, handle, content);
      const isOrdered = sftp.dialect === 'openssh';
      const end = isOrdered ? [keepFacts(task, moves, sftp, handle), close()] : [close(), keepFacts(task, moves, sftp, partPath)];
      await Promise.all([written, ...end]);
      return false;
    });
  } catch (error) {
    if (sftp.isOpen) close().catch(() => {});
    throw error;
  }
  moves.moved(task.size);
  await putInPlace(task, moves, partPath);
}

/** All requests go out before it returns. Room for each head is before the content, and in copies of the pieces after the first. */
async function writeAll(sftp: SftpClient, handle: SftpHandle, content: Buffer): Promise<void> {
  const piece = pieceOf(sftp);
  const whole = Buffer.from(content.buffer, content.byteOffset - writeHeadroom, writeHeadroom + content.length);
  const writes: Promise<void>[] = [];
  for (let at = content.length - (content.length % piece || piece); at > 0; at -= piece) {
    const copy = Buffer.allocUnsafe(writeHeadroom + Math.min(piece, content.length - at));
    content.copy(copy, writeHeadroom, at);
    writes.push(sftp.write(handle, at, copy, writeHeadroom, copy.length - writeHeadroom));
  }
  if (content.length > 0) writes.push(sftp.write(handle, 0, whole, writeHeadroom, Math.min(piece, content.length)));
  await Promise.all(writes);
}

const pieceOf = (sftp: SftpClient) => (sftp.dialect === 'other' ? shortWrite : longWrite);

async function sendPieces(
  task: FileTask,
  moves: FileMoves,
  sftp: SftpClient,
  handle: SftpHandle,
  file: LocalFile,
  prefix: Prefix,
  record: () => void,
  partPath: string,
): Promise<void> {
  const piece = pieceOf(sftp);
  type Way = { sftp: SftpClient; handle: SftpHandle };
  const isFar = sftp.roundTrip > farMilliseconds && task.size - prefix.end > worthChannels;
  const more = Array.from({ length: isFar ? farChannels - 1 : 0 }, () => openWay(moves, partPath));
  const ways: Promise<Way | null>[] = [Promise.resolve({ sftp, handle }), ...more.map((way) => way.catch(() => null))];
  const buffers: Buffer[] = [];
  let next = prefix.end;
  try {
    await pump((isFar ? writesUnderWay.far : writesUnderWay.near) * ways.length, moves.signal, async (worker) => {
      const way = await ways[worker % ways.length];
      if (!way || next >= task.size) return false;
      buffers[worker] ??= Buffer.allocUnsafe(writeHeadroom + piece);
      const buffer = buffers[worker];
      const offset = next;
      const length = Math.min(piece, task.size - offset);
      next += length;
      if ((await file.read(buffer, writeHeadroom, length, offset)) < length) throw changedWhileMoved(task.name);
      await way.sftp.write(way.handle, offset, buffer, writeHeadroom, length);
      prefix.add(offset, length);
      moves.moved(length);
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
  if (now.size > task.size) grewWhileMoved(task, moves.note);
  else if (now.size < task.size || (task.modified !== null && now.modified !== task.modified)) throw changedWhileMoved(task.name);
  await pump(1, moves.signal, async () => {
    const flushed = sftp.canSync ? sftp.sync(handle) : undefined;
    await Promise.all([keepFacts(task, moves, sftp, handle), flushed, sftp.closeHandle(handle)]);
    return false;
  });
}

async function openWay(moves: FileMoves, partPath: string): Promise<{ sftp: SftpClient; handle: SftpHandle }> {
  const sftp = await moves.lease.another();
  return { sftp, handle: await sftp.open(partPath, openFlag.write) };
}

/** Mode and times, of the handle or the path; a server may refuse them without harm. */
async function keepFacts(task: FileTask, moves: FileMoves, sftp: SftpClient, on: SftpHandle | string): Promise<void> {
  const attributes: SftpAttributes = {};
  if (task.mode !== null) attributes.mode = task.mode & 0o777;
  if (task.modified !== null) attributes.atime = attributes.mtime = toSeconds(task.modified);
  try {
    await (typeof on === 'string' ? sftp.setstat(on, attributes) : sftp.fsetstat(on, attributes));
  } catch (error) {
    if (sftpStatus(error) === null) throw error;
    moves.note('The server did not take the modes or times of some files.');
  }
}
