import type { proto } from '../../../proto/gen/teleport.js';
import type { Resource, ResourceKind, ResourcePage } from '../../../shared/model/resource.ts';
import type { RequestableSearch } from './requestable-resources.ts';
import type { FullQuery } from './resource-request.ts';

/** ListResources' names of the kinds that can be requested, in the order of the pages. */
const types = { app: 'app_server', db: 'db_server', kube_cluster: 'kube_cluster', node: 'node', windows_desktop: 'windows_desktop' } as const;
const order = Object.keys(types) as (keyof typeof types)[];

/**
 * A page of what can be searched on Teleport 14.0, whose unified list knows no roles but one's own (docs/protocol/versions.md §4): one kind after the other,
 * each sorted by name. Keys name the kind and the server's own key. What several agents serve is there once. What is accessible comes whole:
 * a key of the longer list says nothing in the shorter one, where the server would start over.
 */
export async function pageByKind(
  query: FullQuery,
  search: RequestableSearch,
  list: (request: proto.IListResourcesRequest, limit: number) => Promise<ResourcePage>,
): Promise<ResourcePage> {
  const kinds = order.filter((kind) => query.kinds.length === 0 || query.kinds.includes(kind));
  const [from, ...rest] = query.startKey.split(':');
  const kind = kinds.find((known) => known === from) ?? kinds[0];
  if (!kind) return { resources: [], nextKey: '', skipped: 0 };
  const request = {
    ResourceType: types[kind],
    Namespace: 'default',
    Labels: Object.fromEntries(query.labels.map(({ name, value }) => [name, value])),
    PredicateExpression: query.predicate,
    SearchKeywords: query.predicate === '' ? query.search.split(/\s+/).filter((word) => word !== '') : [],
    SortBy: { Field: kind === 'node' ? 'hostname' : 'name', IsDesc: query.sort.descending },
    UseSearchAsRoles: search.UseSearchAsRoles ?? false,
  };
  const found = search.UseSearchAsRoles
    ? await list({ ...request, StartKey: rest.join(':') }, query.limit)
    : await whole((StartKey) => list({ ...request, StartKey }, 1000));
  const following = kinds[kinds.indexOf(kind) + 1];
  const nextKey = found.nextKey ? `${kind}:${found.nextKey}` : following ? `${following}:` : '';
  return { ...found, resources: once(found.resources), nextKey };
}

/** At most twenty pages of a thousand; beyond that, resources of one kind are not compared. */
async function whole(list: (startKey: string) => Promise<ResourcePage>): Promise<ResourcePage> {
  const found: ResourcePage = await list('');
  const resources = [...found.resources];
  let { nextKey } = found;
  for (let pages = 1; nextKey !== '' && pages < 20; pages++) {
    const page = await list(nextKey);
    resources.push(...page.resources);
    nextKey = page.nextKey;
  }
  return { ...found, resources, nextKey: '' };
}

function once(resources: readonly Resource[]): Resource[] {
  const name = ({ kind, id }: { kind: ResourceKind; id: string }) => `${kind}/${id}`;
  return [...new Map(resources.map((resource) => [name(resource), resource])).values()];
}
