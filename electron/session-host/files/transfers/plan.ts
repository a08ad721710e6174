import { AppError } from '../../../../shared/errors/app-error.ts';
import { impossibleName, localName } from '../file-systems/local-names.ts';
import type { FileFacts, NamedFacts, Side } from '../file-systems/side.ts';
import { isPartName } from './part-name.ts';

/** A folder to be made or filled. The root of a plan is the folder that was chosen; it is there already and keeps its mode and times. */
export interface PlanFolder {
  readonly parent: PlanFolder | null;
  readonly source: string;
  readonly target: string;
  /** Below the folder that the sources come from, for people. */
  readonly shown: string;
  readonly facts: FileFacts | null;
  /** What was in the target folder before, by name; empty for a folder that was made new. Set when it is ready. */
  ready: Promise<FolderContents> | null;
  /** How many files and links are put right into it. */
  items: number;
}

export type FolderContents = { find(name: string): Promise<FileFacts | null>; add(name: string): void; has(name: string): boolean };

export interface PlanItem {
  readonly folder: PlanFolder;
  readonly kind: 'file' | 'link';
  /** The sending side's path; it differs from folder and name for sources that were chosen from several folders. */
  readonly source: string;
  /** Name at the target. */
  readonly name: string;
  readonly size: number;
  readonly modified: number | null;
  readonly mode: number | null;
  isSettled: boolean;
}

export interface Plan {
  readonly root: PlanFolder;
  /** Parents before children. */
  readonly folders: PlanFolder[];
  readonly items: PlanItem[];
  bytes: number;
}

export interface PlanOptions {
  from: Side;
  to: Side;
  sources: readonly string[];
  folder: string;
  rename: string | null;
  platform: NodeJS.Platform;
  /** The target's file system takes `a` and `A` for one name. */
  foldsCase: boolean;
  signal: AbortSignal;
  /** Something that cannot be moved; the rest is. */
  problem(path: string, message: string): void;
  counted(items: number, bytes: number): void;
}

const mostEntries = 1_000_000;
const deepest = 250;
const foldersAtATime = 8;

/** Counts all that is below the sources, before anything is moved. Links are not followed, except a source that is one itself. */
export async function makePlan(options: PlanOptions): Promise<Plan> {
  const { from, to, folder, rename, signal, problem } = options;
  const root: PlanFolder = { parent: null, source: '', target: folder, shown: '', facts: null, ready: null, items: 0 };
  const plan: Plan = { root, folders: [], items: [], bytes: 0 };
  const waiting: { folder: PlanFolder; depth: number }[] = [];
  const names = new Set<string>();

  const place = (parent: PlanFolder, entry: NamedFacts, source: string, taken: Set<string>, depth: number) => {
    const shown = parent.shown ? `${parent.shown}/${entry.name}` : entry.name;
    const name = to.isLocal ? localName(entry.name, options.platform) : entry.name;
    if (name === null || impossibleName(name))
      return problem(shown, `It was left out: ${impossibleName(entry.name) ?? 'its name cannot be used here'}.`);
    if (isPartName(name)) return problem(shown, 'It was left out: it is half of a file, left by a transfer that goes on or was cut off.');
    const key = options.foldsCase ? name.normalize('NFC').toLowerCase() : name;
    if (taken.has(key))
      return problem(shown, 'It was left out: another entry of this folder has the same name, as far as the target tells names apart.');
    taken.add(key);
    if (entry.kind === 'other') return problem(shown, 'It was left out: it is neither a file, a folder nor a link.');
    if (plan.folders.length + plan.items.length >= mostEntries) throw tooMuch(`more than ${mostEntries.toLocaleString('en')} entries`);
    if (entry.kind === 'folder') {
      if (depth > deepest) throw tooMuch(`folders nested deeper than ${deepest}`);
      const inner: PlanFolder = { parent, source, target: to.join(parent.target, name), shown, facts: entry, ready: null, items: 0 };
      plan.folders.push(inner);
      waiting.push({ folder: inner, depth: depth + 1 });
      return;
    }
    parent.items++;
    plan.items.push({
      folder: parent,
      kind: entry.kind,
      source,
      name,
      size: entry.size,
      modified: entry.modified,
      mode: entry.mode,
      isSettled: false,
    });
    plan.bytes += entry.size;
  };

  for (const source of options.sources) {
    stopIfAborted(signal);
    const { name } = from.split(source);
    try {
      const found = await from.look(source);
      const facts = found.kind === 'link' ? await from.follow(source) : found;
      place(root, { ...facts, name: rename ?? name }, source, names, 0);
    } catch (caught) {
      leaveOut(caught, name, problem);
    }
  }

  const read = async ({ folder: parent, depth }: { folder: PlanFolder; depth: number }) => {
    const taken = new Set<string>();
    try {
      for await (const entries of from.list(parent.source)) {
        stopIfAborted(signal);
        for (const entry of entries) place(parent, entry, from.join(parent.source, entry.name), taken, depth);
        options.counted(plan.items.length, plan.bytes);
      }
    } catch (caught) {
      leaveOut(caught, parent.shown, problem);
    }
  };
  const running = new Set<Promise<void>>();
  let failure: unknown = null;
  while (waiting.length > 0 || running.size > 0) {
    while (waiting.length > 0 && running.size < foldersAtATime) {
      const task: Promise<void> = read(waiting.pop()!).then(
        () => void running.delete(task),
        (error: unknown) => {
          failure ??= error;
          running.delete(task);
        },
      );
      running.add(task);
    }
    await Promise.race(running);
    if (failure) break;
    stopIfAborted(signal);
  }
  await Promise.all(running);
  if (failure) throw failure;
  options.counted(plan.items.length, plan.bytes);
  return plan;
}

/** What one entry's own fault is leaves it out; what ends everything goes on up. */
function leaveOut(caught: unknown, shown: string, problem: PlanOptions['problem']): void {
  const error = AppError.from(caught);
  if (error.code === 'not-found' || error.code === 'access-denied' || error.code === 'conflict') problem(shown, error.message);
  else if (error.code === 'bad-response' && error.details?.sftp !== undefined) problem(shown, error.message);
  else throw error;
}

export function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw signal.reason instanceof AppError ? signal.reason : new AppError('cancelled', 'The action was cancelled.');
}

const tooMuch = (what: string) => new AppError('unsupported', `There is too much for one transfer: ${what}. Move it in parts.`);
