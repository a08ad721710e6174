import { AppError } from '../../shared/errors/app-error.ts';
import { Topic } from '../../shared/ipc/server.ts';
import type { EditedFile, FileEntry, TransferRow, Transfers } from '../../shared/model/files.ts';
import { noTransfers } from '../state/transfers.ts';
import type { FakeWorld } from './fake-app.ts';

const start = Date.UTC(2026, 8, 1, 8);

export const sampleEntry = (name: string, change: Partial<FileEntry> = {}): FileEntry => ({
  name,
  kind: 'file',
  size: (name.length * 7919) % 90_000,
  modified: start + name.length * 3_600_000,
  mode: 0o644,
  owner: 'ada',
  group: 'staff',
  target: null,
  targetKind: null,
  oddity: null,
  ...change,
});
export const sampleFolder = (name: string, change: Partial<FileEntry> = {}): FileEntry =>
  sampleEntry(name, { kind: 'folder', size: 0, mode: 0o755, ...change });

/** What `files.list` answers with for a path of one side; an error is thrown. */
export type Folders = Readonly<Record<string, readonly FileEntry[] | AppError>>;

export const localFolders: Folders = {
  '/home/ada': [
    sampleFolder('Documents'),
    sampleFolder('Downloads'),
    sampleFolder('src'),
    sampleEntry('.bashrc', { size: 3771 }),
    sampleEntry('notes.md', { size: 2310 }),
    sampleEntry('report-2.pdf', { size: 1_842_331 }),
    sampleEntry('report-10.pdf', { size: 922_100 }),
    sampleEntry('holiday.jpg', { size: 4_120_998 }),
  ],
  '/home/ada/src': [sampleFolder('api'), sampleEntry('main.ts', { size: 812 })],
};

export const remoteFolders: Folders = {
  '/root': [
    sampleFolder('releases'),
    sampleFolder('backup', { mode: 0o700, owner: 'root', group: 'root' }),
    sampleEntry('deploy.sh', { size: 1204, mode: 0o755, owner: 'root' }),
    sampleEntry('app.log', { size: 48_231_002, owner: 'root', modified: start + 9_000_000 }),
    sampleEntry('.profile', { size: 161, owner: 'root' }),
    sampleEntry('current', { kind: 'link', target: 'releases/2026-09-01', targetKind: 'folder', mode: 0o777, size: 0 }),
    sampleEntry('old', { kind: 'link', target: '/mnt/gone', targetKind: null, mode: 0o777, size: 0 }),
    sampleEntry('data.sqlite', { size: 8_192_000, mode: 0o640, owner: 'postgres', group: 'postgres' }),
    sampleEntry('control.sock', { kind: 'other', size: 0, mode: 0o600, owner: 'root' }),
  ],
  '/root/releases': [sampleFolder('2026-08-21'), sampleFolder('2026-09-01')],
};

interface Options {
  local?: Folders;
  remote?: Folders;
  transfers?: Transfers;
  edits?: Record<string, EditedFile>;
  calls?: FakeWorld['sessionHostCalls'];
}

/** A session host with two small file systems, whose homes are /home/ada here and /root there. */
export function fakeFiles({ local = localFolders, remote = remoteFolders, transfers = noTransfers, edits = {}, calls = {} }: Options = {}) {
  const sides = { local: { folders: local, home: '/home/ada' }, remote: { folders: remote, home: '/root' } };
  const topics = { transfers: new Topic<Transfers>(transfers), edits: new Topic<Record<string, EditedFile>>(edits) };
  const world: Pick<FakeWorld, 'sessionHostCalls' | 'sessionHostStreams' | 'sessionHostTopics'> = {
    sessionHostTopics: topics,
    sessionHostStreams: {
      'files.list': ({ place, path }, stream) => {
        const { folders, home } = sides[place.kind];
        const folder = path === '' ? home : path;
        const entries = folders[folder];
        // Later, as a host in another process would.
        setTimeout(() => {
          if (entries === undefined) return stream.end(new AppError('not-found', `There is no ${folder}. Go to another folder.`));
          if (entries instanceof AppError) return stream.end(entries);
          stream.send({ type: 'folder', path: folder });
          for (let at = 0; at < entries.length; at += 1000) stream.send({ type: 'entries', entries: entries.slice(at, at + 1000) });
          stream.send({ type: 'done', more: false, dropped: 0 });
          stream.end();
        });
      },
    },
    sessionHostCalls: {
      'files.resolve': ({ path }) => ({ path, kind: 'folder' }),
      'files.complete': ({ place, path }) => ({
        paths: Object.keys(sides[place.kind].folders)
          .filter((each) => each.startsWith(path))
          .map((each) => `${each}/`),
      }),
      'files.count': ({ paths }) => ({ files: 1204, folders: paths.length, links: 3, others: 0, bytes: 73_400_320 }),
      'files.delete': ({ entries }) => ({ removed: entries }),
      'files.rename': () => null,
      'files.make-folder': () => null,
      'files.change-mode': ({ paths }) => ({ changed: paths.length }),
      'files.read-text': () => ({
        text: '#!/bin/sh\nset -eu\n\ncd /srv/app\ngit pull --ff-only\nsystemctl restart app\n',
        size: 1204,
        isCut: false,
        isBinary: false,
      }),
      'transfers.enqueue': () => ({ id: 'new' }),
      'transfers.act': () => null,
      'transfers.move': () => null,
      'transfers.answer': () => null,
      'transfers.limit': () => null,
      'edits.open': () => ({ id: 'edit', localPath: '/tmp/slipway/deploy.sh' }),
      'edits.settle': () => null,
      'edits.close': () => null,
      ...calls,
    },
  };
  return { world, topics };
}

export const sampleTarget = {
  cluster: 'ada@teleport.example.com:443',
  leaf: '',
  node: '3c1f0d5e-6c2b-4f0e-9a53-0a4c7a2f9e11',
  hostname: 'api-1',
  login: 'root',
} as const;

export const sampleTransfer = (id: string, change: Partial<TransferRow> = {}): TransferRow => ({
  id,
  direction: 'upload',
  target: sampleTarget,
  name: 'report-2.pdf',
  sources: 1,
  from: '/home/ada',
  folder: '/root',
  state: 'queued',
  items: { done: 0, total: 1 },
  bytes: { done: 0, total: 1_842_331 },
  speed: null,
  secondsLeft: null,
  current: '',
  question: null,
  skipped: 0,
  failures: 0,
  problems: [],
  notes: [],
  error: null,
  retryAt: null,
  createdAt: start,
  startedAt: null,
  finishedAt: null,
  ...change,
});

export function sampleQueue(rows: readonly TransferRow[], totals: Partial<Transfers['totals']> = {}): Transfers {
  return {
    ...noTransfers,
    rows: Object.fromEntries(rows.map((row) => [row.id, row])),
    order: rows.map(({ id }) => id),
    totals: { ...noTransfers.totals, ...totals },
  };
}
