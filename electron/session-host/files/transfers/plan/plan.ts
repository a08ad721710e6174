import { AppError } from '../../../../../shared/errors/app-error.ts';
import { throwIfAborted } from '../../../../lib/deadline.ts';
import type { FileSystem, NamedFacts } from '../../file-systems/file-system.ts';
import { impossibleName, localName } from '../../file-systems/local-names.ts';
import { isTooLong, MemoryBound, textBytes } from '../../file-systems/memory-bound.ts';
import { isPartName } from '../part-name.ts';
import { type PlanFolder, shownPath } from './plan-folder.ts';
import { PlanItems } from './plan-items.ts';

export interface Plan {
  readonly root: PlanFolder;
  /** Parents before children. */
  readonly folders: PlanFolder[];
  readonly items: PlanItems;
  bytes: number;
}

export interface PlanOptions {
  from: FileSystem;
  to: FileSystem;
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

const deepest = 250;
const foldersAtATime = 8;
const setEntryBytes = 32;

/** Counts all that is below the sources, before anything is moved. Links are not followed, except a source that is one itself. */
export async function makePlan(options: PlanOptions): Promise<Plan> {
  const { from, to, folder, rename, signal, problem } = options;
  const bound = new MemoryBound();
  const root: PlanFolder = { index: 0, parent: null, name: '', source: '', target: folder, facts: null, ready: null, items: 0 };
  const folders: PlanFolder[] = [];
  const folderAt = (index: number) => (index === 0 ? root : folders[index - 1]!);
  const items = new PlanItems(bound, folderAt, (parent, name) => from.join(parent.source, name));
  const plan: Plan = { root, folders, items, bytes: 0 };
  const waiting: { folder: PlanFolder; depth: number }[] = [];

  const place = (parent: PlanFolder, entry: NamedFacts, given: string, source: string, taken: Names, depth: number) => {
    bound.meet();
    const leftOut = (why: string) => problem(shownPath(parent, entry.name), `It was left out: ${why}.`);
    const name = to.isLocal ? localName(entry.name, options.platform) : entry.name;
    if (name === null || impossibleName(name)) return leftOut(impossibleName(entry.name) ?? 'its name cannot be used here');
    if (isPartName(name)) return leftOut('it is half of a file, left by a transfer that goes on or was cut off');
    const target = to.join(parent.target, name);
    if (isTooLong(source) || isTooLong(target)) return leftOut('its path is longer than 4 KB, which is more than servers and disks take');
    if (!taken.add(options.foldsCase ? name.normalize('NFC').toLowerCase() : name))
      return leftOut('another entry of this folder has the same name, as far as the target tells names apart');
    const { kind, size, modified, mode } = entry;
    if (kind === 'other') return leftOut('it is neither a file, a folder nor a link');
    if (kind === 'folder') {
      if (depth > deepest) throw tooDeep();
      bound.takeObject(entry.name, source, target);
      const facts = { mode, modified };
      const inner: PlanFolder = { index: folders.length + 1, parent, name: entry.name, source, target, facts, ready: null, items: 0 };
      folders.push(inner);
      waiting.push({ folder: inner, depth: depth + 1 });
      return;
    }
    parent.items++;
    items.add({ folder: parent, kind, source, name, size, modified, mode }, given);
    plan.bytes += size;
  };

  const names = new Names(bound);
  for (const source of options.sources) {
    throwIfAborted(signal);
    const { name } = from.split(source);
    try {
      const found = await from.lstat(source);
      const facts = found.kind === 'link' ? await from.stat(source) : found;
      place(root, { ...facts, name: rename ?? name }, name, source, names, 0);
    } catch (caught) {
      leaveOut(caught, name, problem);
    }
  }

  const read = async ({ folder: parent, depth }: { folder: PlanFolder; depth: number }) => {
    const taken = new Names(bound);
    try {
      for await (const entries of from.list(parent.source)) {
        throwIfAborted(signal);
        for (const entry of entries) place(parent, entry, entry.name, from.join(parent.source, entry.name), taken, depth);
        options.counted(plan.items.length, plan.bytes);
      }
    } catch (caught) {
      leaveOut(caught, shownPath(parent), problem);
    } finally {
      taken.free();
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
    throwIfAborted(signal);
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

const tooDeep = () =>
  new AppError('unsupported', `Folders are nested deeper than ${deepest}, so nothing was moved. Move the inner ones by themselves.`);

/** Names of one folder, while it is read. */
class Names {
  readonly #bound: MemoryBound;
  readonly #names = new Set<string>();
  #bytes = 0;

  constructor(bound: MemoryBound) {
    this.#bound = bound;
  }

  /** False when it is there already. */
  add(name: string): boolean {
    if (this.#names.has(name)) return false;
    const bytes = setEntryBytes + textBytes(name);
    this.#bound.take(bytes);
    this.#bytes += bytes;
    this.#names.add(name);
    return true;
  }

  free(): void {
    this.#names.clear();
    this.#bound.give(this.#bytes);
  }
}
