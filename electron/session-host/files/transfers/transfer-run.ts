import { setMaxListeners } from 'node:events';
import { AppError, type ErrorCode } from '../../../../shared/errors/app-error.ts';
import { throwIfAborted } from '../../../lib/deadline.ts';
import { writeHeadroom } from '../../../ssh/sftp/sftp.ts';
import type { FileSystem } from '../file-systems/file-system.ts';
import type { RemoteLease } from '../file-systems/remote-access.ts';
import { type BusyTargets, thisComputer } from './busy-targets.ts';
import { chooseTarget, type ItemTarget } from './choose-target.ts';
import type { ConflictQuestion, ConflictQuestions } from './conflict-questions.ts';
import { downloadFile } from './one-file/download-file.ts';
import { type FileTask, type PartRecord, smallFile } from './one-file/file-task.ts';
import { uploadFile } from './one-file/upload-file.ts';
import { partName } from './part-name.ts';
import type { Plan } from './plan/plan.ts';
import type { PlanFolder } from './plan/plan-folder.ts';
import type { PlanItem } from './plan/plan-items.ts';
import { putLink } from './put-link.ts';
import { forEachAtOnce } from './run-workers.ts';
import { SmallFiles } from './small-files.ts';
import { TargetFolders } from './target-folders.ts';
import type { TransferProgress } from './transfer-progress.ts';

export interface TransferRunOptions {
  plan: Plan;
  from: FileSystem;
  to: FileSystem;
  lease: RemoteLease;
  /** The name of the server, for `busy`. */
  host: string;
  busy: BusyTargets;
  /** The transfer was started before: a file that is there with the same size and time was moved by an earlier attempt. */
  isAgain: boolean;
  progress: TransferProgress;
  questions: ConflictQuestions;
  /** Part files by the paths of their targets, from earlier attempts and for later ones. */
  parts: Map<string, PartRecord>;
  signal: AbortSignal;
}

/**
 * Small files: each costs two or three round trips, and this many overlap, which makes 1,000 files a second at 50 ms. Each is open on both sides, and
 * systems let a process have 256 (macOS) or 1024 (Linux) files open.
 */
const smallAtOnce = 120;
/** A large file fills the line by itself. The second one fills the pauses at the beginning and end of the first. */
const largeAtOnce = 2;
/** Folders and links need one or two questions each, so a few are enough to hide the round trips. */
const foldersAtOnce = 16;
/** Starting a thread takes as long as reading some files without one. */
const worthThreads = 16;

/** Failures that concern every other file too: a lost connection, a full disk, the end of the transfer. */
const fatal = new Set<ErrorCode>(['closed', 'timeout', 'disk', 'internal', 'cancelled']);

const isSmall = (size: number) => size <= smallFile;

/** One attempt to move all that a plan holds and is not settled yet. */
export class TransferRun {
  readonly #options: TransferRunOptions;
  readonly #folders: TargetFolders;
  readonly #smallFiles: SmallFiles | null;
  readonly #underWay = new Set<Promise<void>>();
  readonly #failed = new AbortController();
  readonly #signal: AbortSignal;

  constructor(options: TransferRunOptions) {
    this.#options = options;
    this.#folders = new TargetFolders(options.to);
    this.#smallFiles = hasAtLeast(worthThreads, options.plan.items.open('file', isSmall)) ? new SmallFiles(writeHeadroom) : null;
    this.#signal = AbortSignal.any([options.signal, this.#failed.signal]);
    // Each file that is under way listens to it.
    setMaxListeners(0, this.#signal);
  }

  /**
   * Rejects only for what ends the whole transfer; files that cannot be moved are problems of the progress. Settles only when nothing is under way any
   * more: a late write would go into the part files of the next attempt, or leave some behind.
   */
  async run(): Promise<void> {
    try {
      await this.#moveAll();
    } catch (caught) {
      this.#failed.abort(caught);
      throw caught;
    } finally {
      await this.#smallFiles?.close();
      await Promise.allSettled(this.#underWay);
    }
  }

  async #moveAll(): Promise<void> {
    const { root, folders, items } = this.#options.plan;
    // What an earlier attempt found in them may have changed since.
    for (const folder of [root, ...folders]) folder.ready = null;
    await this.#each(foldersAtOnce, folders, (folder) => this.#makeFolder(folder));
    const large = items.open('file', (size) => !isSmall(size));
    await Promise.all([this.#moveItems(smallAtOnce, items.open('file', isSmall)), this.#moveItems(largeAtOnce, large)]);
    // Links come last, so that nothing is ever written through one of them.
    await this.#moveItems(foldersAtOnce, items.open('link'));
    // Inner folders first: what is put into a folder changes its time.
    await this.#each(foldersAtOnce, [...folders].reverse(), (folder) => this.#finishFolder(folder));
  }

  #each<T>(atOnce: number, list: Iterable<T>, action: (value: T) => Promise<void>): Promise<void> {
    return forEachAtOnce(atOnce, list, this.#signal, action);
  }

  #moveItems(atOnce: number, items: Iterable<PlanItem>): Promise<void> {
    return this.#each(atOnce, items, (item) => {
      const moving = this.#moveItem(item).finally(() => this.#underWay.delete(moving));
      this.#underWay.add(moving);
      return moving;
    });
  }

  #throwIfFatal(caught: unknown): void {
    const isFatal = this.#signal.aborted || !this.#options.lease.fileSystem.sftp.isOpen || fatal.has(AppError.from(caught).code);
    if (isFatal) throw caught;
  }

  async #makeFolder(folder: PlanFolder): Promise<void> {
    try {
      await this.#folders.ready(folder);
    } catch (caught) {
      this.#throwIfFatal(caught);
      this.#options.progress.folderFailed(folder, AppError.from(caught));
    }
  }

  async #finishFolder(folder: PlanFolder): Promise<void> {
    if (!(await this.#folders.applyFacts(folder))) this.#options.progress.note('The modes or times of some folders could not be kept.');
  }

  async #moveItem(item: PlanItem): Promise<void> {
    const { progress, questions, isAgain, parts, to } = this.#options;
    progress.itemStarted(item);
    try {
      const contents = await this.#folders.ready(item.folder);
      const ask = (question: ConflictQuestion) => questions.ask(question, this.#signal);
      const isHalfDone = (name: string) => parts.get(to.join(item.folder.target, name))?.isInPlace === true;
      const target = await chooseTarget(item, { contents, isAgain, isHalfDone, ask });
      throwIfAborted(this.#signal);
      await this.#folders.check(item.folder);
      if (target) {
        await this.#moveTo(item, target);
        contents.add(target.name);
      }
      item.isSettled = true;
      if (target) progress.itemMoved(item);
      else progress.itemSkipped(item);
    } catch (caught) {
      this.#throwIfFatal(caught);
      item.isSettled = true;
      progress.itemFailed(item, AppError.from(caught));
    }
  }

  async #moveTo(item: PlanItem, target: ItemTarget): Promise<void> {
    const { from, to, parts, progress, lease, busy, host } = this.#options;
    const path = to.join(item.folder.target, target.name);
    if (target.isMoved) {
      parts.delete(path);
      progress.note('Files that an earlier try had moved already were left as they are.');
    } else if (item.kind === 'link') {
      await putLink(from, to, item, target.name);
      if (!to.isLocal && !lease.fileSystem.sftp.keepsRelativeLinks)
        progress.note('Links lead to the same places by whole paths: Teleport’s file server cannot keep relative ones.');
    } else await busy.hold(to.isLocal ? thisComputer : host, path, () => this.#moveFile(item, target, path));
  }

  /** A file that changed while it was read gets a second try. */
  async #moveFile({ folder, source, size, modified, mode }: PlanItem, { name, replace }: ItemTarget, path: string): Promise<void> {
    const { from, to, parts } = this.#options;
    const task = { source, folder: folder.target, name, replace, size, modified, mode };
    try {
      try {
        await this.#tryFile({ ...task, part: parts.get(path) ?? null, isSecondTry: false }, path);
      } catch (caught) {
        if (AppError.from(caught).details?.changed !== true || this.#signal.aborted) throw caught;
        const now = await from.stat(source);
        await this.#tryFile({ ...task, size: now.size, modified: now.modified, mode: now.mode, part: null, isSecondTry: true }, path);
      }
    } catch (caught) {
      this.#throwIfFatal(caught);
      parts.delete(path);
      await to.removeFile(to.join(folder.target, partName(name))).catch(() => {}); // the failure before is the one to report
      throw caught;
    }
  }

  async #tryFile(task: FileTask, path: string): Promise<void> {
    const { to, lease, progress, parts } = this.#options;
    const over = new AbortController();
    // Only large files have writes that may still be answered when the try has ended. Small ones go without a signal of their own: there are many.
    const signal = isSmall(task.size) ? this.#signal : AbortSignal.any([this.#signal, over.signal]);
    const context = {
      lease,
      signal,
      smallFiles: this.#smallFiles,
      onBytes: (bytes: number) => progress.bytesMoved(bytes),
      onNote: (text: string) => progress.note(text),
      onPart: (record: PartRecord | null) => {
        // A late report of a try that has ended: the next one has records of its own.
        if (over.signal.aborted) return;
        if (record) parts.set(path, record);
        else parts.delete(path);
      },
    };
    try {
      await (to.isLocal ? downloadFile : uploadFile)(task, context);
    } finally {
      over.abort();
    }
  }
}

function hasAtLeast(count: number, list: Iterable<unknown>): boolean {
  let found = 0;
  for (const _one of list) if (++found === count) return true;
  return false;
}
