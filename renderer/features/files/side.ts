import type { SessionHostContract } from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { CallArgument, CallName, CallOutput } from '../../../shared/ipc/define.ts';
import type { SshTarget } from '../../../shared/model/document.ts';
import type { FileEntry, Place } from '../../../shared/model/files.ts';
import type { AppState } from '../../state/app-state.ts';
import { withRelogin } from '../../workbench/with-relogin.ts';
import type { PathStyle } from './pane/path/paths.ts';

type FileCall = Extract<CallName<SessionHostContract>, `files.${string}`>;
/** What is asked, for a place: another one after each login that gave the cluster another key. */
type AskAt<N extends FileCall> = (place: Place) => CallArgument<SessionHostContract, N>;

export interface ListingEnd {
  readonly more: boolean;
  readonly dropped: number;
}

export interface ListingReader {
  folder(path: string): void;
  entries(entries: readonly FileEntry[]): void;
}

/** One side of the file view: what is asked there, with a login in between where one is needed. */
export interface Side {
  readonly kind: Place['kind'];
  readonly style: PathStyle;
  /** For titles and sentences. Holds names from outside. */
  readonly label: string;
  call<N extends FileCall>(name: N, askAt: AskAt<N>, signal?: AbortSignal): Promise<CallOutput<SessionHostContract, N>>;
  /** Resolves when the whole folder was read. */
  list(path: string, reader: ListingReader, signal: AbortSignal): Promise<ListingEnd>;
}

/** Asks the session host about `place`. */
const asker = (app: AppState, place: Place): Pick<Side, 'call' | 'list'> => ({
  call: (name, askAt, signal) => app.sessionHost().call(name, askAt(place), { signal }),
  list: (path, reader, signal) =>
    new Promise((resolve, reject) => {
      let end: ListingEnd | null = null;
      const stream = app.sessionHost().open(
        'files.list',
        { place, path },
        {
          data: () => {},
          message: (body) => {
            if (signal.aborted) return;
            if (body.type === 'folder') reader.folder(body.path);
            else if (body.type === 'entries') reader.entries(body.entries);
            else end = body;
          },
          end: (error) => {
            if (end) resolve(end);
            else reject(error ?? new AppError('closed', 'The listing ended before it was complete. Read the folder again.'));
          },
        },
      );
      signal.addEventListener('abort', () => {
        stream.close();
        reject(new AppError('cancelled', 'The listing was cancelled.'));
      });
    }),
});

export const localSide = (app: AppState): Side => ({
  kind: 'local',
  style: app.info.platform === 'win32' ? 'windows' : 'posix',
  label: 'This computer',
  ...asker(app, { kind: 'local' }),
});

/** `target` is read at each call; `onKey` tells of a login that gave the cluster another key. */
export function remoteSide(app: AppState, target: () => SshTarget, onKey: (target: SshTarget) => void): Side {
  const { login, hostname } = target();
  const label = `${login}@${hostname}`;
  const withLogin = <T>(action: (side: ReturnType<typeof asker>) => Promise<T>): Promise<T> => {
    const before = target();
    return withRelogin(app, before.cluster, `to see the files of ${label}`, (cluster) => {
      const now = { ...before, cluster };
      if (cluster !== before.cluster) onKey(now);
      return action(asker(app, { kind: 'remote', target: now }));
    });
  };
  return {
    kind: 'remote',
    style: 'posix',
    label,
    call: (name, askAt, signal) => withLogin((side) => side.call(name, askAt, signal)),
    list: (path, reader, signal) => withLogin((side) => side.list(path, reader, signal)),
  };
}
