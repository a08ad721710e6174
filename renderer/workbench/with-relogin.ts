import { AppError } from '../../shared/errors/app-error.ts';
import type { ClusterKey } from '../../shared/model/cluster.ts';
import type { AppState } from '../state/app-state.ts';
import { clusterLabel, findCluster } from '../state/clusters.ts';
import type { OpenDialog } from '../state/dialogs.ts';
import { displayText } from '../ui/display-text.ts';

/**
 * Runs `action`. If it fails because the cluster's credentials expired, opens one login dialog (shared by all actions that fail at
 * the same time) and runs it once more after the login. When the person cancels, the first error is thrown. `purpose` follows the
 * words "Log in": "to open the terminal". `action` gets the key to use, which differs from `cluster` when that had no user yet.
 */
export async function withRelogin<T>(app: AppState, cluster: ClusterKey, purpose: string, action: (cluster: ClusterKey) => Promise<T>): Promise<T> {
  try {
    return await action(cluster);
  } catch (caught) {
    if (AppError.from(caught).code !== 'expired') throw caught;
    const key = await relogin(app, cluster, purpose);
    if (key === null) throw caught;
    return action(key);
  }
}

/** The login dialog for `cluster`, or the one that is already open. It says why and for what; nothing when the person asked for it themselves: `purpose` is empty. Null when the person cancelled. */
export function relogin(app: AppState, cluster: ClusterKey, purpose: string): Promise<ClusterKey | null> {
  const open =
    findLoginDialog(app, cluster) ?? app.dialogs.getState().open({ kind: 'login', cluster, reason: purpose && reasonFor(app, cluster, purpose) });
  return open.answered;
}

export function findLoginDialog(app: AppState, cluster: ClusterKey): OpenDialog | undefined {
  return app.dialogs.getState().queue.find(({ request }) => request.kind === 'login' && request.cluster === cluster);
}

/** A login that the person ended themselves has not expired, nor has one that the cluster refuses before its time. */
function reasonFor(app: AppState, key: ClusterKey, purpose: string): string {
  const cluster = findCluster(app.clusters.getState(), key);
  const name = displayText(clusterLabel(key, cluster), 100);
  if (cluster?.status === 'expired') return `Your login to ${name} has expired. Log in again ${purpose}.`;
  return cluster?.status === 'signed-in' ? `Log in to ${name} again ${purpose}.` : `You are not logged in to ${name}. Log in ${purpose}.`;
}
