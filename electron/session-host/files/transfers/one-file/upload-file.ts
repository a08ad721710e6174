import { LocalFileSystem } from '../../file-systems/local-file-system.ts';
import { partName } from '../part-name.ts';
import { FileSender } from './file-sender.ts';
import { type FileMoveContext, type FileTask, resumeOffset, smallFile } from './file-task.ts';
import { keepingCopy } from './kept-copy.ts';
import { LocalFile } from './local-file.ts';
import { PartProgress } from './part-progress.ts';
import { uploadSmallFile } from './upload-small-file.ts';
import { givePartItsName, openTarget, type UploadTarget } from './upload-target.ts';

const local = new LocalFileSystem();

/** Sends one file: into a part file, flushed where the server offers it, then renamed to its name. */
export async function uploadFile(task: FileTask, context: FileMoveContext): Promise<void> {
  const { smallFiles } = context;
  const isDone = smallFiles && task.size <= smallFile && (await uploadSmallFile(task, context, smallFiles));
  if (!isDone) await uploadPieces(task, context);
}

async function uploadPieces(task: FileTask, context: FileMoveContext): Promise<void> {
  const { fileSystem } = context.lease;
  const file = await LocalFile.open(task.source, 'read');
  let target: UploadTarget | null = null;
  try {
    const start = await resumeOffset(task, local, fileSystem, fileSystem.join(task.folder, partName(task.name)), context.onNote);
    target = await openTarget(task, context, start);
    if (target.overwrites) return await writeInPlace(task, context, target, target.overwrites.size, file);
    const progress = new PartProgress(task, start, context.onPart);
    progress.report();
    await new FileSender({ task, context, target, file, progress }).send();
  } catch (error) {
    // Only the first failure is of interest.
    if (target && fileSystem.sftp.isOpen) fileSystem.sftp.closeHandle(target.handle).catch(() => {});
    throw error;
  } finally {
    await file.close();
  }
  await givePartItsName(task, context);
}

/** Writes over the file itself. Its earlier content is kept on this computer until all of the new one is there. */
async function writeInPlace(task: FileTask, context: FileMoveContext, target: UploadTarget, size: number, file: LocalFile): Promise<void> {
  context.onNote('Some files were written in place: they have other owners or names (hard links), or their folder may not be written to.');
  context.onPart({ size: task.size, modified: task.modified, prefix: 0, isInPlace: true });
  const progress = new PartProgress(task, 0, null);
  await keepingCopy(context.lease.fileSystem, target.path, size, () => new FileSender({ task, context, target, file, progress }).send());
}
