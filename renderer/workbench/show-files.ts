import type { Document } from '../../shared/model/document.ts';
import type { AppState } from '../state/app-state.ts';
import { filesDocument } from './documents.ts';

/** The folder that the terminal's shell is in, where the shell tells. */
export const knownFolder = (app: AppState, { id }: Pick<Document, 'id'>): string => app.tabStatuses.getState().statuses[id]?.folder ?? '';

/** Shows the files of a terminal's server, from the folder its shell is in. */
export function showFiles(app: AppState, terminal: Extract<Document, { kind: 'ssh' }>): void {
  const { activate, open } = app.workspace.getState();
  activate(terminal.id);
  open(filesDocument(terminal.target, knownFolder(app, terminal)));
}

/** Shows them below the terminal, in its own tab, or hides them again. */
export function toggleFilesBelow(app: AppState, terminal: Extract<Document, { kind: 'ssh' }>): void {
  const { update, activate } = app.workspace.getState();
  const { files, ...rest } = terminal;
  update(files ? rest : { ...rest, files: { remotePath: knownFolder(app, terminal), localPath: '' } });
  activate(terminal.id);
}
