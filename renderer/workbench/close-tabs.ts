import { documentsIn } from '../../shared/model/pane-tree.ts';
import type { AppState } from '../state/app-state.ts';
import { confirm } from '../state/dialogs.ts';
import { tabWith } from '../state/tabs.ts';

/**
 * Closes tabs for a person: asks first when sessions run in them, unless the settings say not to. False when the person decided
 * against it.
 */
export async function closeTabs(app: AppState, tabIds: readonly string[]): Promise<boolean> {
  const tabs = app.workspace.getState().tabs.filter(({ id }) => tabIds.includes(id));
  const ids = tabs.flatMap(({ root }) => documentsIn(root)).map(({ id }) => id);
  const { statuses } = app.tabStatuses.getState();
  const live = ids.filter((id) => statuses[id]?.isLive).length;
  if (live > 0 && app.settings.getState().values.terminal.confirmClose) {
    const agreed = await confirm(app.dialogs, {
      title: live === 1 ? 'A session is still running' : `${live} sessions are still running`,
      text:
        live === 1
          ? 'Closing the tab ends the program that runs in it.'
          : `Closing the ${tabs.length === 1 ? 'tab ends the programs that run in it' : 'tabs ends the programs that run in them'}.`,
      action: tabs.length === 1 ? 'Close tab' : `Close ${tabs.length} tabs`,
      danger: true,
    });
    if (!agreed) return false;
  }
  closeDocuments(app, ids);
  return true;
}

/** Closes the pane of a document whose session has ended or that has none: its tab stays while there are other panes in it. */
export async function closePane(app: AppState, documentId: string): Promise<void> {
  const tab = tabWith(app.workspace.getState(), documentId);
  if (!tab) return;
  if (tab.root.kind === 'leaf') await closeTabs(app, [tab.id]);
  else closeDocuments(app, [documentId]);
}

/** Closes the panes of these documents at once, and tabs that have no other, with what is known of their sessions. */
export function closeDocuments(app: AppState, ids: readonly string[]): void {
  app.workspace.getState().remove(ids);
  for (const id of ids) app.tabStatuses.getState().remove(id);
}
