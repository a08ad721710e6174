import { setMaxListeners } from 'node:events';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { ConflictAnswer, ConflictPolicy, TransferRow } from '../../../../shared/model/files.ts';
import { writeHeadroom } from '../../../ssh/sftp/sftp.ts';
import type { FileFacts, FileSystem } from '../file-systems/file-system.ts';
import { linkWithin } from '../file-systems/links.ts';
import { numberedName } from '../file-systems/local-names.ts';
import { notThere } from '../file-systems/not-there.ts';
import type { RemoteLease } from '../file-systems/remote-access.ts';
import type { BusyTargets } from './busy-targets.ts';
import { downloadFile } from './one-file/download-file.ts';
import { type FileTask, type PartRecord, smallFile } from './one-file/file-task.ts';
import { uploadFile } from './one-file/upload-file.ts';
import { partName } from './part-name.ts';
import { type Plan, stopIfAborted } from './plan/plan.ts';
import { type FolderContents, type PlanFolder, shownPath } from './plan/plan-folder.ts';
import type { PlanItem } from './plan/plan-items.ts';
import { runWorkers } from './run-workers.ts';
import { SmallFiles } from './small-files.ts';
import { TargetFolders } from './target-folders.ts';

export interface RunOptions {
  direction: 'upload' | 'download';
  from: FileSystem;
  to: FileSystem;
  lease: RemoteLease;
  plan: Plan;
  busy: BusyTargets;
  /** The receiving file system's name among others, for `busy`. */
  place: string;
  /** A later try of the same transfer: what stands there with the same size and time was moved by an earlier one. */
  isAgain: boolean;
  signal: AbortSignal;
  policy(): ConflictPolicy;
  /** Resolves with the person's answer. */
  ask(question: NonNullable<TransferRow['question']>, signal: AbortSignal): Promise<ConflictAnswer>;
  /** Half-moved files by the path of their target. */
  parts: Map<string, PartRecord>;
  started(item: PlanItem): void;
  moved(bytes: number): void;
  settled(item: PlanItem, how: 'done' | 'skipped'): void;
  failed(item: PlanItem, error: AppError): void;
  problem(path: string, message: string): void;
  note(text: string): void;
}

/** Their round trips overlap; each has a file open on both file systems. */
const smallAtATime = 120;
const largeAtATime = 2;
const foldersAtATime = 16;

/** Fewer are not worth a thread. */
const manySmall = 16;

/**
 * Moves all that a plan holds and is not settled yet. Rejects only for what ends the whole transfer, and not before everything that was under way is
 * over: what is late would write into the next try's part files, or leave some behind.
 */
export async function runPlan(options: RunOptions): Promise<void> {
  const isMany = hasMore(options.plan.items.open('file', isSmall), manySmall);
  const small = isMany ? new SmallFiles(writeHeadroom) : null;
  const underWay = new Set<Promise<void>>();
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  // One for each file that is under way.
  setMaxListeners(0, signal);
  try {
    await movePlan({ ...options, signal }, small, underWay);
  } catch (caught) {
    failed.abort(caught);
    throw caught;
  } finally {
    await small?.close();
    await Promise.allSettled(underWay);
  }
}

async function movePlan(options: RunOptions, small: SmallFiles | null, underWay: Set<Promise<void>>): Promise<void> {
  const { plan, signal } = options;
  const folders = new TargetFolders(options.to);
  // What stood there at an earlier try says nothing about now.
  for (const folder of [plan.root, ...plan.folders]) folder.ready = null;
  const move = (item: PlanItem) => {
    const moving = settle(item, options, folders, small).finally(() => underWay.delete(moving));
    underWay.add(moving);
    return moving;
  };
  await atATime(foldersAtATime, plan.folders, signal, async (folder) => {
    await folders
      .ready(folder)
      .catch((error) => endsAll(error, options) || options.problem(shownPath(folder.parent!, folder.name), AppError.from(error).message));
  });
  await Promise.all([
    atATime(smallAtATime, plan.items.open('file', isSmall), signal, move),
    atATime(
      largeAtATime,
      plan.items.open('file', (size) => !isSmall(size)),
      signal,
      move,
    ),
  ]);
  // Links come last, so that nothing is ever written through one of them.
  await atATime(foldersAtATime, plan.items.open('link'), signal, move);
  await atATime(foldersAtATime, [...plan.folders].reverse(), signal, (folder) => finishFolder(folder, options));
}

const isSmall = (size: number) => size <= smallFile;

function hasMore(list: Iterable<unknown>, count: number): boolean {
  let found = 0;
  for (const _one of list) if (++found === count) return true;
  return false;
}

async function atATime<T>(workers: number, list: Iterable<T>, signal: AbortSignal, action: (value: T) => Promise<unknown>): Promise<void> {
  const values = list[Symbol.iterator]();
  await runWorkers(workers, signal, async () => {
    const { value, done } = values.next();
    if (done) return false;
    await action(value);
    return true;
  });
}

/** Throws what concerns every file: a lost connection, a full disk, the end of the transfer. */
function endsAll(caught: unknown, { signal, lease }: RunOptions): false {
  const error = AppError.from(caught);
  const isAll =
    signal.aborted ||
    !lease.fileSystem.sftp.isOpen ||
    error.code === 'closed' ||
    error.code === 'timeout' ||
    error.code === 'disk' ||
    error.code === 'internal' ||
    error.code === 'cancelled';
  if (isAll) throw caught;
  return false;
}

async function settle(item: PlanItem, options: RunOptions, folders: TargetFolders, small: SmallFiles | null): Promise<void> {
  options.started(item);
  try {
    const contents = await folders.ready(item.folder);
    const target = await chooseTarget(item, options, contents);
    stopIfAborted(options.signal);
    await folders.check(item.folder);
    if (!target) {
      item.isSettled = true;
      return options.settled(item, 'skipped');
    }
    if (target.isDone) {
      options.parts.delete(options.to.join(item.folder.target, target.name));
      options.note('Files that an earlier try had moved already were left as they are.');
    } else if (item.kind === 'link') await putLink(item, target.name, options);
    else {
      const path = options.to.join(item.folder.target, target.name);
      await options.busy.hold(options.place, path, () => moveFile(item, target, options, small));
    }
    contents.add(target.name);
    item.isSettled = true;
    options.settled(item, 'done');
  } catch (caught) {
    endsAll(caught, options);
    item.isSettled = true;
    options.failed(item, AppError.from(caught));
  }
}

interface Target {
  name: string;
  replace: FileFacts | null;
  isDone?: boolean;
}

/** Null: leave it out. */
async function chooseTarget(item: PlanItem, options: RunOptions, contents: FolderContents): Promise<Target | null> {
  const existing = await contents.find(item.name);
  if (!existing) return { name: item.name, replace: null };
  const isSame = existing.kind === item.kind && existing.size === item.size && secondsOf(existing.modified) === secondsOf(item.modified);
  if (options.isAgain && isSame && item.kind === 'file') return { name: item.name, replace: existing, isDone: true };
  const policy = options.policy();
  const answer = policy === 'ask' ? await options.ask(questionOf(item, existing), options.signal) : policy;
  switch (answer) {
    case 'skip':
      return null;
    case 'newer':
      if (existing.kind === 'folder' || !isNewer(item.modified, existing.modified)) return null;
      return { name: item.name, replace: existing };
    case 'overwrite':
      if (existing.kind === 'folder') throw new AppError('conflict', 'It was left out: a folder stands where the file should be.');
      return { name: item.name, replace: existing };
    case 'rename':
      return { name: await freeName(item.name, contents), replace: null };
  }
}

async function freeName(name: string, contents: FolderContents): Promise<string> {
  for (let number = 2; number < 10_000; number++) {
    const candidate = numberedName(name, number);
    if (!contents.has(candidate) && !(await contents.find(candidate))) {
      contents.add(candidate);
      return candidate;
    }
  }
  throw new AppError('conflict', `There are too many files named like ${name}.`);
}

/** In whole seconds, which is all that SFTP tells. What has no time is not known to be newer or older. */
const isNewer = (one: number | null, other: number | null) => one !== null && other !== null && secondsOf(one)! > secondsOf(other)!;

const secondsOf = (milliseconds: number | null) => (milliseconds === null ? null : Math.floor(milliseconds / 1000));

function questionOf(item: PlanItem, existing: FileFacts): NonNullable<TransferRow['question']> {
  const { folder, kind, size, modified, name } = item;
  return {
    path: shownPath(folder, name),
    source: { kind, size, modified },
    existing: { kind: existing.kind, size: existing.size, modified: existing.modified },
  };
}

/** A file that changed while it was read gets one more try. */
async function moveFile(item: PlanItem, { name, replace }: Target, options: RunOptions, small: SmallFiles | null): Promise<void> {
  const { from, to, signal, parts } = options;
  const path = to.join(item.folder.target, name);
  const { source, size, modified, mode } = item;
  const task = { source, folder: item.folder.target, name, replace, size, modified, mode, isSecondTry: false };
  try {
    try {
      await tryFile({ ...task, part: parts.get(path) ?? null }, path, options, small);
    } catch (caught) {
      if (AppError.from(caught).details?.changed !== true || signal.aborted) throw caught;
      const now = await from.stat(source);
      await tryFile({ ...task, size: now.size, modified: now.modified, mode: now.mode, part: null, isSecondTry: true }, path, options, small);
    }
  } catch (caught) {
    endsAll(caught, options);
    parts.delete(path);
    await to.removeFile(to.join(item.folder.target, partName(name))).catch(() => {});
    throw caught;
  }
}

/** What still comes from a try that is over does nothing: its file is closed, and the next try has records of its own. */
async function tryFile(task: FileTask, path: string, options: RunOptions, small: SmallFiles | null): Promise<void> {
  const { direction, lease, moved, note, parts } = options;
  const over = new AbortController();
  const signal = task.size > smallFile ? AbortSignal.any([options.signal, over.signal]) : options.signal;
  const part = (record: PartRecord | null) => {
    if (over.signal.aborted) return;
    if (record) parts.set(path, record);
    else parts.delete(path);
  };
  try {
    await (direction === 'upload' ? uploadFile : downloadFile)(task, { lease, signal, small, moved, note, part });
  } finally {
    over.abort();
  }
}

async function putLink(item: PlanItem, name: string, { from, to, lease, note }: RunOptions): Promise<void> {
  const path = to.join(item.folder.target, name);
  const target = linkWithin(from, { sourceRoot: topOf(item.folder).source, source: item.source, target: await from.readLink(item.source) });
  const there = await to.lstat(path).catch(notThere);
  if (there?.kind === 'folder') throw new AppError('conflict', 'It was left out: a folder stands where the link should be.');
  if (!there) await to.makeLink(path, target);
  else {
    // What stands there goes only when the link is made.
    const part = to.join(item.folder.target, partName(name));
    await to.removeFile(part).catch(notThere);
    await to.makeLink(part, target);
    await to.move(part, path);
  }
  if (!to.isLocal && !lease.fileSystem.sftp.keepsRelativeLinks)
    note('Links lead to the same places by whole paths: Teleport’s file server cannot keep relative ones.');
}

/** The source that a folder belongs to. */
function topOf(folder: PlanFolder): PlanFolder {
  let top = folder;
  while (top.parent?.parent) top = top.parent;
  return top;
}

async function finishFolder({ ready, target, facts }: PlanFolder, { to, note }: RunOptions): Promise<void> {
  const isThere = await ready?.then(
    () => true,
    () => false,
  );
  if (!facts || !isThere) return;
  try {
    const mode = facts.mode === null ? null : facts.mode & 0o777;
    if (mode !== null && !(to.isLocal && process.platform === 'win32')) await to.changeMode(target, mode);
    if (facts.modified !== null) await to.setTimes(target, facts.modified);
  } catch (caught) {
    if (AppError.from(caught).code === 'closed') throw caught;
    note('The modes or times of some folders could not be kept.');
  }
}
