import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { FileFacts, FileSystem } from '../../file-systems/file-system.ts';
import { notThere } from '../../file-systems/not-there.ts';
import type { RemoteLease } from '../../file-systems/remote-access.ts';
import type { SmallFiles } from '../small-files.ts';

// This folder moves one file. `downloadFile` and `uploadFile` choose the way: small files in a few round trips (`downloadSmallFile`, `uploadSmallFile`),
// others in many blocks at the same time (`FileFetcher`, `FileSender`). The bytes go into a part file beside the target, which gets the target's name
// when it is whole. A part file that was left by a lost connection is continued (`resumeOffset`).

/** A part file: how much of it is there, and the size and time that the source had then. */
export interface PartRecord {
  size: number;
  modified: number | null;
  prefix: number;
  /** The target itself is being written over: until that is done, its size and time say nothing. */
  isInPlace?: boolean;
}

/** One file to move. */
export interface FileTask {
  /** Absolute path in the sending file system. */
  source: string;
  /** Absolute folder and name in the receiving file system. */
  folder: string;
  name: string;
  size: number;
  modified: number | null;
  mode: number | null;
  /** What stands at the target and may be replaced; null: nothing may stand there. */
  replace: FileFacts | null;
  /** The part file of an earlier attempt. */
  part: PartRecord | null;
  /** The file changed while the first attempt read it. */
  isSecondTry: boolean;
}

/** What moving a file needs, and whom it reports to. */
export interface FileMoveContext {
  lease: RemoteLease;
  signal: AbortSignal;
  /** Threads for many small files; null where the files are too few for that. */
  smallFiles: SmallFiles | null;
  onBytes(bytes: number): void;
  /** Sentences for the person. */
  onNote(text: string): void;
  /** The state of the task's part file; null when there is none any more. */
  onPart(record: PartRecord | null): void;
}

/** Files up to this size go in one piece, many at a time: the largest that one WRITE carries (`longWrite` in file-sender.ts), with its head. */
export const smallFile = 128_000;

/** Permission bits that the file gets: a replaced file keeps its own. Bits beyond reading, writing and running, such as setuid, are never copied. */
export function modeOf({ mode, replace }: FileTask): number | null {
  const kept = replace?.kind === 'file' ? replace.mode : null;
  return kept ?? (mode === null ? null : mode & 0o777);
}

/**
 * Files of /proc and /sys report sizes that are not their content's, mostly 0, so files are read on to their end. None of these is longer than a few
 * megabytes; one that goes on for more than this has no end.
 */
export const mostBeyondReportedSize = 64 * 1024 * 1024;

/** How much is compared before a part file is continued: enough to notice another file of the same size and time, and quickly fetched. */
const tailLength = 1024 * 1024;

/**
 * Where an interrupted file can go on: at the end of what source and part file have alike. 0, with a note, when the source changed since or the ends of
 * the two differ.
 */
export async function resumeOffset(
  task: FileTask,
  from: FileSystem,
  to: FileSystem,
  partPath: string,
  onNote: FileMoveContext['onNote'],
): Promise<number> {
  const { part, name } = task;
  if (!part || part.prefix === 0) return 0;
  if (part.size !== task.size || part.modified !== task.modified) {
    onNote(`${name} changed since the break, so it starts over.`);
    return 0;
  }
  const existing = await to.lstat(partPath).catch(notThere);
  if (existing?.kind !== 'file') return 0;
  const offset = Math.min(part.prefix, existing.size, task.size);
  const tail = Math.max(0, offset - tailLength);
  const [sent, received] = await Promise.all([from.readRange(task.source, tail, offset - tail), to.readRange(partPath, tail, offset - tail)]);
  if (sent.length === offset - tail && sent.equals(received)) return offset;
  onNote(`What had come over of ${name} differs from the source, so it starts over.`);
  return 0;
}

export const changedWhileMoved = (name: string) =>
  new AppError('conflict', `${name} changed while it was copied, so the copy was not kept. Try again when nothing writes to it.`, {
    details: { changed: true },
  });

/** For a file that grew while it was read: it is tried once more. A file that grows all the time, such as a log, is kept as the second attempt found it. */
export function grewWhileMoved({ name, isSecondTry }: FileTask, onNote: FileMoveContext['onNote']): void {
  if (!isSecondTry) throw changedWhileMoved(name);
  onNote(`${name} grew while it was copied. The copy holds what was there when it began.`);
}
