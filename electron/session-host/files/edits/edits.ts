import { randomUUID } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { Topic } from '../../../../shared/ipc/server.ts';
import type { SshTarget } from '../../../../shared/model/document.ts';
import type { EditedFile } from '../../../../shared/model/files.ts';
import { type BackgroundReporter, reported } from '../../../lib/background.ts';
import { LocalFileSystem } from '../file-systems/local-file-system.ts';
import { localName } from '../file-systems/local-names.ts';
import { notThere } from '../file-systems/not-there.ts';
import type { RemoteAccess, RemoteLease } from '../file-systems/remote-access.ts';
import { downloadFile } from '../transfers/one-file/download-file.ts';
import type { FileMoveContext } from '../transfers/one-file/file-task.ts';
import { uploadFile } from '../transfers/one-file/upload-file.ts';
import { type KeptEdit, keptEdits } from './kept-edits.ts';

interface Version {
  size: number;
  modified: number | null;
}

interface Edit {
  readonly abort: AbortController;
  /** On the server, as it was fetched or last saved. */
  remote: Version | null;
  /** Of the local copy, as it was last in step. */
  local: Version | null;
  watcher: FSWatcher | null;
  timer: NodeJS.Timeout | undefined;
  busy: Promise<void>;
}

const settleMilliseconds = 400;
const largestEdit = 256 * 1024 * 1024;
const local = new LocalFileSystem();

/** Remote files that are open in local editors: what is saved there is saved on the server, unless it changed in the meantime. */
export class Edits {
  readonly topic = new Topic<Record<string, EditedFile>>({});
  readonly #folder: string;
  readonly #access: RemoteAccess;
  readonly #background: BackgroundReporter;
  readonly #edits = new Map<string, Edit>();
  readonly #kept: ReturnType<typeof keptEdits>;
  readonly #restored: Promise<void>;

  constructor(folder: string, access: RemoteAccess, background: BackgroundReporter) {
    this.#background = background;
    this.#folder = folder;
    this.#access = access;
    this.#kept = keptEdits(folder);
    // All are there before the first is watched; one that cannot be is saved by hand.
    this.#restored = this.#told('to bring back edited files of the last time', this.#restore());
  }

  async open(target: SshTarget, path: string, signal: AbortSignal): Promise<{ id: string; localPath: string }> {
    await this.#restored;
    const id = randomUUID();
    const name = localName(path.slice(path.lastIndexOf('/') + 1), process.platform);
    if (!name) throw new AppError('invalid-argument', 'This is not the path of a file.');
    const folder = join(this.#folder, id);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const localPath = join(folder, name);
    const edit = this.#add(id, { remote: null, local: null });
    this.#set(id, { id, target, path, localPath, state: 'fetching', savedAt: null, error: null });
    this.#keep();
    try {
      await this.#fetch(id, edit, AbortSignal.any([signal, edit.abort.signal]));
    } catch (error) {
      await this.close(id);
      throw error;
    }
    this.#watch(id, edit);
    return { id, localPath };
  }

  async settle(id: string, answer: 'overwrite' | 'discard' | 'retry'): Promise<void> {
    const edit = this.#edits.get(id);
    const row = this.topic.get()[id];
    if (!edit || !row || (row.state !== 'conflict' && row.state !== 'failed')) return;
    await this.#next(edit, () => (answer === 'discard' ? this.#fetch(id, edit, edit.abort.signal) : this.#save(id, edit, answer === 'overwrite')));
  }

  async close(id: string): Promise<void> {
    const edit = this.#edits.get(id);
    if (!edit) return;
    this.#edits.delete(id);
    edit.watcher?.close();
    clearTimeout(edit.timer);
    edit.abort.abort();
    await edit.busy.catch(() => {});
    const { [id]: _closed, ...rest } = this.topic.get();
    this.topic.set(rest);
    this.#keep();
    await this.#removeCopy(id);
  }

  /** Copies with changes that are not saved stay, and come back at the next start. */
  async closeAll(): Promise<void> {
    await this.#restored;
    await Promise.all(
      [...this.#edits].map(async ([id, edit]) => {
        const row = this.topic.get()[id];
        if (!edit.local || !row || isSame(await versionOf(row.localPath), edit.local)) return this.close(id);
        edit.watcher?.close();
        clearTimeout(edit.timer);
        edit.abort.abort();
      }),
    );
    await this.#kept.settled();
  }

  #add(id: string, { remote, local }: Pick<Edit, 'remote' | 'local'>): Edit {
    const edit: Edit = { abort: new AbortController(), remote, local, watcher: null, timer: undefined, busy: Promise.resolve() };
    this.#edits.set(id, edit);
    return edit;
  }

  #watch(id: string, edit: Edit): void {
    edit.watcher = watch(join(this.#folder, id), () => this.#look(id, edit));
    // The folder is gone; a save says so.
    edit.watcher.on('error', () => {});
  }

  /** What an earlier run left: copies that were changed and not saved come back, the others go. What is not on the list is not touched. */
  async #restore(): Promise<void> {
    const { edits } = this.#kept.read().value;
    for (const { id, target, path, name, remote, local } of edits) {
      const localPath = join(this.#folder, id, name);
      const now = await versionOf(localPath);
      if (!local || !now || isSame(now, local)) {
        // A copy that cannot be removed is only in the way.
        await this.#removeCopy(id);
        continue;
      }
      const error = { code: 'closed' as const, message: `${path} was changed here, and not saved on its server before Slipway ended.` };
      this.#set(id, { id, target, path, localPath, state: 'failed', savedAt: null, error });
      this.#add(id, { remote, local });
    }
    if (edits.length > 0) this.#keep();
    for (const [id, edit] of this.#edits) this.#watch(id, edit);
  }

  #removeCopy(id: string): Promise<void> {
    return this.#told('to remove the copy of an edited file', rm(join(this.#folder, id), { recursive: true, force: true }));
  }

  /** Never rejects: nobody waits for it. */
  #told(what: string, work: Promise<unknown>): Promise<void> {
    return reported(this.#background, { what, cluster: '' }, work).then(
      () => {},
      () => {},
    );
  }

  #keep(): void {
    const edits = [...this.#edits].flatMap(([id, { remote, local }]): KeptEdit[] => {
      const row = this.topic.get()[id];
      if (!row) return [];
      const { target, path, localPath } = row;
      const onServer = remote && { size: remote.size, modified: remote.modified };
      return [{ id, target, path, name: basename(localPath), remote: onServer, local }];
    });
    // The copies are there all the same; they only would not come back by themselves.
    void this.#told('to keep the list of edited files', this.#kept.write({ edits }));
  }

  /** Editors write in several steps, many by a new file and a rename: looked at when it is quiet. */
  #look(id: string, edit: Edit): void {
    clearTimeout(edit.timer);
    edit.timer = setTimeout(() => {
      const looking = this.#next(edit, async () => {
        const row = this.topic.get()[id];
        if (!row || row.state === 'conflict') return;
        const now = await versionOf(row.localPath);
        if (now && !isSame(now, edit.local)) await this.#save(id, edit, false);
      });
      void this.#told('to see whether an edited file was saved', looking);
    }, settleMilliseconds);
  }

  #next(edit: Edit, action: () => Promise<void>): Promise<void> {
    edit.busy = edit.busy.catch(() => {}).then(action);
    return edit.busy;
  }

  #set(id: string, row: EditedFile): void {
    this.topic.set({ ...this.topic.get(), [id]: row });
  }

  #change(id: string, change: Partial<EditedFile>): void {
    const row = this.topic.get()[id];
    if (row && this.#edits.has(id)) this.#set(id, { ...row, ...change });
  }

  async #fetch(id: string, edit: Edit, signal: AbortSignal): Promise<void> {
    const { target, path, localPath } = this.topic.get()[id]!;
    await this.#withServer(id, target, signal, async (lease, moves) => {
      const found = await lease.fileSystem.stat(path);
      if (found.kind !== 'file') throw new AppError('invalid-argument', 'Only files can be edited.');
      if (found.size > largestEdit) throw new AppError('unsupported', 'The file is larger than 256 MB: download it instead.');
      const { folder, name } = local.split(localPath);
      await downloadFile(
        {
          source: path,
          folder,
          name,
          size: found.size,
          modified: found.modified,
          mode: 0o600,
          replace: await local.lstat(localPath).catch(notThere),
          part: null,
          isSecondTry: false,
        },
        moves,
      );
      edit.remote = found;
      edit.local = await versionOf(localPath);
      this.#change(id, { state: 'open', error: null });
      this.#keep();
    });
  }

  async #save(id: string, edit: Edit, overwrite: boolean): Promise<void> {
    const { target, path, localPath } = this.topic.get()[id]!;
    this.#change(id, { state: 'saving', error: null });
    await this.#withServer(id, target, edit.abort.signal, async (lease, moves) => {
      const { fileSystem } = lease;
      // A link is followed: what it leads to is what was fetched.
      const real = await fileSystem.real(path).catch(() => path);
      const there = await fileSystem.lstat(real).catch(notThere);
      if (!overwrite && !isSame(there, edit.remote)) {
        const what = there ? 'it changed on the server since it was fetched' : 'it is gone from the server';
        this.#change(id, { state: 'conflict', error: { code: 'conflict', message: `${path} was not saved: ${what}.` } });
        return;
      }
      const now = await versionOf(localPath);
      if (!now) throw new AppError('not-found', 'The local copy is gone, so there is nothing to save.');
      const { folder, name } = fileSystem.split(real);
      await uploadFile(
        {
          source: localPath,
          folder,
          name,
          size: now.size,
          modified: now.modified,
          mode: there?.mode ?? 0o644,
          replace: there,
          part: null,
          isSecondTry: false,
        },
        moves,
      );
      edit.local = now;
      edit.remote = await fileSystem.lstat(real);
      this.#change(id, { state: 'open', savedAt: Date.now(), error: null });
      this.#keep();
    });
  }

  async #withServer(
    id: string,
    target: SshTarget,
    signal: AbortSignal,
    action: (lease: RemoteLease, moves: FileMoveContext) => Promise<void>,
  ): Promise<void> {
    try {
      const lease = await this.#access.use(target, 'transfer', signal);
      try {
        await action(lease, { lease, signal, smallFiles: null, onBytes: () => {}, onNote: () => {}, onPart: () => {} });
      } finally {
        lease.release();
      }
    } catch (caught) {
      const error = AppError.from(caught);
      this.#change(id, { state: 'failed', error: error.toData() });
      throw error;
    }
  }
}

async function versionOf(path: string): Promise<Version | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, modified: Math.round(mtimeMs) };
  } catch {
    return null;
  }
}

const isSame = (one: Version | null, other: Version | null) => one?.size === other?.size && one?.modified === other?.modified;
