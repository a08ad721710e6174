import { type SftpClient, type SftpHandle, writeHeadroom } from '../../../../ssh/sftp/sftp.ts';
import { LocalFileSystem } from '../../file-systems/local-file-system.ts';
import { partName } from '../part-name.ts';
import { Prefix, runWorkers } from '../run-workers.ts';
import type { SmallFiles } from '../small-files.ts';
import { type FileMoves, type FileTask, resumeOffset, smallFile } from './file-task.ts';
import { keepingCopy } from './kept-copy.ts';
import { LocalFile } from './local-file.ts';
import { keepFacts, pieceOf, sendPieces } from './send-pieces.ts';
import { openTarget, type UploadTarget } from './upload-target.ts';

const local = new LocalFileSystem();
/** Sends one file: into a part file, flushed where the server offers it, then renamed to its name. */
export async function uploadFile(task: FileTask, moves: FileMoves): Promise<void> {
  if (moves.small && task.size <= smallFile) return uploadSmall(task, moves, moves.small);
  return uploadPieces(task, moves);
}

async function uploadPieces(task: FileTask, moves: FileMoves): Promise<void> {
  const { fileSystem } = moves.lease;
  const partPath = fileSystem.join(task.folder, partName(task.name));
  const file = await LocalFile.open(task.source, 'read');
  let isWhole = false;
  let hasPart = false;
  const start = await resumeOffset(task, local, fileSystem, partPath, moves.note).catch((error) => file.close().then(() => Promise.reject(error)));
  const prefix = new Prefix(start);
  const record = () => moves.part({ size: task.size, modified: task.modified, prefix: prefix.end });
  try {
    const target = await openTarget(task, moves, start);
    if (target.isInPlace) return await writeInPlace(task, moves, target, file);
    hasPart = true;
    record();
    try {
      await sendPieces(task, moves, target, file, prefix, record);
    } catch (error) {
      forget(moves, target);
      throw error;
    }
    isWhole = true;
  } finally {
    await file.close();
    if (hasPart && !isWhole) record();
  }
  await putInPlace(task, moves, partPath);
}

function forget({ lease: { fileSystem } }: FileMoves, { handle }: UploadTarget): void {
  if (fileSystem.sftp.isOpen) fileSystem.sftp.closeHandle(handle).catch(() => {}); // the failure before is the one to tell
}

/** What a cut would leave half written is kept on this computer until all of it is there. */
async function writeInPlace(task: FileTask, moves: FileMoves, target: UploadTarget, file: LocalFile): Promise<void> {
  moves.note('Some files were written in place: they have other owners or names (hard links), or their folder may not be written to.');
  try {
    await keepingCopy(moves.lease.fileSystem, target.path, task.replace!.size, () => sendPieces(task, moves, target, file, new Prefix(0), () => {}));
  } catch (error) {
    forget(moves, target);
    throw error;
  }
}

async function putInPlace(task: FileTask, moves: FileMoves, partPath: string): Promise<void> {
  const { fileSystem } = moves.lease;
  const path = fileSystem.join(task.folder, task.name);
  if (task.replace) await fileSystem.move(partPath, path);
  else await fileSystem.sftp.rename(partPath, path);
  moves.part(null);
}

/** In three round trips. Only OpenSSH keeps the order of what is asked of one handle; others may write after they set the times. */
async function uploadSmall(task: FileTask, moves: FileMoves, small: SmallFiles): Promise<void> {
  const {
    fileSystem,
    fileSystem: { sftp },
  } = moves.lease;
  const partPath = fileSystem.join(task.folder, partName(task.name));
  const reading = small.read(task.source, task.size);
  // It is awaited once the part file is open; a failure until then is told there.
  reading.catch(() => {});
  const target = await openTarget(task, moves, 0);
  const { handle } = target;
  const close = () => sftp.closeHandle(handle);
  // It is awaited again where it is used.
  const isAsTold = await reading.then(
    ({ length }) => length === task.size,
    () => true,
  );
  if (!isAsTold || target.isInPlace) {
    await close();
    return uploadPieces(task, moves);
  }
  moves.part({ size: task.size, modified: task.modified, prefix: 0 });
  try {
    const content = await reading;
    await runWorkers(1, moves.signal, async () => {
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
