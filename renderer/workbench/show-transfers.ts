import { documentsIn } from '../../shared/model/pane-tree.ts';
import type { AppState } from '../state/app-state.ts';
import { activeTab, openDocuments } from '../state/tabs.ts';
import { filesDocument } from './documents.ts';

/** Goes to the queue of transfers: in the tab in front, in another one that shows files, or in a new one of the first transfer's server. */
export function showTransfers({ transfers, workspace, notifications }: AppState): void {
  const state = workspace.getState();
  const { order, rows } = transfers.getState();
  const target = order.map((id) => rows[id]).find((row) => row !== undefined)?.target;
  if (!target) return notifications.getState().notify({ tone: 'info', title: 'There are no transfers', text: '' });
  transfers.setState({ wanted: true });
  const tab = activeTab(state);
  if (tab && documentsIn(tab.root).some(({ kind }) => kind === 'files')) return;
  const files = openDocuments(state).filter((document) => document.kind === 'files');
  const present = files.find((document) => document.target.node === target.node) ?? files[0];
  if (present) state.show(present.id);
  else state.open(filesDocument(target));
}
