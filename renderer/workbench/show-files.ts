import type { Document } from '../../shared/model/document.ts';
import type { Pane } from '../../shared/model/workspace.ts';
import type { AppState } from '../state/app-state.ts';
import { tabWith } from '../state/tabs.ts';
import { duplicateOf, filesDocument } from './documents.ts';

type Terminal = Extract<Document, { kind: 'ssh' }>;

/** The folder that the terminal's shell is in, where the shell tells. */
export const knownFolder = (app: AppState, { id }: Pick<Document, 'id'>): string => app.tabStatuses.getState().statuses[id]?.folder ?? '';

/** Shows the files of a terminal's server, from the folder its shell is in. */
export function showFiles(app: AppState, terminal: Terminal): void {
  const { show, open } = app.workspace.getState();
  show(terminal.id);
  open(filesDocument(terminal.target, knownFolder(app, terminal)));
}

/** The files of its server that stand right below a terminal in the tree; undefined when there are none. */
export function filesBelow(pane: Pane, terminal: Terminal): Document | undefined {
  if (pane.kind === 'leaf') return undefined;
  const at = pane.panes.findIndex((each) => each.kind === 'leaf' && each.document.id === terminal.id);
  const next = pane.panes[at + 1];
  if (at < 0) return pane.panes.map((each) => filesBelow(each, terminal)).find((found) => found !== undefined);
  const isBelow = pane.direction === 'down' && next?.kind === 'leaf' && next.document.kind === 'files';
  return isBelow && next.document.target.node === terminal.target.node ? next.document : undefined;
}

/** Opens another session like the terminal's in a new tab, with the files below it where they are shown below the terminal. */
export function openAgain(app: AppState, terminal: Terminal): void {
  const { open, split } = app.workspace.getState();
  const tab = tabWith(app.workspace.getState(), terminal.id);
  const [copy, files] = [terminal, tab && filesBelow(tab.root, terminal)].map((document) => document && duplicateOf(document));
  if (copy) open(copy);
  if (copy && files) split(copy.id, 'down', files);
}

/** Shows them below the terminal, in its own tab, or hides them again. */
export function toggleFilesBelow(app: AppState, terminal: Terminal): void {
  const { split, remove, show } = app.workspace.getState();
  const tab = tabWith(app.workspace.getState(), terminal.id);
  const files = tab && filesBelow(tab.root, terminal);
  if (files) remove([files.id]);
  else split(terminal.id, 'down', filesDocument(terminal.target, knownFolder(app, terminal)));
  show(terminal.id);
}
