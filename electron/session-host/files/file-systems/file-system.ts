import type { FileKind } from '../../../../shared/model/files.ts';

/** What a file system says about one entry. `mode` has permission bits only. */
export interface FileFacts {
  kind: FileKind;
  size: number;
  /** Milliseconds since the epoch. */
  modified: number | null;
  mode: number | null;
  owner: string;
  group: string;
  /** Numbers of owner and group, where the file system has them. */
  ids?: { user: number; group: number };
  /** Names that lead to the same file, where the file system tells. */
  links?: number;
}

export interface NamedFacts extends FileFacts {
  name: string;
}

/** One of the two places that files are moved between, by absolute paths of its own form. All of it rejects with AppErrors, `closed` when the connection is lost. */
export interface FileSystem {
  readonly isLocal: boolean;
  /** Home folder, absolute: of the login, or of another user by name; `not-found` when that one's cannot be told. */
  home(user?: string): Promise<string>;
  /** The path without `.`, `..` and links. `not-found` when nothing is there. */
  real(path: string): Promise<string>;
  /** Entries of a folder without `.` and `..`, as they come; links are not followed. */
  list(path: string): AsyncIterable<NamedFacts[]>;
  /** Does not follow links, whatever the server does. `not-found` when nothing is there. */
  lstat(path: string): Promise<FileFacts>;
  /** Follows links. */
  stat(path: string): Promise<FileFacts>;
  readLink(path: string): Promise<string>;
  makeLink(path: string, target: string): Promise<void>;
  /** `conflict` when something is there. */
  makeFolder(path: string, mode?: number): Promise<void>;
  removeFile(path: string): Promise<void>;
  /** Removes an empty folder, and refuses (`conflict`) when it is not empty. */
  removeFolder(path: string): Promise<void>;
  /** Replaces what stands at `to`. */
  move(from: string, to: string): Promise<void>;
  /** `conflict` when something stands at `to`. */
  moveToFree(from: string, to: string): Promise<void>;
  changeMode(path: string, mode: number): Promise<void>;
  setTimes(path: string, modified: number): Promise<void>;
  /** At most `length` bytes from `offset`; fewer at the end of the file. */
  readRange(path: string, offset: number, length: number): Promise<Buffer>;
  join(folder: string, name: string): string;
  /** Folder and last name of a path. The folder of a root is the root, its name is empty. */
  split(path: string): { folder: string; name: string };
  /** `path` made absolute and without `.` and `..` by its text alone; relative ones are below `base`. */
  absolute(path: string, base: string): string;
}
