import type { MainContract } from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { CallInput, CallOutput } from '../../../shared/ipc/define.ts';
import type { SshTarget } from '../../../shared/model/document.ts';
import { type Resource, resourceQuerySchema } from '../../../shared/model/resource.ts';

export type ResourcesList = (
  query: CallInput<MainContract, 'resources.list'>,
  context: { signal: AbortSignal },
) => Promise<CallOutput<MainContract, 'resources.list'>> | CallOutput<MainContract, 'resources.list'>;

/** Large pages, because each one is a round trip. */
const pageSize = 1000;
/**
 * 20 pages are 20,000 servers. In larger clusters a name has to be spelt as the server spells it, since reading more pages would
 * take longer than a program waits for a connection.
 */
const mostPages = 20;
/** A sentence with more ids than this cannot be read at a glance. */
const namedInMessage = 5;

/** All servers of a cluster that a word finds, the empty one every server. */
export async function* listServers(
  list: ResourcesList,
  { cluster, leaf }: Pick<SshTarget, 'cluster' | 'leaf'>,
  search: string,
  signal: AbortSignal,
): AsyncGenerator<Resource> {
  let startKey = '';
  for (let page = 0; page < mostPages; page++) {
    const query = resourceQuerySchema.parse({ cluster, leaf, kinds: ['node'], search: search.slice(0, 1000), startKey, limit: pageSize });
    const { resources, nextKey } = await list(query, { signal });
    yield* resources;
    if (nextKey === '') return;
    startKey = nextKey;
  }
}

/**
 * The server that was typed, by its UUID or by its name in any letter case, because OpenSSH makes all names small. Null when the
 * list has no such server: what was typed may still be an address that the cluster can reach. `conflict` when several servers have
 * the name.
 */
export async function findServer(list: ResourcesList, target: SshTarget, signal: AbortSignal): Promise<Resource | null> {
  const wanted = target.hostname.toLowerCase();
  const port = target.node === target.hostname ? '' : target.node.slice(target.node.lastIndexOf(':'));
  const found: Resource[] = [];
  for await (const server of listServers(list, target, target.hostname, signal)) {
    if (server.id.toLowerCase() === wanted) return server;
    if (server.name.toLowerCase() === wanted && server.address.endsWith(port)) found.push(server);
  }
  const exact = found.filter(({ name }) => name === target.hostname);
  const meant = exact.length > 0 ? exact : found;
  if (meant.length <= 1) return meant[0] ?? null;
  const ids = meant.slice(0, namedInMessage).map(({ id }) => id);
  throw new AppError('conflict', `Several servers are called ${target.hostname}. Say which one by its UUID: ${ids.join(', ')}.`);
}
