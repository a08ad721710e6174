import type { proto } from '../../../proto/gen/teleport.js';
import type { ResourceKind, ResourceQuery } from '../../../shared/model/resource.ts';
import { isBefore } from '../connect/versions.ts';

export type FullQuery = Required<Pick<ResourceQuery, 'kinds' | 'search' | 'predicate' | 'labels' | 'sort' | 'startKey' | 'limit'>> &
  Pick<ResourceQuery, 'availability'>;

/** The first versions with kinds that came after Teleport 14; an older server refuses a list of only those. */
const since: Partial<Record<ResourceKind, readonly [number, number]>> = { git_server: [17, 0], mcp: [18, 1], linux_desktop: [19, 0] };
/** More words than anybody types; each one makes the server's search slower. */
const maxWords = 50;
const saml = 'saml_idp_service_provider';

/** The request for a page, without its length; null when the server knows none of the wanted kinds. */
export function resourceRequest(query: FullQuery, serverVersion: string): proto.IListUnifiedResourcesRequest | null {
  const known = query.kinds.filter((kind) => !since[kind] || !isBefore(serverVersion, ...since[kind]));
  // Servers up to 17 find SAML apps by the kind of other apps only.
  const kinds = known.includes(saml) && !known.includes('app') ? [...known, 'app' as const] : known;
  if (kinds.length === 0 && query.kinds.length > 0) return null;
  const words = query.search.split(/\s+/).filter((word) => word !== '');
  return {
    Kinds: kinds,
    StartKey: query.startKey,
    Labels: Object.fromEntries(query.labels.map(({ name, value }) => [name, value])),
    PredicateExpression: query.predicate,
    SearchKeywords: query.predicate === '' ? words.slice(0, maxWords) : [],
    SortBy: { Field: query.sort.field, IsDesc: query.sort.descending },
    IncludeLogins: true,
  };
}
