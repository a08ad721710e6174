import type { FileKind } from '../../../../shared/model/files.ts';
import type { FileSystem } from '../file-systems/file-system.ts';
import { impossibleName } from '../file-systems/local-names.ts';

const mostCompletions = 50;

/** What a person typed, as an absolute path: `~` and `~/x` are of the home folder, `~user/x` of that user's, relative ones below `base`. */
async function typed(fileSystem: FileSystem, path: string, base: string): Promise<string> {
  if (path === '') return fileSystem.home();
  const [, user, rest] = /^~([^/]*)(?:\/(.*))?$/s.exec(path) ?? [];
  if (user === undefined) return fileSystem.absolute(path, base || (await fileSystem.home()));
  // A file may be called like that, too.
  if (user !== '' && base !== '' && (await isThere(fileSystem, fileSystem.absolute(path, base)))) return fileSystem.absolute(path, base);
  const home = await fileSystem.home(user);
  return rest ? fileSystem.absolute(rest, home) : home;
}

const isThere = (fileSystem: FileSystem, path: string) =>
  fileSystem.lstat(path).then(
    () => true,
    () => false,
  );

export async function resolvePath(fileSystem: FileSystem, path: string, base: string): Promise<{ path: string; kind: FileKind }> {
  const absolute = await typed(fileSystem, path.trim(), base);
  const { kind } = await fileSystem.stat(absolute);
  return { path: absolute, kind };
}

export async function completePath(fileSystem: FileSystem, path: string, base: string, signal: AbortSignal): Promise<{ paths: string[] }> {
  const endsInFolder = path === '' || /[\\/]$/.test(path);
  const absolute = path === '' && base ? base : await typed(fileSystem, path, base);
  const { folder, name } = endsInFolder ? { folder: absolute, name: '' } : fileSystem.split(absolute);
  const found: string[] = [];
  for await (const entries of fileSystem.list(folder)) {
    if (signal.aborted) break;
    for (const entry of entries) {
      if (impossibleName(entry.name) !== null || !entry.name.startsWith(name) || (name === '' && entry.name.startsWith('.'))) continue;
      const whole = fileSystem.join(folder, entry.name);
      const isFolder = entry.kind === 'folder' || (entry.kind === 'link' && (await fileSystem.stat(whole).catch(() => null))?.kind === 'folder');
      found.push(isFolder ? `${whole}/` : whole);
    }
    if (found.length > mostCompletions * 20) break;
  }
  return { paths: found.sort((a, b) => a.localeCompare(b)).slice(0, mostCompletions) };
}
