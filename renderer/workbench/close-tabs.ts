import type { AppState } from '../state/app-state.ts';
import { confirm } from '../state/dialogs.ts';

/**
 * Closes tabs as a person does: asks first when sessions are running in them, unless the settings say not to. False when
 * the person decided against it.
 */
export async function closeTabs(app: AppState, ids: readonly string[]): Promise<boolean> {
  const { statuses } = app.tabStatuses.getState();
  const live = ids.filter((id) => statuses[id]?.isLive).length;
  if (live > 0 && app.settings.getState().values.terminal.confirmClose) {
    const agreed = await confirm(app.dialogs, {
      title: live === 1 ? 'A session is still running' : `${live} sessions are still running`,
      text: live === 1 ? 'Closing the tab ends the program that runs in it.' : 'Closing the tabs ends the programs that run in them.',
      action: ids.length === 1 ? 'Close tab' : `Close ${ids.length} tabs`,
      danger: true,
    });
    if (!agreed) return false;
  }
  app.workspace.getState().remove(ids);
  for (const id of ids) app.tabStatuses.getState().remove(id);
  return true;
}
