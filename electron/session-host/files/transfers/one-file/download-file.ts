import { openFlag } from '../../../../ssh/sftp/sftp.ts';
import { LocalFileSystem } from '../../file-systems/local-file-system.ts';
import { partName } from '../part-name.ts';
import { downloadSmallFile } from './download-small-file.ts';
import { FileFetcher } from './file-fetcher.ts';
import { type FileMoveContext, type FileTask, modeOf, resumeOffset, smallFile } from './file-task.ts';
import { openLocalPart, putInPlace } from './local-target.ts';
import { PartProgress } from './part-progress.ts';

const local = new LocalFileSystem();

/** Fetches one file: into a part file, flushed to the disk, then renamed to its name. The caller has checked that the folder is no link. */
export async function downloadFile(task: FileTask, context: FileMoveContext): Promise<void> {
  const { smallFiles, lease, onNote } = context;
  const start = await resumeOffset(task, lease.fileSystem, local, local.join(task.folder, partName(task.name)), onNote);
  // The threads for small files cannot replace: that needs a closer look at what is there.
  const isSmall = task.size > 0 && task.size <= smallFile && start === 0 && !task.replace;
  if (smallFiles && isSmall && (await downloadSmallFile(task, context, smallFiles))) return;
  await downloadBlocks(task, context, start);
}

async function downloadBlocks(task: FileTask, context: FileMoveContext, start: number): Promise<void> {
  const { sftp } = context.lease.fileSystem;
  const opening = sftp.open(task.source, openFlag.read);
  // The part file is opened at the same time; a failure here is thrown where `opening` is awaited.
  opening.catch(() => {});
  const closeSource = async () => {
    const handle = await opening.catch(() => null);
    if (handle && sftp.isOpen) await sftp.closeHandle(handle).catch(() => {}); // it was only read
  };
  const part = await openLocalPart(task, start).catch((error) => {
    void closeSource();
    throw error;
  });
  const { file } = part;
  const progress = new PartProgress(task, start, part.isElsewhere ? null : context.onPart);
  progress.report();
  let isWhole = false;
  try {
    await new FileFetcher({ task, context, file, progress, handle: await opening }).fetch();
    const mode = modeOf(task);
    // Even where the replaced file had setuid or its like, a server's content does not get it.
    await file.finish({ mode: mode === null ? null : mode & 0o777, modified: task.modified, sync: true });
    isWhole = true;
  } finally {
    void closeSource();
    if (!isWhole) {
      await file.quiet();
      await file.truncate(progress.end).catch(() => {}); // the next attempt compares what is there
    }
    await file.close();
    if (!isWhole) await part.clear();
  }
  if (part.isElsewhere) context.onPart({ size: task.size, modified: task.modified, prefix: 0, isInPlace: true });
  await putInPlace(part, task, context.onNote).finally(part.clear);
  context.onPart(null);
}
