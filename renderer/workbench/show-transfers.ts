import type { Document } from '../../shared/model/document.ts';
import type { AppState } from '../state/app-state.ts';
import { filesDocument } from './documents.ts';

const hasFiles = (document: Document | undefined) => document?.kind === 'files' || (document?.kind === 'ssh' && document.files !== undefined);

/** Goes to the queue of transfers: in the tab in front, in another one that shows files, or in a new one of the first transfer's server. */
export function showTransfers({ transfers, workspace, notifications }: AppState): void {
  const { documents, active, activate, open } = workspace.getState();
  const { order, rows } = transfers.getState();
  const target = order.map((id) => rows[id]).find((row) => row !== undefined)?.target;
  if (!target) return notifications.getState().notify({ tone: 'info', title: 'There are no transfers', text: '' });
  const isHere = hasFiles(documents.find(({ id }) => id === active));
  const present = documents.find((document) => document.kind === 'files' && document.target.node === target.node) ?? documents.find(hasFiles);
  transfers.setState({ wanted: true });
  if (isHere) return;
  if (present) activate(present.id);
  else open(filesDocument(target));
}
