import type { Cluster } from '../../../shared/model/cluster.ts';
import type { AppState } from '../../state/app-state.ts';
import { confirm } from '../../state/dialogs.ts';
import { documentCluster } from '../../state/workspace.ts';
import { displayText } from '../../ui/display-text.ts';

const tshNote = ' The login belongs to tsh too, which will be logged out as well.';

/** What ends with the login, so that nobody is surprised. */
function liveText(app: AppState, cluster: Cluster): string {
  const { sessions } = app.liveSessions.getState();
  const live = app.workspace
    .getState()
    .documents.filter((document) => documentCluster(document) === cluster.key && sessions[document.id]?.live).length;
  if (live === 0) return '';
  return live === 1 ? ' One session is still running on it.' : ` ${live} sessions are still running on it.`;
}

/** Removes the login's keys after a question. Its tabs stay, and ask for a login when they are used. */
export async function logOut(app: AppState, cluster: Cluster): Promise<void> {
  const name = displayText(cluster.name, 100);
  const agreed = await confirm(app.dialogs, {
    title: `Log out of ${name}?`,
    text: `The keys and certificates of ${displayText(cluster.user, 100)} are removed from this computer. The cluster and its tabs stay.${liveText(app, cluster)}${cluster.home === 'tsh' ? tshNote : ''}`,
    action: 'Log out',
    danger: false,
  });
  if (!agreed) return;
  await app.main
    .call('clusters.logout', { key: cluster.key })
    .catch((caught) => app.notifications.getState().notifyError(`Logging out of ${name} failed`, caught));
}

/** Removes everything of the cluster, its tabs included, after a question. */
export async function forget(app: AppState, cluster: Cluster): Promise<void> {
  const name = displayText(cluster.name, 100);
  const agreed = await confirm(app.dialogs, {
    title: `Forget ${name}?`,
    text: `The login, the address and any trusted certificate are removed from this computer, and the cluster’s tabs are closed.${liveText(app, cluster)}${cluster.home === 'tsh' ? tshNote : ''}`,
    action: 'Forget',
    danger: true,
  });
  if (!agreed) return;
  try {
    await app.main.call('clusters.forget', { key: cluster.key });
  } catch (caught) {
    return app.notifications.getState().notifyError(`${name} could not be forgotten`, caught);
  }
  const { documents, remove } = app.workspace.getState();
  const ids = documents.filter((document) => documentCluster(document) === cluster.key).map(({ id }) => id);
  remove(ids);
  for (const id of ids) app.liveSessions.getState().remove(id);
}
