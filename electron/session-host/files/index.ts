import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionHostContract } from '../../../shared/contract/index.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';
import type { Client } from '../../../shared/ipc/client.ts';
import type { Handlers } from '../../../shared/ipc/server.ts';
import type { TicketContract } from '../../host-contract/ticket.ts';
import { type BackgroundReporter, inBackground } from '../../lib/background.ts';
import type { AccessWatch } from '../access-watch.ts';
import type { SshConnections } from '../ssh-connections/ssh-connections.ts';
import { createBrowsing } from './browse/browsing.ts';
import { Edits } from './edits/edits.ts';
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

/**
 * Browsing (`browse/`), transfers (`transfers/`) and files in local editors (`edits/`), by the session host’s contract. All of them work on two file systems
 * with one interface, this computer's and a server's (`file-systems/`). `RemoteAccess` opens SFTP channels on the connections that terminals use too.
 * A transfer counts what is to be moved into a plan (`transfers/plan/`), moves it file by file (`transfers/one-file/`), and is kept in the queue's file,
 * so that it goes on after a lost connection or a restart.
 */
export interface Files {
  calls: FileCalls;
  streams: Pick<Handlers<SessionHostContract>['streams'], 'files.list' | 'files.watch'>;
  topics: Pick<Handlers<SessionHostContract>['topics'], 'transfers' | 'edits'>;
  close(): Promise<void>;
}

export function createFiles({ tickets, access: watch, connections, folder, background, failed }: FilesOptions): Files {
  const access = new RemoteAccess({ tickets, access: watch, connections, background });
  const browsing = createBrowsing(access);
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

  const done = async (action: unknown): Promise<null> => {
    await action;
    return null;
  };

  return {
    calls: {
      ...browsing.calls,
      'transfers.enqueue': (spec) => queue.enqueue(spec),
      'transfers.act': ({ ids, action }) => done(queue.act(ids, action)),
      'transfers.move': ({ ids, before }) => done(queue.move(ids, before)),
      'transfers.answer': ({ id, answer, forAll }) => done(queue.answer(id, answer, forAll)),
      'transfers.limit': ({ perHost }) => done(queue.limit(perHost)),
      'edits.open': ({ target, path }, { signal }) => edits.open(target, path, signal),
      'edits.settle': ({ id, answer }) => done(edits.settle(id, answer)),
      'edits.close': ({ id }) => done(edits.close(id)),
    },
    streams: browsing.streams,
    topics: { transfers: queue.topic, edits: edits.topic },
    async close() {
      await Promise.all([queue.close(), edits.closeAll()]);
      access.close();
    },
  };
}
