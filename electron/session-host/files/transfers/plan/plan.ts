import { AppError } from '../../../../../shared/errors/app-error.ts';
import { throwIfAborted } from '../../../../lib/deadline.ts';
import type { FileSystem, NamedFacts } from '../../file-systems/file-system.ts';
import { impossibleName, localName } from '../../file-systems/local-names.ts';
import { isTooLong, MemoryBound } from '../../file-systems/memory-bound.ts';
import { isPartName } from '../part-name.ts';
import { FolderNames } from './folder-names.ts';
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

/** Paths end at 4 KB, so deeper folders have names of a few letters, as no person makes them; a server that lies can make them without end. */
const deepest = 250;
/** Their round trips overlap. More at a time would only fill memory with lists that wait to be read. */
const foldersAtATime = 8;

/** Counts all that is below the sources, before anything is moved. Links are not followed, except a source that is one itself. */
export function makePlan(options: PlanOptions): Promise<Plan> {
  return new PlanMaker(options).make();
}

interface WaitingFolder {
  folder: PlanFolder;
  depth: number;
}

/** An entry and where it was found. `given` is its name there, which differs from the entry's when the person chose another. */
interface Found {
  entry: NamedFacts;
  given: string;
  source: string;
}

class PlanMaker {
  readonly #options: PlanOptions;
  readonly #bound = new MemoryBound();
  readonly #plan: Plan;
  /** Folders that were not read yet. */
  readonly #waiting: WaitingFolder[] = [];

  constructor(options: PlanOptions) {
    this.#options = options;
    const root: PlanFolder = { index: 0, parent: null, name: '', source: '', target: options.folder, facts: null, ready: null, items: 0 };
    const folders: PlanFolder[] = [];
    const folderAt = (index: number) => folders[index - 1] ?? root;
    const items = new PlanItems(this.#bound, folderAt, (parent, name) => options.from.join(parent.source, name));
    this.#plan = { root, folders, items, bytes: 0 };
  }

  async make(): Promise<Plan> {
    await this.#readSources();
    await this.#readFolders();
    this.#options.counted(this.#plan.items.length, this.#plan.bytes);
    return this.#plan;
  }

  async #readSources(): Promise<void> {
    const { from, sources, rename, signal } = this.#options;
    const taken = new FolderNames(this.#bound);
    for (const source of sources) {
      throwIfAborted(signal);
      const { name } = from.split(source);
      try {
        const found = await from.lstat(source);
        const facts = found.kind === 'link' ? await from.stat(source) : found;
        this.#place({ folder: this.#plan.root, depth: 0 }, { entry: { ...facts, name: rename ?? name }, given: name, source }, taken);
      } catch (caught) {
        this.#leaveOut(caught, name);
      }
    }
  }

  /** Reads the folders that wait, and those that are found in them. What was begun is over when it rejects. */
  async #readFolders(): Promise<void> {
    const running = new Set<Promise<void>>();
    let failure: unknown = null;
    while (this.#waiting.length > 0 || running.size > 0) {
      // The last first: fewer folders wait when a tree is read into its depth.
      for (const next of this.#waiting.splice(Math.max(0, this.#waiting.length - foldersAtATime + running.size))) {
        const task: Promise<void> = this.#readFolder(next).then(
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
      throwIfAborted(this.#options.signal);
    }
    await Promise.all(running);
    if (failure) throw failure;
  }

  async #readFolder(waiting: WaitingFolder): Promise<void> {
    const { from, signal, counted } = this.#options;
    const { folder } = waiting;
    const taken = new FolderNames(this.#bound);
    try {
      for await (const entries of from.list(folder.source)) {
        throwIfAborted(signal);
        for (const entry of entries) this.#place(waiting, { entry, given: entry.name, source: from.join(folder.source, entry.name) }, taken);
        counted(this.#plan.items.length, this.#plan.bytes);
      }
    } catch (caught) {
      this.#leaveOut(caught, shownPath(folder));
    } finally {
      taken.free();
    }
  }

  /** Puts an entry into the plan, or tells why it is left out. `taken`: the names of its folder so far. */
  #place({ folder: parent, depth }: WaitingFolder, { entry, given, source }: Found, taken: FolderNames): void {
    const { to, platform, foldsCase, problem } = this.#options;
    this.#bound.meet();
    const leftOut = (why: string) => problem(shownPath(parent, entry.name), `It was left out: ${why}.`);
    const name = to.isLocal ? localName(entry.name, platform) : entry.name;
    if (name === null || impossibleName(name)) return leftOut(impossibleName(entry.name) ?? 'its name cannot be used here');
    if (isPartName(name)) return leftOut('it is half of a file, left by a transfer that goes on or was cut off');
    const target = to.join(parent.target, name);
    if (isTooLong(source) || isTooLong(target)) return leftOut('its path is longer than 4 KB, which is more than servers and disks take');
    if (!taken.add(foldsCase ? name.normalize('NFC').toLowerCase() : name))
      return leftOut('another entry of this folder has the same name, as far as the target tells names apart');
    const { kind, size, modified, mode } = entry;
    if (kind === 'other') return leftOut('it is neither a file, a folder nor a link');
    if (kind === 'folder') {
      if (depth > deepest) throw tooDeep();
      this.#bound.takeObject(entry.name, source, target);
      this.#addFolder({ parent, name: entry.name, source, target, facts: { mode, modified } }, depth + 1);
    } else {
      parent.items++;
      this.#plan.items.add({ folder: parent, kind, source, name, size, modified, mode }, given);
      this.#plan.bytes += size;
    }
  }

  #addFolder(folder: Omit<PlanFolder, 'index' | 'ready' | 'items'>, depth: number): void {
    const { folders } = this.#plan;
    const added = { ...folder, index: folders.length + 1, ready: null, items: 0 };
    folders.push(added);
    this.#waiting.push({ folder: added, depth });
  }

  /** Skips an entry for its own errors; rethrows errors of the connection. */
  #leaveOut(caught: unknown, shown: string): void {
    const { code, message, details } = AppError.from(caught);
    const isItsOwn = code === 'not-found' || code === 'access-denied' || code === 'conflict';
    if (!isItsOwn && !(code === 'bad-response' && details?.sftp !== undefined)) throw caught;
    this.#options.problem(shown, message);
  }
}

const tooDeep = () =>
  new AppError('unsupported', `Folders are nested deeper than ${deepest}, so nothing was moved. Move the inner ones by themselves.`);
