import { AppError } from '../../../shared/errors/app-error.ts';
import type { Document } from '../../../shared/model/document.ts';
import type { EditedFile, TransferRow } from '../../../shared/model/files.ts';
import type { FakeWorld } from '../fake-app.ts';
import { fakeFiles, remoteFolders, sampleEntry, sampleFolder, sampleQueue, sampleTarget, sampleTransfer } from '../fake-files.ts';
import { fill, press, until } from '../page-acts.ts';
import { hostileName, sampleCluster } from '../samples.ts';
import type { Screen } from '../screen.ts';

export const filesTab: Extract<Document, { kind: 'files' }> = { id: 'f', kind: 'files', target: sampleTarget, remotePath: '', localPath: '' };

const world = (options: Parameters<typeof fakeFiles>[0] = {}, change: FakeWorld = {}): FakeWorld => ({
  clusters: [sampleCluster()],
  workspace: { documents: [filesTab], active: 'f' },
  ...fakeFiles(options).world,
  ...change,
});

const remoteRow = (name: string) =>
  until(() => [...document.querySelectorAll<HTMLElement>('[data-side="remote"] [role="row"]')].find((row) => row.textContent?.startsWith(name)));

async function choose(...names: string[]): Promise<HTMLElement> {
  let last: HTMLElement | null = null;
  for (const [index, name] of names.entries()) {
    last = await remoteRow(name);
    last.dispatchEvent(new MouseEvent('click', { bubbles: true, ctrlKey: index > 0 }));
  }
  (document.querySelector('[data-side="remote"] [role="grid"]') as HTMLElement).focus();
  return last!;
}

async function key(name: string, change: KeyboardEventInit = {}): Promise<void> {
  const grid = document.querySelector('[data-side="remote"] [role="grid"]')!;
  await new Promise((resolve) => setTimeout(resolve, 50));
  grid.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...change }));
}

const queue: TransferRow[] = [
  sampleTransfer('1', {
    state: 'running',
    name: 'src',
    items: { done: 1204, total: 5000 },
    bytes: { done: 48_231_002, total: 190_000_000 },
    speed: 21_400_000,
    secondsLeft: 7,
    current: 'api/node_modules/left-pad/index.js',
    startedAt: 1,
  }),
  sampleTransfer('2', {
    direction: 'download',
    state: 'running',
    name: 'app.log',
    from: '/root',
    folder: '/home/ada',
    bytes: { done: 31_000_000, total: 48_231_002 },
    speed: 8_300_000,
    secondsLeft: 2,
  }),
  sampleTransfer('3', { state: 'asking', name: 'notes.md', bytes: { done: 0, total: 2310 } }),
  sampleTransfer('4', { state: 'waiting', name: 'holiday.jpg', retryAt: Date.now() + 12_000, bytes: { done: 1_400_000, total: 4_120_998 } }),
  sampleTransfer('5', { state: 'paused', name: 'report-10.pdf', bytes: { done: 400_000, total: 922_100 } }),
  sampleTransfer('6'),
  sampleTransfer('7', { state: 'done', direction: 'download', name: 'deploy.sh', items: { done: 1, total: 1 }, bytes: { done: 1204, total: 1204 } }),
  sampleTransfer('8', {
    state: 'done',
    name: 'Documents',
    sources: 3,
    items: { done: 912, total: 914 },
    bytes: { done: 30_000_000, total: 30_000_000 },
    failures: 2,
    skipped: 4,
    problems: [{ path: 'secret.key', message: 'Permission denied' }],
  }),
  sampleTransfer('9', {
    state: 'failed',
    name: 'backup',
    error: {
      code: 'access-denied',
      message: 'Your role does not allow copying files on api-1. Ask an administrator for the “SSH file copy” option.',
    },
  }),
  sampleTransfer('10', { state: 'cancelled', name: hostileName }),
];
const totals = { active: 2, queued: 4, bytesDone: 79_231_002, bytesTotal: 245_000_000, speed: 29_700_000, secondsLeft: 9, progress: 0.32 };
const question: TransferRow['question'] = {
  path: 'src/api/settings.json',
  source: { size: 2310, modified: Date.UTC(2026, 8, 2, 9), kind: 'file' },
  existing: { size: 2288, modified: Date.UTC(2026, 7, 29, 14, 30), kind: 'file' },
};
const edit = (change: Partial<EditedFile>): EditedFile => ({
  id: change.path ?? 'e',
  target: sampleTarget,
  path: '/root/deploy.sh',
  localPath: '/tmp/slipway-edit/deploy.sh',
  state: 'open',
  savedAt: null,
  error: null,
  ...change,
});
/** A folder that is not read to its end. */
const sendSome: NonNullable<FakeWorld['sessionHostStreams']>['files.list'] = ({ place }, stream) => {
  stream.send({ type: 'folder', path: place.kind === 'local' ? '/home/ada' : '/root' });
  stream.send({ type: 'entries', entries: Array.from({ length: 1000 }, (_, index) => sampleEntry(`file-${index}.log`)) });
};
const failing = (error: AppError) => ({ remote: { '/root': error } });

/** Every state of the file view. */
export const filesScreens: Record<string, Screen> = {
  files: { world: world(), act: () => choose('app.log', 'deploy.sh') },
  'files-queue': { world: world({ transfers: sampleQueue(queue, totals) }), act: () => choose('releases') },
  'files-queue-long': {
    world: world({
      transfers: sampleQueue(
        Array.from({ length: 10_000 }, (_, index) => sampleTransfer(`t${index}`, { name: `photo-${index}.jpg` })),
        { queued: 10_000 },
      ),
    }),
  },
  'files-long': {
    world: world({
      remote: {
        '/root': Array.from({ length: 100_000 }, (_, index) =>
          index % 50 === 0 ? sampleFolder(`folder-${index}`) : sampleEntry(`file-${index}.log`),
        ),
      },
    }),
    act: () => choose('folder-0'),
  },
  'files-connecting': { world: world({}, { sessionHostStreams: { 'files.list': () => {} } }) },
  'files-empty': { world: world({ remote: { '/root': [] } }) },
  'files-hidden-only': { world: world({ remote: { '/root': [sampleEntry('.profile')] } }) },
  'files-denied': {
    world: world(
      failing(
        new AppError(
          'access-denied',
          'Your roles on teleport.example.com do not allow copying files to or from api-1. Ask an administrator for a role with “SSH file copy”.',
        ),
      ),
    ),
  },
  'files-old-agent': {
    world: world(
      failing(
        new AppError(
          'unsupported',
          'api-1 runs a Teleport agent without file transfer. It needs version 10.3 or newer; an administrator can update it.',
        ),
      ),
    ),
  },
  'files-offline': {
    world: world(failing(new AppError('node-offline', 'api-1 has no connection to the cluster. Wait for it to come back, then try again.'))),
  },
  'files-expired': {
    world: world(failing(new AppError('expired', 'Your certificate for teleport.example.com has run out.'))),
    act: async ({ app }) => (await until(() => app.dialogs.getState().queue[0])).answer(null),
  },
  'files-gone': {
    world: world({}, { workspace: { documents: [{ ...filesTab, remotePath: '/root/releases/2026-08-01' }], active: 'f' } }),
  },
  'files-closed-folder': {
    world: world({ remote: { ...remoteFolders, '/root/backup': new AppError('access-denied', 'The server does not let root read /root/backup.') } }),
    act: async () => {
      await choose('backup');
      await key('Enter');
    },
  },
  'files-loading-more': {
    world: world({}, { sessionHostStreams: { 'files.list': sendSome } }),
  },
  'files-queue-ended': {
    world: world({ transfers: sampleQueue(queue.slice(4), { ...totals, active: 0, queued: 2, speed: 0, secondsLeft: null }) }),
    act: async () => {
      await choose('releases');
      (await until(() => document.querySelector<HTMLElement>('[role="grid"][aria-label="Transfers"] [data-state="failed"]'))).click();
      document.querySelector<HTMLElement>('[role="grid"][aria-label="Transfers"]')!.focus();
    },
  },
  'files-queue-hidden': {
    world: world({ transfers: sampleQueue(queue, totals) }),
    act: () => press('Hide transfers'),
  },
  'files-queue-menu': {
    world: world({ transfers: sampleQueue(queue, totals) }),
    act: async () => {
      const row = await until(() => document.querySelector<HTMLElement>('[role="grid"][aria-label="Transfers"] [data-state="running"]'));
      row.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: 200, clientY: 420 }));
    },
  },
  'files-hostile': {
    world: world({
      remote: {
        '/root': [
          sampleEntry(hostileName, { oddity: 'This name holds marks that turn the direction of text.' }),
          sampleEntry('CON', { oddity: 'Windows cannot have a file of this name.' }),
          sampleEntry('Readme', { oddity: 'Differs from “README” only in case.' }),
          sampleEntry('README'),
          sampleEntry(`${'a-very-long-name-'.repeat(14)}.tar.gz`, { size: 1023, owner: 'a-very-long-owner-name@example.com' }),
          sampleFolder('\u05e9\u05dc\u05d5\u05dd 2026 (1)'),
          sampleEntry('line\nbreak', { size: 1e15 }),
          sampleEntry('twice'),
          sampleEntry('twice', { modified: 8.7e15, mode: 0o6755 }),
          sampleFolder('<img src=x onerror=alert(1)>'),
        ],
      },
    }),
  },
  'files-menu': {
    world: world(),
    act: async () =>
      (await choose('deploy.sh')).dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: 760, clientY: 220 })),
  },
  'files-view-menu': { world: world(), act: () => press('How root@api-1 is shown') },
  'files-path': {
    world: world(),
    act: async ({ commands }) => {
      await choose('releases');
      commands.run('files.path');
      await fill('Path on root@api-1', '/root/');
    },
  },
  'files-filter': {
    world: world(),
    act: async ({ commands }) => {
      await choose('releases');
      commands.run('files.filter');
      await fill('Filter names on root@api-1', 'de');
    },
  },
  'files-delete': {
    world: world(),
    act: async () => {
      await choose('releases', 'backup', 'app.log');
      await key('Delete');
    },
  },
  'files-rename': {
    world: world(),
    act: async () => {
      await choose('deploy.sh');
      await key('F2');
    },
  },
  'files-new-folder': {
    world: world(),
    act: async () => {
      await choose('deploy.sh');
      await key('F7');
    },
  },
  'files-download-to': {
    world: world({}, { info: { host: 'electron' } }),
    act: async () => {
      await choose('releases', 'app.log');
      await key('F5', { shiftKey: true });
    },
  },
  'files-mode': {
    world: world(),
    act: async () => {
      await choose('releases');
      document
        .querySelector('[data-side="remote"] [role="row"][aria-selected="true"]')!
        .dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: 760, clientY: 120 }));
      await press('Permissions');
    },
  },
  'files-text': {
    world: world(),
    act: async () => {
      await choose('deploy.sh');
      await key('F3');
    },
  },
  'files-conflict': {
    world: world({
      transfers: sampleQueue([sampleTransfer('3', { state: 'asking', name: 'src', question }), sampleTransfer('9', { state: 'asking', question })], {
        queued: 2,
      }),
    }),
  },
  'files-edit': {
    world: world({
      edits: {
        a: edit({ path: '/root/deploy.sh', savedAt: Date.UTC(2026, 8, 2, 9, 14) }),
        b: edit({ path: '/root/app.conf', state: 'conflict' }),
        c: edit({
          path: '/root/notes.md',
          state: 'failed',
          error: { code: 'access-denied', message: 'The server did not let root write notes.md. Your changes are in the local copy.' },
        }),
      },
      transfers: sampleQueue([sampleTransfer('7', { state: 'done', items: { done: 1, total: 1 } })]),
    }),
  },
  'files-many-folders': {
    world: world({
      remote: { ...remoteFolders, '/root': Array.from({ length: 40 }, (_, index) => sampleFolder(`a-folder-with-a-long-name-${index}`)) },
    }),
  },
};
