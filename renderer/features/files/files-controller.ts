import { AppError } from '../../../shared/errors/app-error.ts';
import type { SshTarget } from '../../../shared/model/document.ts';
import type { FileEntry, TransferRow } from '../../../shared/model/files.ts';
import type { AppState } from '../../state/app-state.ts';
import { confirm } from '../../state/dialogs.ts';
import { droppedPaths, noPathsText } from '../../state/dropped-paths.ts';
import { type DraggedFiles, takeFiles } from '../../state/file-drag.ts';
import { displayText } from '../../ui/display-text.ts';
import { filesDocument } from '../../workbench/documents.ts';
import { withRelogin } from '../../workbench/with-relogin.ts';
import { countText } from './file-words.ts';
import type { ListCommand } from './pane/list/list-keys.ts';
import { isFolder } from './pane/list/row-order.ts';
import { createPaneStore, type PaneStore } from './pane/pane-store.ts';
import { baseName, joinPath, parentPath } from './pane/path/paths.ts';
import { localSide, remoteSide, type Side } from './side.ts';

export type SideKind = Side['kind'];

/** A question or a view over the panes. `entries` are rows of `folder` on the side. */
export type FilesDialog = { readonly side: SideKind; readonly folder: string } & (
  | { readonly kind: 'new-folder' }
  | { readonly kind: 'rename'; readonly entry: FileEntry }
  | { readonly kind: 'text'; readonly entry: FileEntry }
  | { readonly kind: 'delete'; readonly entries: readonly FileEntry[] }
  | { readonly kind: 'mode'; readonly entries: readonly FileEntry[] }
  | { readonly kind: 'copy-to'; readonly entries: readonly FileEntry[] }
);

export interface FilesEvents {
  ask(dialog: FilesDialog): void;
  /** The cluster is logged in to by another key now. */
  target(target: SshTarget): void;
  focus(side: SideKind): void;
  filter(side: SideKind): void;
}

/** Two sides and all that is done between and on them. Failures without a place of their own become notices. */
export class FilesController {
  readonly sides: Readonly<Record<SideKind, Side>>;
  readonly panes: Readonly<Record<SideKind, PaneStore>>;
  readonly #app: AppState;
  readonly #events: FilesEvents;
  #target: SshTarget;

  constructor(app: AppState, target: SshTarget, events: FilesEvents) {
    this.#app = app;
    this.#events = events;
    this.#target = target;
    const remote = remoteSide(
      app,
      () => this.#target,
      (next) => {
        this.#target = next;
        events.target(next);
      },
    );
    this.sides = { local: localSide(app), remote };
    this.panes = { local: createPaneStore(this.sides.local), remote: createPaneStore(remote) };
  }

  get target(): SshTarget {
    return this.#target;
  }

  dispose(): void {
    for (const pane of Object.values(this.panes)) pane.dispose();
  }

  /** The chosen entries, else the one the keyboard is on. */
  chosen(side: SideKind): FileEntry[] {
    const { shown, selection } = this.panes[side].getState();
    if (selection.ids.size > 0) return shown.filter(({ id }) => selection.ids.has(id)).map(({ entry }) => entry);
    const row = shown[selection.cursor];
    return row ? [row.entry] : [];
  }

  pathOf(side: SideKind, entry: FileEntry): string {
    return joinPath(this.sides[side].style, this.panes[side].getState().path, entry.name);
  }

  run(side: SideKind, command: ListCommand | 'copy-path' | 'mode' | 'refresh' | 'home'): void {
    const entries = this.chosen(side);
    const [first] = entries;
    const { path: folder } = this.panes[side].getState();
    switch (command) {
      case 'up':
        return this.#up(side);
      case 'home':
        return void this.panes[side].open('');
      case 'refresh':
        return void this.panes[side].refresh();
      case 'other-side':
        return this.#events.focus(other(side));
      case 'filter':
        return this.#events.filter(side);
      case 'new-folder':
        return this.#events.ask({ kind: 'new-folder', side, folder });
      case 'open':
        if (first && isFolder(first)) return void this.panes[side].open(this.pathOf(side, first));
        if (first) this.#events.ask({ kind: 'text', side, folder, entry: first });
        return;
      case 'view':
        if (first && !isFolder(first)) this.#events.ask({ kind: 'text', side, folder, entry: first });
        return;
      case 'edit':
        if (side === 'remote' && first && !isFolder(first)) void this.edit(first);
        return;
      case 'rename':
        if (first) this.#events.ask({ kind: 'rename', side, folder, entry: first });
        return;
      case 'delete':
      case 'copy-to':
      case 'mode':
        if (first) this.#events.ask({ kind: command, side, folder, entries });
        return;
      case 'copy-across':
        return void this.transfer(
          side,
          entries.map((entry) => this.pathOf(side, entry)),
        );
      case 'copy-path':
        return void this.#copyPaths(side, entries);
    }
  }

  #up(side: SideKind): void {
    const { path } = this.panes[side].getState();
    const { style } = this.sides[side];
    const parent = path === '' ? null : parentPath(style, path);
    if (parent !== null) void this.panes[side].open(parent, baseName(style, path));
  }

  async #copyPaths(side: SideKind, entries: readonly FileEntry[]): Promise<void> {
    const { path } = this.panes[side].getState();
    const paths = entries.length > 0 ? entries.map((entry) => this.pathOf(side, entry)) : [path];
    const { notify, notifyError } = this.#app.notifications.getState();
    await navigator.clipboard.writeText(paths.join('\n')).then(
      () =>
        notify({
          tone: 'success',
          title: paths.length === 1 ? 'The path is on the clipboard' : `${paths.length} paths are on the clipboard`,
          text: '',
        }),
      () => notifyError('The clipboard refused the path', new Error('refused')),
    );
  }

  /** Puts `paths` of one side into the folder that the other side shows, or into a folder below it. */
  async transfer(from: SideKind, paths: readonly string[], into: string | null = null): Promise<void> {
    const to = other(from);
    const { path } = this.panes[to].getState();
    if (paths.length === 0 || path === '') return;
    const folder = into === null ? path : joinPath(this.sides[to].style, path, into);
    await this.#attempt('The transfer could not be started', () => this.#enqueue(from, paths, folder));
  }

  /** Puts entries of one side into a folder that was typed for the other. Rejects when there is no such folder. */
  async copyTo(from: SideKind, entries: readonly FileEntry[], typed: string, signal: AbortSignal): Promise<void> {
    const to = other(from);
    const { path: base } = this.panes[to].getState();
    const { path, kind } = await this.sides[to].call('files.resolve', (place) => ({ place, path: typed, base }), signal);
    if (kind !== 'folder') throw new AppError('invalid-argument', `${displayText(path, 200)} is not a folder. Name a folder.`);
    await this.#enqueue(
      from,
      entries.map((entry) => this.pathOf(from, entry)),
      path,
    );
  }

  async #enqueue(from: SideKind, paths: readonly string[], folder: string): Promise<void> {
    const reason = `to move files of ${this.sides.remote.label}`;
    const direction = from === 'local' ? 'upload' : 'download';
    await withRelogin(this.#app, this.#target.cluster, reason, (cluster) =>
      this.#app.sessionHost().call('transfers.enqueue', { direction, target: { ...this.#target, cluster }, sources: [...paths], folder }),
    );
  }

  /** Local files on their way to another program, as the OS's own drag. */
  dragOut(side: SideKind): void {
    const paths = this.chosen(side).map((entry) => this.pathOf(side, entry));
    if (side === 'local') return void this.#attempt('The files cannot be dragged out', () => this.#app.main.call('app.drag-out', { paths }));
    const text = 'The OS takes files only from this computer: download them, then drag them from its pane. “Download to…” saves the second step.';
    this.#app.notifications.getState().notify({ tone: 'info', title: 'These files are on the server', text });
  }

  /** Goes to the folder that a transfer goes into, in a tab of its own for another server. */
  showFolder({ direction, target, folder, name }: TransferRow): void {
    if (direction === 'upload' && !isSame(target, this.#target)) return this.#app.workspace.getState().open(filesDocument(target, folder));
    const side = direction === 'upload' ? 'remote' : 'local';
    void this.panes[side].open(folder, name);
    this.#events.focus(side);
  }

  /** What was let go over a side's list, or over one of its folders. */
  async drop(side: SideKind, transfer: DataTransfer, into: string | null): Promise<void> {
    const dragged = takeFiles(transfer);
    const { notify } = this.#app.notifications.getState();
    if (!dragged) {
      const paths = await droppedPaths(this.#app.info);
      if (side === 'remote' && paths) return this.transfer('local', paths, into);
      return notify({
        tone: 'info',
        title: 'Nothing was copied',
        text: side === 'local' ? 'Drop files on the pane of the server to upload them.' : noPathsText,
      });
    }
    const from = dragged.target ? 'remote' : 'local';
    if (dragged.target && !isSame(dragged.target, this.#target)) {
      const text = `These files are on ${displayText(dragged.target.hostname, 80)}. Download them first, then upload them here.`;
      return notify({ tone: 'info', title: 'Files are not copied from server to server', text });
    }
    if (from !== side) return this.transfer(from, dragged.paths, into);
    if (into !== null) await this.#move(side, dragged, into);
  }

  async #move(side: SideKind, { paths }: DraggedFiles, into: string): Promise<void> {
    const { style } = this.sides[side];
    const folder = joinPath(style, this.panes[side].getState().path, into);
    const moved = paths.filter((path) => path !== folder);
    const [first, ...others] = moved;
    if (first === undefined) return;
    const agreed = await confirm(this.#app.dialogs, {
      title: `Move ${countText(moved.length, 'item')}?`,
      text: `${others.length === 0 ? displayText(baseName(style, first), 100) : 'They'} will stand in “${displayText(into, 100)}”.`,
      action: 'Move',
      danger: false,
    });
    if (!agreed) return;
    await this.#attempt('Not everything could be moved', async () => {
      for (const from of moved) {
        const to = joinPath(style, folder, baseName(style, from));
        await this.sides[side].call('files.rename', (place) => ({ place, from, to }));
      }
    });
    await this.panes[side].refresh();
  }

  /** Fetches a remote file for the local editor. */
  async edit(entry: FileEntry): Promise<void> {
    const path = this.pathOf('remote', entry);
    const title = `${displayText(entry.name, 80)} could not be opened for editing`;
    const open = Object.values(this.#app.transfers.getState().edits).find((edit) => edit.path === path && isSame(edit.target, this.#target));
    if (open && open.state !== 'failed') return this.#attempt(title, () => this.#openEditor(open.localPath));
    await this.#attempt(title, async () => {
      const { localPath } = await withRelogin(this.#app, this.#target.cluster, `to edit ${displayText(entry.name, 80)}`, (cluster) =>
        this.#app.sessionHost().call('edits.open', { target: { ...this.#target, cluster }, path }),
      );
      await this.#openEditor(localPath);
    });
  }

  /** Shows a local copy in a text editor, or says where it is. */
  async #openEditor(localPath: string): Promise<void> {
    if (this.#app.info.host === 'electron') await this.#app.main.call('app.open-editor', { path: localPath });
    else this.#app.notifications.getState().notify({ tone: 'info', title: 'Open this copy in your editor', text: displayText(localPath, 400) });
  }

  async #attempt(title: string, action: () => Promise<unknown>): Promise<void> {
    await action().catch((caught) => this.#app.notifications.getState().notifyError(title, caught));
  }
}

export const other = (side: SideKind): SideKind => (side === 'local' ? 'remote' : 'local');

const isSame = (a: SshTarget, b: SshTarget) => a.node === b.node && a.leaf === b.leaf && a.cluster === b.cluster && a.login === b.login;
