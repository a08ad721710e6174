import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { FileFacts, FileSystem } from '../../file-systems/file-system.ts';
import { notThere } from '../../file-systems/not-there.ts';
import type { RemoteLease } from '../../file-systems/remote-access.ts';
import type { SmallFiles } from '../small-files.ts';

/** A file that is half there: how much of it, and of which state of the source. */
export interface PartRecord {
  size: number;
  modified: number | null;
  prefix: number;
}

/** One file to move. */
export interface FileTask {
  /** Absolute path on the sending file system. */
  source: string;
  /** Absolute folder and name on the receiving file system. */
  folder: string;
  name: string;
  size: number;
  modified: number | null;
  mode: number | null;
  /** What stands at the target and may be replaced; null: nothing may stand there. */
  replace: FileFacts | null;
  /** What an earlier try left behind. */
  part: PartRecord | null;
  /** It changed while it was read once before. */
  isSecondTry: boolean;
}

/** What the moving of files needs and tells. */
export interface FileMoves {
  lease: RemoteLease;
  signal: AbortSignal;
  /** For many small files; null where it is not worth its threads. */
  small: SmallFiles | null;
  /** Bytes that came over. */
  moved(bytes: number): void;
  note(text: string): void;
  /** The state of the task's part file; null when there is none any more. */
  part(record: PartRecord | null): void;
}

/** Files up to this size go in one piece, many at a time. */
export const smallFile = 128_000;

/** Permission bits that the file gets: what is replaced keeps its own. Bits that give rights beyond reading, writing and running come from no source. */
export function modeOf({ mode, replace }: FileTask): number | null {
  const kept = replace?.kind === 'file' ? replace.mode : null;
  return kept ?? (mode === null ? null : mode & 0o777);
}

/** What a file may hold beyond the size that is told of it, as those of /proc do; more is one without an end. */
export const longestUntold = 64 * 1024 * 1024;

const tailLength = 1024 * 1024;

/**
 * Where an interrupted file can go on: after what both file systems have alike. 0 when the source changed or the two ends differ, and then a note says so.
 */
export async function resumeOffset(
  task: FileTask,
  sending: FileSystem,
  receiving: FileSystem,
  partPath: string,
  note: FileMoves['note'],
): Promise<number> {
  const { part, name } = task;
  if (!part || part.prefix === 0) return 0;
  if (part.size !== task.size || part.modified !== task.modified) {
    note(`${name} changed since the break, so it starts over.`);
    return 0;
  }
  const there = await receiving.lstat(partPath).catch(notThere);
  if (there?.kind !== 'file') return 0;
  const offset = Math.min(part.prefix, there.size, task.size);
  const from = Math.max(0, offset - tailLength);
  const [ours, theirs] = await Promise.all([sending.readRange(task.source, from, offset - from), receiving.readRange(partPath, from, offset - from)]);
  if (ours.length === offset - from && ours.equals(theirs)) return offset;
  note(`What had come over of ${name} differs from the source, so it starts over.`);
  return 0;
}

export const changedWhileMoved = (name: string) =>
  new AppError('conflict', `${name} changed while it was copied, so the copy was not kept. Try again when nothing writes to it.`, {
    details: { changed: true },
  });

/** For a file that is longer by now. One that is written all the time, as a log, is kept as it was when the second try began. */
export function grewWhileMoved({ name, isSecondTry }: FileTask, note: FileMoves['note']): void {
  if (!isSecondTry) throw changedWhileMoved(name);
  note(`${name} grew while it was copied. The copy holds what was there when it began.`);
}
