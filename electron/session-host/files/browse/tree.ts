import { AppError } from '../../../../shared/errors/app-error.ts';
import type { TreeCount } from '../../../../shared/model/files.ts';
import { throwIfAborted } from '../../../lib/deadline.ts';
import type { FileFacts, FileSystem } from '../file-systems/file-system.ts';
import { impossibleName } from '../file-systems/local-names.ts';
import { isTooLong, MemoryBound, textBytes } from '../file-systems/memory-bound.ts';
import { notThere } from '../file-systems/not-there.ts';

const foldersAtATime = 8;
const removedAtATime = 32;

export interface TreeEntry {
  path: string;
  facts: FileFacts;
}

/** Everything at and below `paths`; links are entries and not followed. Parents come before what is in them. What `visit` keeps it takes of `bound`. */
export async function walk(
  fileSystem: FileSystem,
  paths: readonly string[],
  signal: AbortSignal,
  visit: (entry: TreeEntry, bound: MemoryBound) => void,
): Promise<void> {
  const bound = new MemoryBound();
  const waiting: string[] = [];
  const meet = (path: string, facts: FileFacts) => {
    bound.meet();
    if (isTooLong(path)) throw new AppError('unsupported', 'Folders are nested deeper than any path can be long.');
    visit({ path, facts }, bound);
    if (facts.kind !== 'folder') return;
    bound.take(textBytes(path));
    waiting.push(path);
  };
  await atATime(16, paths, async (path) => {
    throwIfAborted(signal);
    meet(path, await fileSystem.lstat(path));
  });
  while (waiting.length > 0) {
    throwIfAborted(signal);
    await Promise.all(
      waiting.splice(-foldersAtATime).map(async (folder) => {
        bound.give(textBytes(folder));
        for await (const entries of fileSystem.list(folder)) {
          throwIfAborted(signal);
          for (const { name, ...facts } of entries) if (impossibleName(name) === null) meet(fileSystem.join(folder, name), facts);
        }
      }),
    );
  }
}

export async function countTree(fileSystem: FileSystem, paths: readonly string[], signal: AbortSignal): Promise<TreeCount> {
  const count = { files: 0, folders: 0, links: 0, others: 0, bytes: 0 };
  await walk(fileSystem, paths, signal, ({ facts }) => {
    if (facts.kind === 'file') count.files++;
    else if (facts.kind === 'folder') count.folders++;
    else if (facts.kind === 'link') count.links++;
    else count.others++;
    count.bytes += facts.size;
  });
  return count;
}

/** Removes all of it, one by one: what appeared since the counting stays, and is told by a `conflict`. */
export async function deleteTree(
  fileSystem: FileSystem,
  paths: readonly string[],
  expected: number,
  signal: AbortSignal,
): Promise<{ removed: number }> {
  const folders: string[] = [];
  const others: string[] = [];
  await walk(fileSystem, paths, signal, ({ path, facts }, bound) => {
    bound.take(textBytes(path));
    (facts.kind === 'folder' ? folders : others).push(path);
  });
  const found = folders.length + others.length;
  if (found > expected)
    throw new AppError(
      'conflict',
      `There is more to remove by now: ${found} entries instead of ${expected}. Nothing was removed; look again before you do it.`,
      { details: { found, expected } },
    );
  let removed = 0;
  await atATime(removedAtATime, others, async (path) => {
    throwIfAborted(signal);
    if (await isRemoved(fileSystem.removeFile(path))) removed++;
  });
  // Deepest first: a folder is met before what is in it.
  const byDepth = new Map<number, string[]>();
  for (const path of folders) {
    const depth = path.split(/[\\/]/).length;
    byDepth.set(depth, [...(byDepth.get(depth) ?? []), path]);
  }
  for (const [, level] of [...byDepth].sort(([a], [b]) => b - a))
    await atATime(removedAtATime, level, async (path) => {
      throwIfAborted(signal);
      if (await isRemoved(fileSystem.removeFolder(path))) removed++;
    });
  return { removed };
}

/** What somebody else removed in the meantime is no reason to stop. */
const isRemoved = (removal: Promise<void>) => removal.then(() => true, notThere).then((done) => done === true);

/** Links keep their modes: changing them would change what they lead to. */
export async function changeModes(
  fileSystem: FileSystem,
  paths: readonly string[],
  mode: number,
  recursive: boolean,
  signal: AbortSignal,
): Promise<{ changed: number }> {
  const found: TreeEntry[] = [];
  if (recursive)
    await walk(fileSystem, paths, signal, (entry, bound) => {
      bound.takeObject(entry.path, entry.facts.owner, entry.facts.group);
      found.push(entry);
    });
  else for (const path of paths) found.push({ path, facts: await fileSystem.lstat(path) });
  let changed = 0;
  // Children first, so that taking away rights of a folder does not lock its entries away.
  await atATime(
    removedAtATime,
    found.filter(({ facts }) => facts.kind === 'file'),
    (entry) => change(entry),
  );
  for (const entry of found.filter(({ facts }) => facts.kind === 'folder').reverse()) await change(entry);
  return { changed };

  async function change({ path, facts }: TreeEntry): Promise<void> {
    throwIfAborted(signal);
    // With "recursive", whoever may read a folder may enter it, as chmod's X has it.
    const wanted = recursive && facts.kind === 'folder' ? mode | ((mode & 0o444) >> 2) : mode;
    await fileSystem.changeMode(path, wanted);
    changed++;
  }
}

async function atATime<T>(workers: number, list: readonly T[], action: (value: T) => Promise<void>): Promise<void> {
  const rest = list.values();
  const work = async () => {
    for (const value of rest) await action(value);
  };
  await Promise.all(Array.from({ length: Math.min(workers, list.length) }, work));
}
