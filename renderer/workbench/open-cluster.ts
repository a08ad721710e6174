import type { Cluster } from '../../shared/model/cluster.ts';
import type { AppState } from '../state/app-state.ts';
import { showResources } from './documents.ts';
import { relogin } from './with-relogin.ts';

/** Shows the cluster's resources, after a login where one is needed. */
export async function openCluster(app: AppState, { key, status }: Pick<Cluster, 'key' | 'status'>): Promise<void> {
  const use = status === 'signed-in' ? key : await relogin(app, key, '');
  if (use !== null) showResources(app, use);
}

/** Asks for an address, or uses the given one; logs in and shows the cluster's resources. */
export async function addCluster(app: AppState, address = ''): Promise<void> {
  const key = await app.dialogs.getState().ask({ kind: 'add-cluster', address });
  if (key !== null) showResources(app, key);
}
