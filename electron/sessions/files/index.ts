import { AppError } from '../../../shared/errors/app-error.ts';
import type { SessionContract } from '../../../shared/ipc/contract.ts';
import { type Handlers, Topic } from '../../../shared/ipc/server.ts';
import type { EditedFile, Transfers } from '../../../shared/model/files.ts';

type FileCalls = Pick<Handlers<SessionContract>['calls'], Extract<keyof SessionContract['calls'], `files.${string}` | `transfers.${string}` | `edits.${string}`>>;

export interface Files {
  calls: FileCalls;
  streams: Pick<Handlers<SessionContract>['streams'], 'files.list'>;
  topics: Pick<Handlers<SessionContract>['topics'], 'transfers' | 'edits'>;
}

const missing = (): never => {
  throw new AppError('unsupported', 'Files cannot be moved yet.');
};

export function createFiles(): Files {
  return {
    calls: {
      'files.resolve': missing,
      'files.complete': missing,
      'files.stat': missing,
      'files.make-folder': missing,
      'files.rename': missing,
      'files.count': missing,
      'files.delete': missing,
      'files.change-mode': missing,
      'files.read-text': missing,
      'transfers.enqueue': missing,
      'transfers.act': missing,
      'transfers.move': missing,
      'transfers.answer': missing,
      'transfers.limit': missing,
      'edits.open': missing,
      'edits.settle': missing,
      'edits.close': missing,
    },
    streams: { 'files.list': missing },
    topics: {
      transfers: new Topic<Transfers>({
        rows: {},
        order: [],
        totals: { active: 0, queued: 0, bytesDone: 0, bytesTotal: 0, speed: 0, secondsLeft: null, progress: null },
        perHost: 2,
        problem: null,
      }),
      edits: new Topic<Record<string, EditedFile>>({}),
    },
  };
}
