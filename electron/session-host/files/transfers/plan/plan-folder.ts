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
  /** What was in the target folder before, by name; empty for a folder that was made new. Set when it is ready. */
  ready: Promise<FolderContents> | null;
  /** How many files and links are put right into it. */
  items: number;
}

export type FolderContents = { find(name: string): Promise<FileFacts | null>; add(name: string): void; has(name: string): boolean };

/** An entry of a folder, by its name below the folder that the sources come from: for people. */
export function shownPath(folder: PlanFolder, name: string): string {
  let shown = name;
  for (let at: PlanFolder | null = folder; at?.parent; at = at.parent) shown = `${at.name}/${shown}`;
  return shown;
}
