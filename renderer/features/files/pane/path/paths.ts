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

/** The root of an absolute path and the names below it. */
function partsOf(style: PathStyle, path: string): { root: Crumb; names: string[] } {
  const root = rootOf(style, path);
  const name = root.length > 1 && style === 'windows' ? root.replace(/\\$/, '') : root;
  const names = path.slice(root.length).split(separators[style]);
  return { root: { name, path: root }, names: names.filter((each) => each !== '') };
}

/** The folders from the root down to an absolute path. */
export function crumbsOf(style: PathStyle, path: string): Crumb[] {
  const { root, names } = partsOf(style, path);
  const crumbs = [root];
  let folder = root.path;
  for (const name of names) {
    folder = joinPath(style, folder, name);
    crumbs.push({ name, path: folder });
  }
  return crumbs;
}

/** The folder above; null at the root. */
export const parentPath = (style: PathStyle, path: string): string | null => crumbsOf(style, path).at(-2)?.path ?? null;

/** The last name of a path; the root is its own name. */
export function baseName(style: PathStyle, path: string): string {
  const { root, names } = partsOf(style, path);
  return names.at(-1) ?? root.name;
}

/** A path as one word of a POSIX shell. */
export const shellWord = (path: string): string => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);
