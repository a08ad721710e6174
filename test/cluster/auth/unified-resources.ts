import type { proto } from '../../../proto/gen/teleport.js';
import type { Entry, Inventory } from '../state/inventory.ts';
import type { AccessSet } from '../state/roles.ts';
import { denied, invalid, unimplemented } from './errors.ts';
import { compilePredicate } from './predicate.ts';

const kinds = ['kube_cluster', 'node', 'linux_desktop', 'app', 'db', 'git_server', 'saml_idp_service_provider', 'windows_desktop', 'mcp'];

const firstWith: Record<string, number> = { git_server: 17, mcp: 18, linux_desktop: 19 };

/** ListUnifiedResources (login-and-auth §7.4). `access` null is a caller without a certificate. */
export function listUnified(
  inventory: Inventory,
  access: AccessSet | null,
  pins: readonly string[],
  request: proto.IListUnifiedResourcesRequest,
  /** Its name, what the caller could ask for or review, and the server's version. */
  more: { cluster: string; requestable: AccessSet | null; version?: string } = { cluster: '', requestable: null },
): proto.IListUnifiedResourcesResponse {
  const wanted = request.Kinds ?? [];
  const asked = wanted.length > 0 ? wanted : kinds;
  const [major, minor] = (more.version ?? '19.0').split('.').map(Number) as [number, number];
  const strange = wanted.find((kind) => !kinds.includes(kind) || (firstWith[kind] ?? 0) > major);
  // Until 2025 a kind of the future spoilt the whole list.
  if (strange && major < 18) throw invalid(`unknown kind "${strange}"`);
  if (!access || !asked.some((kind) => kinds.includes(kind)))
    throw denied(`User does not have access to any of the requested kinds: [${asked.join(' ')}]`);
  const field = request.SortBy?.Field || 'name';
  if (field !== 'name' && field !== 'kind') throw unimplemented(`getting sort tree\n\tsorting by ${field} is not supported in unified resources`);
  const filter = filterOf(request);
  const pinned = request.PinnedOnly ? new Set(pins) : null;
  const own = (entry: Entry) =>
    access.sees(entry.kind, entry.labels) && (!access.allowed || access.allowed.has(`/${more.cluster}/${entry.kind}/${entry.id}`));
  const visible = (entry: Entry) =>
    (asked.includes(entry.kind) || (entry.mcp && asked.includes('mcp'))) &&
    (own(entry) || (more.requestable?.sees(entry.kind, entry.labels) ?? false)) &&
    (!pinned || pinned.has(entry.key)) &&
    filter(entry);

  const list = field === 'kind' ? inventory.byKind : inventory.byName;
  const descending = request.SortBy?.IsDesc ?? false;
  const keyOf = (entry: Entry) => `/unified_resource/${field === 'kind' ? `${entry.kind}/${entry.key.slice(0, -entry.kind.length - 1)}` : entry.key}`;
  const limit = request.Limit && request.Limit > 0 && request.Limit <= 1000 ? request.Limit : 1000;
  const start = request.StartKey ? position(list, keyOf, request.StartKey, descending) : descending ? list.length - 1 : 0;
  const resources: proto.IPaginatedResource[] = [];
  for (let at = start; at >= 0 && at < list.length; at += descending ? -1 : 1) {
    const entry = list[at]!;
    if (!visible(entry)) continue;
    if (resources.length === limit) return { Resources: resources, NextKey: keyOf(entry) };
    const ask = !own(entry);
    resources.push({
      ...entry.message,
      ...(request.IncludeLogins && (major > 15 || (major === 15 && minor >= 2)) ? { Logins: loginsOf(entry, ask ? more.requestable! : access) } : {}),
      ...(ask && request.IncludeRequestable ? { RequiresRequest: true } : {}),
    });
  }
  return { Resources: resources };
}

/** The first place at or after `key` in the direction of the list; a key nobody issued is no error. */
function position(list: readonly Entry[], keyOf: (entry: Entry) => string, key: string, descending: boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyOf(list[middle]!) < key) low = middle + 1;
    else high = middle;
  }
  if (!descending) return low;
  return low < list.length && keyOf(list[low]!) === key ? low : low - 1;
}

export function loginsOf(entry: Entry, access: AccessSet): string[] {
  if (entry.kind === 'node') return access.loginsFor(entry.labels);
  return entry.kind === 'windows_desktop' ? access.list('windowsLogins') : [];
}

interface Filters {
  readonly Labels?: Record<string, string> | null;
  readonly SearchKeywords?: string[] | null;
  readonly PredicateExpression?: string | null;
}

function filterOf(request: Filters): (entry: Entry) => boolean {
  const labels = Object.entries(request.Labels ?? {});
  const words = (request.SearchKeywords ?? []).map((word) => word.toLowerCase());
  const predicate = request.PredicateExpression ? compilePredicate(request.PredicateExpression) : null;
  return (entry) =>
    labels.every(([name, value]) => entry.labels[name] === value) &&
    words.every((word) => entry.searchText.includes(word)) &&
    (!predicate || predicate(entry));
}

const perKind: Record<string, Entry['kind']> = {
  node: 'node',
  db_server: 'db',
  app_server: 'app',
  kube_cluster: 'kube_cluster',
  windows_desktop: 'windows_desktop',
};

/** ListResources: one kind, with a total when asked (login-and-auth §7.4). */
export function listOfKind(inventory: Inventory, access: AccessSet, request: proto.IListResourcesRequest): proto.IListResourcesResponse {
  const type = request.ResourceType ?? '';
  if (type === 'user_group') throw denied('access denied to perform action "list" on "user_group"');
  if (type === 'saml_idp_service_provider') return {};
  if (type === 'kube_server') throw invalid('checking for duplicate matches for resource kind "kube_server" is not supported');
  const kind = perKind[type];
  if (!kind) throw unimplemented(`resource type "${type}" is not supported for listResourcesWithSort`);
  const filter = filterOf(request);
  const found = inventory.byName.filter((entry) => entry.kind === kind && access.sees(entry.kind, entry.labels) && filter(entry));
  if (request.SortBy?.IsDesc) found.reverse();
  const from = request.StartKey
    ? Math.max(
        0,
        found.findIndex((entry) => entry.key === request.StartKey),
      )
    : 0;
  const to = from + (request.Limit && request.Limit > 0 ? Math.min(request.Limit, 1000) : 1000);
  const next = found[to];
  return {
    Resources: found
      .slice(from, to)
      .map((entry) => ({ ...messageFor(type, entry), ...(request.IncludeLogins ? { Logins: loginsOf(entry, access) } : {}) })),
    ...(next ? { NextKey: next.key } : {}),
    ...(request.NeedTotalCount ? { TotalCount: found.length } : {}),
  };
}

/** This list, unlike the unified one, has Kubernetes clusters without the server around them. */
function messageFor(type: string, entry: Entry): proto.IPaginatedResource {
  return type === 'kube_cluster' ? { KubeCluster: entry.message.KubernetesServer?.Spec?.Cluster ?? null } : entry.message;
}
