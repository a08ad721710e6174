import type { FileEntry, ListFolderDown } from '../../../../shared/model/files.ts';
import type { FileSystem, NamedFacts } from '../file-systems/file-system.ts';
import { impossibleName, oddityOf } from '../file-systems/local-names.ts';

/** More than this a folder is not shown. */
const mostShown = 250_000;
const linksAtATime = 32;

/** Tells all of a folder, piece by piece. Links come with what they say and lead to. */
export async function listFolder(fileSystem: FileSystem, path: string, send: (message: ListFolderDown) => void, signal: AbortSignal): Promise<void> {
  const folder = path === '' ? await fileSystem.home() : path;
  send({ type: 'folder', path: folder });
  let shown = 0;
  let dropped = 0;
  let more = false;
  for await (const found of fileSystem.list(folder)) {
    if (signal.aborted) return;
    const named = found.filter(({ name }) => impossibleName(name) === null);
    dropped += found.length - named.length;
    const taken = named.slice(0, mostShown - shown);
    if (taken.length > 0) send({ type: 'entries', entries: await entriesOf(fileSystem, folder, taken) });
    shown += taken.length;
    if (shown === mostShown) {
      more = true;
      break;
    }
  }
  send({ type: 'done', more, dropped });
}

async function entriesOf(fileSystem: FileSystem, folder: string, found: readonly NamedFacts[]): Promise<FileEntry[]> {
  const entries: FileEntry[] = found.map((facts) => entryOf(facts));
  const links = entries.map((entry, index) => ({ entry, index })).filter(({ entry }) => entry.kind === 'link');
  for (let at = 0; at < links.length; at += linksAtATime)
    await Promise.all(
      links.slice(at, at + linksAtATime).map(async ({ entry, index }) => {
        entries[index] = await withTarget(fileSystem, fileSystem.join(folder, entry.name), entry);
      }),
    );
  return entries;
}

export function entryOf({ name, kind, size, modified, mode, owner, group }: NamedFacts): FileEntry {
  return { name, kind, size, modified, mode, owner, group, target: null, targetKind: null, oddity: oddityOf(name, process.platform) };
}

export async function withTarget(fileSystem: FileSystem, path: string, entry: FileEntry): Promise<FileEntry> {
  const [target, leadsTo] = await Promise.allSettled([fileSystem.readLink(path), fileSystem.stat(path)]);
  const facts = leadsTo.status === 'fulfilled' ? leadsTo.value : null;
  return { ...entry, target: target.status === 'fulfilled' ? target.value : null, targetKind: facts?.kind ?? null, size: facts?.size ?? entry.size };
}
