import { AppError } from '../../shared/errors/app-error.ts';
import { type Cluster, parseClusterKey } from '../../shared/model/cluster.ts';
import type { SshTarget } from '../../shared/model/document.ts';
import type { ClusterChoice } from './control-request.ts';

/** OpenSSH takes no port 0, so exported configurations say 3022 for "whatever port the server has" (tsh-profile §4). */
const anyPort = '3022';

/** OpenSSH writes names of hosts, and with them of clusters, in small letters. */
const isSame = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();

/** The login and, for leaf clusters, the name that a choice means. */
export function chooseCluster(clusters: readonly Cluster[], { cluster: name, proxy }: ClusterChoice): { cluster: Cluster; leaf: string } {
  const known = clusters.filter(({ address }) => proxy === '' || address === proxy || address.replace(/:\d+$/, '') === proxy);
  const fitting = known.flatMap((cluster) => {
    if (name === '' || isSame(cluster.name, name) || cluster.key === name) return [{ cluster, leaf: '' }];
    return cluster.leaves.filter((leaf) => isSame(leaf.name, name)).map((leaf) => ({ cluster, leaf: leaf.name }));
  });
  const chosen = fitting.find(({ cluster }) => cluster.status === 'signed-in') ?? fitting[0];
  if (!chosen)
    throw new AppError(
      'not-found',
      name || proxy ? `Slipway knows no cluster ${name || proxy}.` : 'Slipway knows no cluster yet. Add one in its window.',
    );
  if (
    name === '' &&
    proxy === '' &&
    new Set(fitting.filter(({ cluster }) => cluster.status === 'signed-in').map(({ cluster }) => cluster.key)).size > 1
  ) {
    throw new AppError(
      'invalid-argument',
      `You are logged in to several clusters. Say which one: --cluster=${fitting.map(({ cluster }) => cluster.name).join(' or --cluster=')}`,
    );
  }
  return chosen;
}

/** The server that `user@host`, `user@host.cluster` or one of them with a port means. The longest cluster name at the end of the host wins. */
export function locate(clusters: readonly Cluster[], destination: string, choice: ClusterChoice): { target: SshTarget; host: string; owner: string } {
  const parts = /^(.+)@(\[[^\]]+\]|[^@:]+)(?::(\d{1,5}))?$/.exec(destination);
  if (!parts) throw new AppError('bad-address', `${destination} is no server. Write it like user@host.`);
  const [, login = '', bracketed = '', port = ''] = parts;
  const typed = bracketed.replace(/^\[|\]$/g, '');
  const names = clusters
    .flatMap((cluster) => [cluster.name, ...cluster.leaves.map((leaf) => leaf.name)])
    .filter((name) => choice.cluster === '' || isSame(name, choice.cluster));
  const suffix = names
    .filter((name) => isSame(typed.slice(-name.length - 1), `.${name}`) && typed.length > name.length + 1)
    .toSorted((a, b) => b.length - a.length)[0];
  const { cluster, leaf } = chooseCluster(clusters, { ...choice, cluster: choice.cluster || (suffix ?? '') });
  const owner = leaf || cluster.name;
  const host = suffix === undefined ? typed : typed.slice(0, -suffix.length - 1);
  const node = port === '' || port === anyPort || Number(port) === 0 ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return { target: { cluster: cluster.key, leaf, node, hostname: host, login }, host: `${host}.${owner}`, owner };
}

export const proxyHost = (cluster: Cluster): string => parseClusterKey(cluster.key).address.replace(/:\d+$/, '');
