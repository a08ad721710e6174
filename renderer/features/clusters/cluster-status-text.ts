import type { Cluster } from '../../../shared/model/cluster.ts';
import { untilText } from '../../ui/words/time-text.ts';

/** The line under a cluster's name. */
export function clusterStatusText(cluster: Cluster, now: number): string {
  const home = cluster.home === 'tsh' ? ' · from tsh' : '';
  if (cluster.status === 'signed-out') return `${cluster.user ? `${cluster.user} · ` : ''}Not logged in${home}`;
  const expired = cluster.status === 'expired' || (cluster.expires !== null && cluster.expires <= now);
  if (expired) return `${cluster.user} · Session expired${home}`;
  const expiry = cluster.expires === null ? '' : ` · expires ${untilText(cluster.expires, now)}`;
  return `${cluster.user}${expiry}${home}`;
}
