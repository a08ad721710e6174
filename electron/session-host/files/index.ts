import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionHostContract } from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Client } from '../../../shared/ipc/client.ts';
import type { Handlers } from '../../../shared/ipc/server.ts';
import type { Place } from '../../../shared/model/files.ts';
import type { TicketContract } from '../../host-contract/ticket.ts';
import { type BackgroundReporter, inBackground } from '../../lib/background.ts';
import { orAborted } from '../../lib/deadline.ts';
import type { AccessWatch } from '../access-watch.ts';
import type { SshConnections } from '../ssh-connections/ssh-connections.ts';
import { entryOf, listFolder, withTarget } from './browse/list-folder.ts';
import { completePath, resolvePath } from './browse/paths.ts';
import { readText } from './browse/read-text.ts';
import { renameEntry } from './browse/rename.ts';
import { changeModes, countTree, deleteTree } from './browse/tree.ts';
import { watchFolder } from './browse/watch-folder.ts';
import { Edits } from './edits/edits.ts';
import type { FileSystem } from './file-systems/file-system.ts';
import { LocalFileSystem } from './file-systems/local-file-system.ts';
import { impossibleName } from './file-systems/local-names.ts';
import { RemoteAccess } from './file-systems/remote-access.ts';
import { TransferQueue } from './transfers/transfer-queue.ts';

type FileCalls = Pick<
  Handlers<SessionHostContract>['calls'],
  Extract<keyof SessionHostContract['calls'], `files.${string}` | `transfers.${string}` | `edits.${string}`>
>;

export interface FilesOptions {
  tickets: Client<TicketContract>;
  access: AccessWatch;
  connections: SshConnections;
  /** Data folder of the app: the queue is kept in it. Null keeps it in memory only. */
  folder: string | null;
  background: BackgroundReporter;
  failed(what: string, error: AppError): void;
}

/** Browsing, transfers and edits, by the session contract. */
export interface Files {
  calls: FileCalls;
  streams: Pick<Handlers<SessionHostContract>['streams'], 'files.list' | 'files.watch'>;
  topics: Pick<Handlers<SessionHostContract>['topics'], 'transfers' | 'edits'>;
  close(): Promise<void>;
}

const local = new LocalFileSystem();
/** The system's watches are few, and every tab of files shows one folder of this computer. */
const mostWatched = 64;

export function createFiles({ tickets, access: watch, connections, folder, background, failed }: FilesOptions): Files {
  const access = new RemoteAccess({ tickets, access: watch, connections, background });
  const queue = new TransferQueue({
    folder,
    access,
    failed,
    started: ({ target, direction }) => {
      const { cluster } = target;
      inBackground(
        background,
        { what: 'to count a transfer', cluster },
        tickets.call('transfer.started', { cluster, upload: direction === 'upload' }),
      );
    },
  });
  const edits = new Edits(join(folder ?? tmpdir(), folder ? 'edited-files' : `slipway-edited-files-${process.pid}`), access, background);

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
  const done = async (action: unknown): Promise<null> => {
    await action;
    return null;
  };

  return {
    calls: {
      'files.resolve': ({ place, path, base }, { signal }) => at(place, signal, (fileSystem) => resolvePath(fileSystem, path, base)),
      'files.complete': ({ place, path, base }, { signal }) => at(place, signal, (fileSystem) => completePath(fileSystem, path, base, signal)),
      'files.stat': ({ place, path }, { signal }) =>
        at(place, signal, async (fileSystem) => {
          const { name } = fileSystem.split(path);
          const entry = entryOf({ name, ...(await fileSystem.lstat(path)) });
          return entry.kind === 'link' ? withTarget(fileSystem, path, entry) : entry;
        }),
      'files.make-folder': ({ place, path }, { signal }) =>
        done(at(place, signal, (fileSystem) => named(fileSystem, path, () => fileSystem.makeFolder(path)))),
      'files.rename': ({ place, from, to, replace }, { signal }) =>
        done(at(place, signal, (fileSystem) => named(fileSystem, to, () => renameEntry(fileSystem, from, to, replace)))),
      'files.count': ({ place, paths }, { signal }) => at(place, signal, (fileSystem) => countTree(fileSystem, paths, signal)),
      'files.delete': ({ place, paths, entries }, { signal }) => at(place, signal, (fileSystem) => deleteTree(fileSystem, paths, entries, signal)),
      'files.change-mode': ({ place, paths, mode, recursive }, { signal }) =>
        at(place, signal, (fileSystem) => changeModes(fileSystem, paths, mode, recursive, signal)),
      'files.read-text': ({ place, path, limit }, { signal }) => at(place, signal, (fileSystem) => readText(fileSystem, path, limit)),
      'transfers.enqueue': (spec) => queue.enqueue(spec),
      'transfers.act': ({ ids, action }) => done(queue.act(ids, action)),
      'transfers.move': ({ ids, before }) => done(queue.move(ids, before)),
      'transfers.answer': ({ id, answer, forAll }) => done(queue.answer(id, answer, forAll)),
      'transfers.limit': ({ perHost }) => done(queue.limit(perHost)),
      'edits.open': ({ target, path }, { signal }) => edits.open(target, path, signal),
      'edits.settle': ({ id, answer }) => done(edits.settle(id, answer)),
      'edits.close': ({ id }) => done(edits.close(id)),
    },
    streams: {
      'files.list': ({ place, path }, stream) => {
        const closed = new AbortController();
        stream.onClose(() => closed.abort());
        at(place, closed.signal, (fileSystem) =>
          listFolder(fileSystem, path, (message) => void (closed.signal.aborted || stream.send(message)), closed.signal),
        ).then(
          () => stream.end(),
          (caught) => {
            if (!closed.signal.aborted) stream.end(AppError.from(caught));
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
    topics: { transfers: queue.topic, edits: edits.topic },
    async close() {
      await Promise.all([queue.close(), edits.closeAll()]);
      access.close();
    },
  };
}

async function named(fileSystem: FileSystem, path: string, action: () => Promise<void>): Promise<void> {
  const { name } = fileSystem.split(path);
  const problem = impossibleName(name);
  if (problem) throw new AppError('invalid-argument', `“${name}” cannot be a name: ${problem}.`);
  await action();
}
