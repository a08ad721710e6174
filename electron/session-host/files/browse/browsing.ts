import type { SessionHostContract } from '../../../../shared/contract/index.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Handlers } from '../../../../shared/ipc/server.ts';
import type { Place } from '../../../../shared/model/files.ts';
import { orAborted } from '../../../lib/deadline.ts';
import type { FileSystem } from '../file-systems/file-system.ts';
import { LocalFileSystem } from '../file-systems/local-file-system.ts';
import { impossibleName } from '../file-systems/local-names.ts';
import type { RemoteAccess } from '../file-systems/remote-access.ts';
import { entryOf, listFolder, withTarget } from './list-folder.ts';
import { completePath, resolvePath } from './paths.ts';
import { readText } from './read-text.ts';
import { renameEntry } from './rename.ts';
import { changeModes, countTree, deleteTree } from './tree.ts';
import { watchFolder } from './watch-folder.ts';

type SessionHandlers = Handlers<SessionHostContract>;

export interface Browsing {
  calls: Pick<SessionHandlers['calls'], Extract<keyof SessionHostContract['calls'], `files.${string}`>>;
  streams: Pick<SessionHandlers['streams'], 'files.list' | 'files.watch'>;
}

const local = new LocalFileSystem();
/** The system's watches are few, and every tab of files shows one folder of this computer. */
const mostWatched = 64;

/** Answers the `files.*` calls and streams, on this computer and on servers. */
export function createBrowsing(access: RemoteAccess): Browsing {
  const at = async <T>(place: Place, signal: AbortSignal, action: (fileSystem: FileSystem) => Promise<T>): Promise<T> => {
    if (place.kind === 'local') return orAborted(action(local), signal);
    const lease = await access.use(place.target, 'browse', signal);
    try {
      return await orAborted(action(lease.fileSystem), signal);
    } finally {
      lease.release();
    }
  };
  let watched = 0;

  return {
    calls: {
      'files.resolve': ({ place, path, base }, { signal }) => at(place, signal, (files) => resolvePath(files, path, base)),
      'files.complete': ({ place, path, base }, { signal }) => at(place, signal, (files) => completePath(files, path, base, signal)),
      'files.stat': ({ place, path }, { signal }) =>
        at(place, signal, async (files) => {
          const { name } = files.split(path);
          const entry = entryOf({ name, ...(await files.lstat(path)) });
          return entry.kind === 'link' ? withTarget(files, path, entry) : entry;
        }),
      'files.make-folder': ({ place, path }, { signal }) => at(place, signal, (files) => named(files, path, () => files.makeFolder(path))),
      'files.rename': ({ place, from, to, replace }, { signal }) =>
        at(place, signal, (files) => named(files, to, () => renameEntry(files, from, to, replace))),
      'files.count': ({ place, paths }, { signal }) => at(place, signal, (files) => countTree(files, paths, signal)),
      'files.delete': ({ place, paths, entries }, { signal }) => at(place, signal, (files) => deleteTree(files, paths, entries, signal)),
      'files.change-mode': ({ place, paths, mode, recursive }, { signal }) =>
        at(place, signal, (files) => changeModes(files, paths, mode, recursive, signal)),
      'files.read-text': ({ place, path, limit }, { signal }) => at(place, signal, (files) => readText(files, path, limit)),
    },
    streams: {
      'files.list': ({ place, path }, stream) => {
        const closed = new AbortController();
        const { signal } = closed;
        stream.onClose(() => closed.abort());
        at(place, signal, (files) => listFolder(files, path, (message) => void (signal.aborted || stream.send(message)), signal)).then(
          () => stream.end(),
          (caught) => {
            if (!signal.aborted) stream.end(AppError.from(caught));
          },
        );
      },
      'files.watch': ({ path }, stream) => {
        if (watched >= mostWatched) return;
        watched++;
        const stop = watchFolder(path, () => stream.send({ type: 'changed' }));
        stream.onClose(() => {
          watched--;
          stop();
        });
      },
    },
  };
}

/** For calls that give a name to something: refuses those that are none on any system. */
async function named(fileSystem: FileSystem, path: string, action: () => Promise<void>): Promise<null> {
  const { name } = fileSystem.split(path);
  const problem = impossibleName(name);
  if (problem) throw new AppError('invalid-argument', `“${name}” cannot be a name: ${problem}.`);
  await action();
  return null;
}
