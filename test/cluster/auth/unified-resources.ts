import type { proto } from '../../../proto/gen/teleport.js';
import { isConsole } from '../state/entries.ts';
import type { Entry, Inventory } from '../state/inventory.ts';
import type { AccessSet } from '../state/roles.ts';
import { isSince } from '../versions.ts';
import { denied, invalid, unimplemented } from './errors.ts';
import { compilePredicate } from './predicate.ts';

const newest = '19.0.0';
/** All kinds, with the versions that brought them. */
const firstWith: Record<string, readonly [number, number]> = {
  kube_cluster: [14, 0],
  node: [14, 0],
  linux_desktop: [19, 0],
  app: [14, 0],
  db: [14, 0],
  git_server: [17, 0],
  saml_idp_service_provider: [14, 0],
  windows_desktop: [14, 0],
  mcp: [18, 1],
};

/** ListUnifiedResources (login-and-auth §7.4, docs/protocol/versions.md §4). `access` null is a caller without a certificate. */
export function listUnified(
  inventory: Inventory,
  access: AccessSet | null,
  pins: readonly string[],
  request: proto.IListUnifiedResourcesRequest,
  /** Its name, what the caller could ask for or review, and the server's version. */
  more: { cluster: string; requestable: AccessSet | null; version?: string } = { cluster: '', requestable: null },
): proto.IListUnifiedResourcesResponse {
  const { version = newest } = more;
  const first = !isSince(version, 14, 1);
  const kinds = Object.keys(firstWith).filter((kind) => isSince(version, ...firstWith[kind]!));
  const wanted = request.Kinds ?? [];
  const asked = wanted.length > 0 ? wanted : kinds;
  if (!access || !asked.some((kind) => kinds.includes(kind))) {
    if (first && access) return {};
    throw denied(`User does not have access to any of the requested kinds: [${asked.join(' ')}]`);
  }
  const field = request.SortBy?.Field || 'name';
  if (field !== 'name' && field !== 'kind') throw unimplemented(`getting sort tree\n\tsorting by ${field} is not supported in unified resources`);
  if (first && (request.Limit ?? 0) < 0) throw invalid('nonpositive parameter limit');
  const filter = filterOf(request, version);
  const pinned = request.PinnedOnly && !first ? new Set(pins) : null;
  const requestable = first ? null : more.requestable;
  const own = (entry: Entry) =>
    access.sees(entry.kind, entry.labels) && (!access.allowed || access.allowed.has(`/${more.cluster}/${entry.kind}/${entry.id}`));
  // SAML apps are found by the kind of other apps.
  const isAsked = ({ kind, mcp }: Entry) => asked.includes(kind === saml ? 'app' : kind) || (mcp && asked.includes('mcp'));
  const visible = (entry: Entry) =>
    isAsked(entry) && (own(entry) || (requestable?.sees(entry.kind, entry.labels) ?? false)) && (!pinned || pinned.has(entry.key)) && filter(entry);

  const order = field === 'kind' ? inventory.byKind : inventory.byName;
  const list = first && field === 'name' ? [...order].sort((left, right) => (left.name < right.name ? -1 : 1)) : order;
  const descending = request.SortBy?.IsDesc ?? false;
  const keyOf = (entry: Entry) => `/unified_resource/${field === 'kind' ? `${entry.kind}/${entry.key.slice(0, -entry.kind.length - 1)}` : entry.key}`;
  const limit = request.Limit && request.Limit > 0 && (first || request.Limit <= 1000) ? request.Limit : 1000;
  const gone = first && request.StartKey && !list.some((entry) => keyOf(entry) === request.StartKey);
  const begin = descending ? list.length - 1 : 0;
  const exact = () => list.findIndex((entry) => keyOf(entry) === request.StartKey);
  const start = !request.StartKey || gone ? begin : first ? exact() : position(list, keyOf, request.StartKey, descending);
  const resources: proto.IPaginatedResource[] = [];
  for (let at = start; at >= 0 && at < list.length; at += descending ? -1 : 1) {
    const entry = list[at]!;
    if (!visible(entry)) continue;
    if (resources.length === limit) return { Resources: resources, NextKey: keyOf(entry) };
    const ask = !own(entry);
    resources.push({
      ...shaped(entry, version),
      ...(request.IncludeLogins && isSince(version, 15, 2) ? { Logins: loginsOf(entry, ask ? requestable! : access, version) } : {}),
      ...(ask && request.IncludeRequestable ? { RequiresRequest: true } : {}),
    });
  }
  return { Resources: resources };
}

const saml = 'saml_idp_service_provider';

/** The entry in the fields that servers of this version use. */
function shaped({ message }: Entry, version: string): proto.IPaginatedResource {
  const { SAMLIdPServiceProvider, KubernetesServer } = message;
  if (SAMLIdPServiceProvider && !isSince(version, 16)) return { AppServerOrSAMLIdPServiceProvider: { Kind: saml, SAMLIdPServiceProvider } };
  if (KubernetesServer && !isSince(version, 14, 1)) return { KubeCluster: KubernetesServer.Spec?.Cluster ?? null };
  return message;
}

/** The first place at or after `key` in the direction of the list. A key that was never issued is no error. */
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

function loginsOf(entry: Entry, access: AccessSet, version: string): string[] {
  if (entry.kind === 'node') return access.loginsFor(entry.labels);
  if (entry.kind === 'app' && isSince(version, 17) && isConsole(entry.message.AppServer?.Spec?.App?.Spec?.URI ?? '')) return access.list('awsRoles');
  return entry.kind === 'windows_desktop' ? access.list('windowsLogins') : [];
}

interface Filters {
  readonly Labels?: Record<string, string> | null;
  readonly SearchKeywords?: string[] | null;
  readonly PredicateExpression?: string | null;
}

function filterOf(request: Filters, version: string): (entry: Entry) => boolean {
  const labels = Object.entries(request.Labels ?? {});
  const words = (request.SearchKeywords ?? []).map((word) => word.toLowerCase());
  const predicate = request.PredicateExpression ? compilePredicate(request.PredicateExpression, version) : null;
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
export function listOfKind(
  inventory: Inventory,
  access: AccessSet,
  request: proto.IListResourcesRequest,
  more: { requestable: AccessSet | null; version?: string } = { requestable: null },
): proto.IListResourcesResponse {
  const { requestable, version = newest } = more;
  const type = request.ResourceType ?? '';
  if (type === 'user_group') throw denied('access denied to perform action "list" on "user_group"');
  if (type === 'saml_idp_service_provider') return {};
  if (type === 'kube_server') throw invalid('checking for duplicate matches for resource kind "kube_server" is not supported');
  const kind = perKind[type];
  if (!kind) throw unimplemented(`resource type "${type}" is not supported for listResourcesWithSort`);
  const filter = filterOf(request, version);
  const sees = ({ labels }: Entry) => access.sees(kind, labels) || (requestable?.sees(kind, labels) ?? false);
  const found = inventory.byName.filter((entry) => entry.kind === kind && sees(entry) && filter(entry));
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
      .map((entry) => ({ ...messageFor(type, entry), ...(request.IncludeLogins ? { Logins: loginsOf(entry, access, version) } : {}) })),
    ...(next ? { NextKey: next.key } : {}),
    ...(request.NeedTotalCount ? { TotalCount: found.length } : {}),
  };
}

/** This list, unlike the unified one, has Kubernetes clusters without the server around them. */
function messageFor(type: string, entry: Entry): proto.IPaginatedResource {
  return type === 'kube_cluster' ? { KubeCluster: entry.message.KubernetesServer?.Spec?.Cluster ?? null } : entry.message;
}
