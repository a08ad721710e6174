/** How a side writes its paths: servers and most computers with slashes, Windows with drives and backslashes. */
export type PathStyle = 'posix' | 'windows';

const separators = { posix: '/', windows: '\\' } as const;

/** The part of an absolute path that has no parent: `/`, `C:\`, `\\server\share\`. */
function rootOf(style: PathStyle, path: string): string {
  if (style === 'posix') return '/';
  return /^(?:[a-z]:\\|\\\\[^\\]+\\[^\\]+(?:\\|$))/i.exec(path)?.[0] ?? '';
}

export function joinPath(style: PathStyle, folder: string, name: string): string {
  const separator = separators[style];
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}

export interface Crumb {
  readonly name: string;
  readonly path: string;
}

/** The folders from the root down to an absolute path. */
export function crumbsOf(style: PathStyle, path: string): Crumb[] {
  const root = rootOf(style, path);
  const crumbs: Crumb[] = [{ name: root.length > 1 && style === 'windows' ? root.replace(/\\$/, '') : root, path: root }];
  for (const name of path.slice(root.length).split(separators[style])) {
    if (name !== '') crumbs.push({ name, path: joinPath(style, crumbs.at(-1)!.path, name) });
  }
  return crumbs;
}

/** The folder above; null at the root. */
export const parentPath = (style: PathStyle, path: string): string | null => crumbsOf(style, path).at(-2)?.path ?? null;

/** The last name of a path; the root is its own name. */
export const baseName = (style: PathStyle, path: string): string => crumbsOf(style, path).at(-1)!.name;

/** A path as one word of a POSIX shell. */
export const shellWord = (path: string): string => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);
