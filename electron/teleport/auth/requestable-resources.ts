import type { Resource, ResourcePage } from '../../../shared/model/resource.ts';
import { isBefore } from '../connect/versions.ts';
import type { FullQuery } from './resource-request.ts';

/** Fields of the list request that add what a person could ask for (login-and-auth §7.4). */
export interface RequestableSearch {
  readonly IncludeRequestable?: true;
  readonly UseSearchAsRoles?: true;
}

/**
 * Pages that are read for one answer while none of them has a wanted row, so that a rare kind in a large cluster cannot keep a
 * person waiting.
 */
const maxPages = 20;

/**
 * A page of the resources that `availability` and `kinds` name, with marks on those that can only be requested. Rows of unwanted
 * kinds that the server adds are left out. An empty page with a `nextKey` is not the end.
 */
export async function listByAvailability(
  query: FullQuery,
  serverVersion: string,
  page: (query: FullQuery, search: RequestableSearch) => Promise<ResourcePage>,
): Promise<ResourcePage> {
  const { availability = 'accessible', kinds } = query;
  const search = availability === 'accessible' ? {} : ({ IncludeRequestable: true } as const);
  const compares = availability !== 'accessible' && isBefore(serverVersion, 16, 1);
  // MCP servers are apps as well.
  const isWanted = ({ kind, requiresRequest }: Resource) =>
    (kinds.length === 0 || kinds.includes(kind) || (kind === 'mcp' && kinds.includes('app'))) && (availability !== 'requestable' || requiresRequest);
  let { startKey } = query;
  for (let pages = 1; ; pages++) {
    const part = { ...query, startKey };
    const found = await (compares ? markedByComparison(part, page) : page(part, search));
    const resources = found.resources.filter(isWanted);
    if (resources.length > 0 || found.nextKey === '' || pages >= maxPages) return { ...found, resources };
    startKey = found.nextKey;
  }
}

/**
 * Servers before 16.1 list searchable resources without marks. From one key on, the first `limit` accessible resources include all
 * accessible ones among the first `limit` of both kinds; the others are those that can only be requested.
 */
async function markedByComparison(
  query: FullQuery,
  page: (query: FullQuery, search: RequestableSearch) => Promise<ResourcePage>,
): Promise<ResourcePage> {
  const [all, accessible] = await Promise.all([page(query, { UseSearchAsRoles: true }), page(query, {})]);
  const name = ({ kind, id }: Resource) => `${kind}/${id}`;
  const own = new Map(accessible.resources.map((resource) => [name(resource), resource]));
  return { ...all, resources: all.resources.map((resource) => own.get(name(resource)) ?? { ...resource, requiresRequest: true }) };
}
