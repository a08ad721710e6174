import { AppError } from '../../shared/errors/app-error.ts';
import type { ClusterKey } from '../../shared/model/cluster.ts';
import type { AppState } from '../state/app-state.ts';

/**
 * Runs `action`; when it fails because the cluster's credentials ran out, opens one login dialog (shared by all actions
 * that fail at the same time) and runs it once more after the login. When the person cancels, the first error is thrown.
 * `action` gets the key to use, which differs from `cluster` when somebody logged in to a cluster without a user.
 */
export async function withRelogin<T>(app: AppState, cluster: ClusterKey, reason: string, action: (cluster: ClusterKey) => Promise<T>): Promise<T> {
  try {
    return await action(cluster);
  } catch (caught) {
    if (AppError.from(caught).code !== 'expired') throw caught;
    const key = await relogin(app, cluster, reason);
    if (key === null) throw caught;
    return action(key);
  }
}

/** The login dialog for `cluster`, or the one that is already open. Null when the person cancelled. */
export function relogin(app: AppState, cluster: ClusterKey, reason: string): Promise<ClusterKey | null> {
  const open = app.relogins.get(cluster);
  if (open) return open;
  const answer = app.dialogs
    .getState()
    .ask({ kind: 'login', cluster, reason })
    .finally(() => app.relogins.delete(cluster));
  app.relogins.set(cluster, answer);
  return answer;
}
