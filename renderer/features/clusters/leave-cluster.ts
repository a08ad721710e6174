import type { Cluster } from '../../../shared/model/cluster.ts';
import { clusterOf } from '../../../shared/model/local-port.ts';
import type { AppState } from '../../state/app-state.ts';
import { confirm } from '../../state/dialogs.ts';
import { openDocuments } from '../../state/tabs.ts';
import { documentCluster } from '../../state/workspace.ts';
import { displayText } from '../../ui/display-text.ts';
import { closeDocuments } from '../../workbench/close-tabs.ts';

const tshNote = ' The login belongs to tsh too, which will be logged out as well.';

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The terminals that run on the cluster, and the local connections that listen for it. */
function usesOf(app: AppState, cluster: Cluster): { terminals: number; connections: number } {
  const { statuses } = app.tabStatuses.getState();
  const rows = Object.values(app.connections.getState().rows);
  return {
    terminals: openDocuments(app.workspace.getState()).filter(
      (document) => documentCluster(document) === cluster.key && statuses[document.id]?.isLive,
    ).length,
    connections: rows.filter(({ state, target }) => state === 'open' && target.kind !== 'ssh' && clusterOf(target) === cluster.key).length,
  };
}

/** Says what ends with the login and what stays, so that nobody is surprised. */
function logoutText(app: AppState, cluster: Cluster): string {
  const { terminals, connections } = usesOf(app, cluster);
  const stays =
    terminals > 0
      ? ` ${counted(terminals, 'open terminal')} on it ${terminals === 1 ? 'stays' : 'stay'} open until you close ${terminals === 1 ? 'it' : 'them'}.`
      : '';
  const [verb, their] = connections === 1 ? ['keeps', 'its port'] : ['keep', 'their ports'];
  const ends =
    connections > 0
      ? ` ${counted(connections, 'local connection')} ${verb} ${their}, but what programs do through ${connections === 1 ? 'it' : 'them'} ends now, and goes on only after a login.`
      : '';
  return `${stays}${ends}`;
}

function forgetText(app: AppState, cluster: Cluster): string {
  const { terminals, connections } = usesOf(app, cluster);
  const ended = [
    ...(terminals > 0 ? [counted(terminals, 'open terminal')] : []),
    ...(connections > 0 ? [counted(connections, 'local connection')] : []),
  ];
  return ended.length === 0 ? '' : ` ${ended.join(' and ')} on it ${terminals + connections === 1 ? 'ends' : 'end'} with that.`;
}

/** Removes the login's keys after a question. Its tabs stay, and ask for a login when they are used. */
export async function logOut(app: AppState, cluster: Cluster): Promise<void> {
  const name = displayText(cluster.name, 100);
  const agreed = await confirm(app.dialogs, {
    title: `Log out of ${name}?`,
    text: `The keys and certificates of ${displayText(cluster.user, 100)} are removed from this computer. The cluster and its tabs stay.${logoutText(app, cluster)}${cluster.home === 'tsh' ? tshNote : ''}`,
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
    text: `The login, the address and any trusted certificate are removed from this computer, and the cluster’s tabs are closed.${forgetText(app, cluster)}${cluster.home === 'tsh' ? tshNote : ''}`,
    action: 'Forget',
    danger: true,
  });
  if (!agreed) return;
  try {
    await app.main.call('clusters.forget', { key: cluster.key });
  } catch (caught) {
    return app.notifications.getState().notifyError(`${name} could not be forgotten`, caught);
  }
  const gone = openDocuments(app.workspace.getState()).filter((document) => documentCluster(document) === cluster.key);
  closeDocuments(
    app,
    gone.map(({ id }) => id),
  );
}
