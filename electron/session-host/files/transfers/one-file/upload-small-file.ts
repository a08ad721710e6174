import { type SftpClient, type SftpHandle, writeHeadroom } from '../../../../ssh/sftp/sftp.ts';
import { runWorkers } from '../run-workers.ts';
import type { SmallFiles } from '../small-files.ts';
import { pieceLengthOf } from './file-sender.ts';
import type { FileMoveContext, FileTask } from './file-task.ts';
import { givePartItsName, openTarget, setModeAndTimes, type UploadTarget } from './upload-target.ts';

/** Sends a small file in three round trips. False, with nothing written, when it does not have the reported size or has to be written in place. */
export async function uploadSmallFile(task: FileTask, context: FileMoveContext, smallFiles: SmallFiles): Promise<boolean> {
  const { sftp } = context.lease.fileSystem;
  const reading = smallFiles.read(task.source, task.size);
  // The part file is opened at the same time; a failure here is thrown where `reading` is awaited.
  reading.catch(() => {});
  const target = await openTarget(task, context, 0);
  if (target.overwrites) {
    await sftp.closeHandle(target.handle);
    return false;
  }
  context.onPart({ size: task.size, modified: task.modified, prefix: 0 });
  try {
    const content = await reading;
    if (content.length !== task.size) {
      await sftp.closeHandle(target.handle);
      return false;
    }
    await runWorkers(1, context.signal, async () => {
      await writeWhole(task, context, target, content);
      return false;
    });
  } catch (error) {
    if (sftp.isOpen) sftp.closeHandle(target.handle).catch(() => {});
    throw error;
  }
  context.onBytes(task.size);
  await givePartItsName(task, context);
  return true;
}

/** Asks for everything at once. Only OpenSSH keeps the order of requests to one handle; others may still write after the times were set. */
async function writeWhole(task: FileTask, context: FileMoveContext, { path, handle }: UploadTarget, content: Buffer): Promise<void> {
  const { sftp } = context.lease.fileSystem;
  const written = writeAll(sftp, handle, content);
  const isOrdered = sftp.dialect === 'openssh';
  const end = isOrdered
    ? [setModeAndTimes(task, context, handle), sftp.closeHandle(handle)]
    : [sftp.closeHandle(handle), setModeAndTimes(task, context, path)];
  await Promise.all([written, ...end]);
}

/** All requests go out before it returns. `write` needs room for a head: before the content, and in copies of the pieces after the first. */
async function writeAll(sftp: SftpClient, handle: SftpHandle, content: Buffer): Promise<void> {
  const piece = pieceLengthOf(sftp);
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
