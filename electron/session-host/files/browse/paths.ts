import type { FileKind } from '../../../../shared/model/files.ts';
import { impossibleName } from '../file-systems/local-names.ts';
import type { Side } from '../file-systems/side.ts';

const mostCompletions = 50;

/** What a person typed, as an absolute path: `~` and `~/x` are of the home folder, `~user/x` of that user's, relative ones below `base`. */
async function typed(side: Side, path: string, base: string): Promise<string> {
  if (path === '') return side.home();
  const [, user, rest] = /^~([^/]*)(?:\/(.*))?$/s.exec(path) ?? [];
  if (user === undefined) return side.absolute(path, base || (await side.home()));
  // A file may be called like that, too.
  if (user !== '' && base !== '' && (await isThere(side, side.absolute(path, base)))) return side.absolute(path, base);
  const home = await side.home(user);
  return rest ? side.absolute(rest, home) : home;
}

const isThere = (side: Side, path: string) =>
  side.look(path).then(
    () => true,
    () => false,
  );

export async function resolvePath(side: Side, path: string, base: string): Promise<{ path: string; kind: FileKind }> {
  const absolute = await typed(side, path.trim(), base);
  const { kind } = await side.follow(absolute);
  return { path: absolute, kind };
}

export async function completePath(side: Side, path: string, base: string, signal: AbortSignal): Promise<{ paths: string[] }> {
  const endsInFolder = path === '' || /[\\/]$/.test(path);
  const absolute = path === '' && base ? base : await typed(side, path, base);
  const { folder, name } = endsInFolder ? { folder: absolute, name: '' } : side.split(absolute);
  const found: string[] = [];
  for await (const entries of side.list(folder)) {
    if (signal.aborted) break;
    for (const entry of entries) {
      if (impossibleName(entry.name) !== null || !entry.name.startsWith(name) || (name === '' && entry.name.startsWith('.'))) continue;
      const whole = side.join(folder, entry.name);
      const isFolder = entry.kind === 'folder' || (entry.kind === 'link' && (await side.follow(whole).catch(() => null))?.kind === 'folder');
      found.push(isFolder ? `${whole}/` : whole);
    }
    if (found.length > mostCompletions * 20) break;
  }
  return { paths: found.sort((a, b) => a.localeCompare(b)).slice(0, mostCompletions) };
}
