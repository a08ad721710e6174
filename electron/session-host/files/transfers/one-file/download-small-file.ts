import { openFlag } from '../../../../ssh/sftp/sftp.ts';
import { LocalFileSystem } from '../../file-systems/local-file-system.ts';
import { readFully } from '../../file-systems/read-fully.ts';
import { readLength } from '../../file-systems/remote-file-system.ts';
import { partName } from '../part-name.ts';
import { runWorkers } from '../run-workers.ts';
import type { SmallFiles } from '../small-files.ts';
import { type FileMoveContext, type FileTask, modeOf } from './file-task.ts';

const local = new LocalFileSystem();

/** Fetches a small file in two round trips. False, with nothing done, when the file does not have the size that was reported. */
export async function downloadSmallFile(task: FileTask, context: FileMoveContext, smallFiles: SmallFiles): Promise<boolean> {
  const { size, modified } = task;
  context.onPart({ size, modified, prefix: 0 });
  const memory = Buffer.allocUnsafeSlow(size + 1);
  let hasReportedSize = false;
  await runWorkers(1, context.signal, async () => {
    hasReportedSize = await readWhole(task, context, memory);
    return false;
  });
  if (!hasReportedSize) return false;
  const part = local.join(task.folder, partName(task.name));
  await smallFiles.write(local.join(task.folder, task.name), { part, bytes: memory.subarray(0, size), mode: modeOf(task), modified });
  context.onBytes(size);
  context.onPart(null);
  return true;
}

/** Asks for all pieces and for one byte behind the reported end at the same time. Resolves with whether the file ends where it was reported to. */
async function readWhole({ source, size }: FileTask, { lease }: FileMoveContext, memory: Buffer): Promise<boolean> {
  const { sftp } = lease.fileSystem;
  const handle = await sftp.open(source, openFlag.read);
  const pieces: Promise<number>[] = [];
  for (let at = 0; at < size; at += readLength)
    pieces.push(readFully(sftp, handle, at, { buffer: memory, at, length: Math.min(readLength, size - at) }));
  pieces.push(sftp.read(handle, size, { buffer: memory, at: size, length: 1 }));
  // A short answer leads to a further question, so the handle stays open until all pieces are there.
  const counts = await Promise.all(pieces).finally(() => sftp.isOpen && void sftp.closeHandle(handle).catch(() => {}));
  return counts.pop() === 0 && counts.reduce((sum, count) => sum + count, 0) === size;
}
