import type { FileFacts } from '../../file-systems/file-system.ts';

/** A folder to be made or filled. The root of a plan is the folder that was chosen; it is there already and keeps its mode and times. */
export interface PlanFolder {
  /** 0 for the root, then by place in `folders`. */
  readonly index: number;
  readonly parent: PlanFolder | null;
  readonly name: string;
  readonly source: string;
  readonly target: string;
  readonly facts: Pick<FileFacts, 'mode' | 'modified'> | null;
  /** What was in the target folder before. Set when the folder is first needed; it rejects when the folder cannot be made. */
  ready: Promise<FolderContents> | null;
  /** How many files and links are put right into it. */
  items: number;
}

export interface FolderContents {
  /** Null when nothing of this name is there. */
  find(name: string): Promise<FileFacts | null>;
  /** A name that this transfer uses from now on. */
  add(name: string): void;
  /** Whether the name is known to be used, without asking the file system. */
  has(name: string): boolean;
}

/** For people: a folder, or an entry of it, by its path below the folder that the sources come from. */
export function shownPath(folder: PlanFolder, entry?: string): string {
  const names = entry === undefined ? [] : [entry];
  for (let at: PlanFolder | null = folder; at?.parent; at = at.parent) names.unshift(at.name);
  return names.join('/');
}

/** The folder among the sources that a folder is in, or is itself. */
export function topOf(folder: PlanFolder): PlanFolder {
  let top = folder;
  while (top.parent?.parent) top = top.parent;
  return top;
}
