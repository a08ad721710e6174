import { AppError } from '../../../../shared/errors/app-error.ts';
import type { FileFacts, FileSystem } from '../file-systems/file-system.ts';
import { notThere } from '../file-systems/not-there.ts';
import type { FolderContents, PlanFolder } from './plan/plan-folder.ts';

/** With fewer files to put there, each is looked for by itself. */
const worthListing = 4;
const seenMilliseconds = 250;
/** About 15 MB. In a larger folder each file is looked for by itself. */
const mostKnown = 50_000;
const mostKnownLetters = 4_000_000;

const fold = (name: string) => name.normalize('NFC').toLowerCase();

/** Makes the folders of a plan when they are first needed, and knows what stood in them before. */
export class TargetFolders {
  readonly #fileSystem: FileSystem;
  readonly #seen = new Map<PlanFolder, { at: number; isFolder: Promise<void> }>();

  constructor(fileSystem: FileSystem) {
    this.#fileSystem = fileSystem;
  }

  /** Rejects with `conflict` when something else stands there, a link among them: nothing is ever written through it. */
  ready(folder: PlanFolder): Promise<FolderContents> {
    folder.ready ??= this.#make(folder);
    return folder.ready;
  }

  /**
   * Rejects with `conflict` when a folder that was made or found is none any more: a link that somebody put in its place would lead what is written
   * elsewhere. Looked at again after a quarter of a second; neither SFTP nor Node can open a file relative to an open folder, so a moment remains.
   */
  check(folder: PlanFolder): Promise<void> {
    const seen = this.#seen.get(folder);
    if (seen && performance.now() - seen.at < seenMilliseconds) return seen.isFolder;
    const isFolder = this.#look(folder);
    this.#seen.set(folder, { at: performance.now(), isFolder });
    return isFolder;
  }

  /** Gives a folder the mode and times of its source, when it was made or found. False when the file system refuses them. */
  async applyFacts({ ready, target, facts }: PlanFolder): Promise<boolean> {
    const isThere = await ready?.then(
      () => true,
      () => false,
    );
    if (!facts || !isThere) return true;
    const { isLocal } = this.#fileSystem;
    try {
      const mode = facts.mode === null ? null : facts.mode & 0o777;
      if (mode !== null && !(isLocal && process.platform === 'win32')) await this.#fileSystem.changeMode(target, mode);
      if (facts.modified !== null) await this.#fileSystem.setTimes(target, facts.modified);
      return true;
    } catch (caught) {
      if (AppError.from(caught).code === 'closed') throw caught;
      return false;
    }
  }

  async #look(folder: PlanFolder): Promise<void> {
    if (folder.parent) await this.check(folder.parent);
    const { kind } = await this.#fileSystem.lstat(folder.target);
    if (kind !== 'folder') throw new AppError('conflict', `It was left out: ${folder.target} was a folder before, and is a ${kind} now.`);
  }

  async #make(folder: PlanFolder): Promise<FolderContents> {
    if (!folder.parent) return this.#contents(folder, await this.#rootIsFolder(folder.target));
    await this.ready(folder.parent);
    const isNew = await this.#fileSystem.makeFolder(folder.target, ((folder.facts?.mode ?? 0o755) & 0o777) | 0o700).then(
      () => true,
      async (error: unknown) => {
        if (AppError.from(error).code !== 'conflict') throw error;
        const there = await this.#fileSystem.lstat(folder.target);
        if (there.kind !== 'folder')
          throw new AppError('conflict', `It was left out: ${there.kind === 'link' ? 'a link' : 'a file'} stands where the folder should be.`);
        return false;
      },
    );
    this.#seen.set(folder, { at: performance.now(), isFolder: Promise.resolve() });
    return this.#contents(folder, !isNew);
  }

  async #rootIsFolder(path: string): Promise<boolean> {
    const root = await this.#fileSystem.stat(path);
    if (root.kind !== 'folder') throw new AppError('conflict', `${path} is not a folder.`);
    return true;
  }

  async #contents({ target, items }: PlanFolder, mayHold: boolean): Promise<FolderContents> {
    const added = new Set<string>();
    const fileSystem = this.#fileSystem;
    const extra = { add: (name: string) => void added.add(name) };
    // Nothing stands in the way of anything there, so no other names are chosen either.
    if (!mayHold) return { find: async () => null, add: () => {}, has: () => false };
    const known = items < worthListing ? null : await this.#known(target);
    if (!known) return { ...extra, find: (name) => fileSystem.lstat(fileSystem.join(target, name)).catch(notThere), has: (name) => added.has(name) };
    // Another spelling may be the same file there.
    const folded = new Set([...known.keys()].map(fold));
    const find = async (name: string) =>
      known.get(name) ?? (folded.has(fold(name)) ? fileSystem.lstat(fileSystem.join(target, name)).catch(notThere) : null);
    return { ...extra, find, has: (name) => added.has(name) || known.has(name) };
  }

  /** Null for a folder that holds too much to be kept in memory. */
  async #known(target: string): Promise<Map<string, FileFacts> | null> {
    const known = new Map<string, FileFacts>();
    let letters = 0;
    for await (const entries of this.#fileSystem.list(target)) {
      for (const { name, ...facts } of entries) {
        known.set(name, facts);
        letters += name.length;
      }
      if (known.size > mostKnown || letters > mostKnownLetters) return null;
    }
    return known;
  }
}
