import { createStore, type StoreApi } from 'zustand';
import { type NamedResource, type RequestsOverview, resourceIdText } from '../../shared/model/access-request.ts';
import type { ClusterKey } from '../../shared/model/cluster.ts';
import type { Resource } from '../../shared/model/resource.ts';

export interface RequestsState {
  /** Mirror of main's `requests` topic. */
  readonly overviews: Readonly<Record<ClusterKey, RequestsOverview>>;
  /** Cluster whose basket is being made into a request; null while the drawer is closed. */
  readonly asking: ClusterKey | null;
}

export type RequestsStore = StoreApi<RequestsState>;

export const createRequestsStore = (): RequestsStore => createStore(() => ({ overviews: {}, asking: null }));

/** A row of the resources page as a request names it: an MCP server is an app there. */
export function requestable({ cluster, kind, id, name }: Resource): NamedResource {
  return { id: { cluster, kind: kind === 'mcp' ? 'app' : kind, name: id, subResource: '' }, display: name.slice(0, 2000) };
}

/** A resource, or for a Kubernetes cluster some of its namespaces, lies in the basket. */
export function inBasket({ basket }: RequestsOverview, { id }: NamedResource): boolean {
  return basket.resources.some((each) => each.id.cluster === id.cluster && each.id.name === id.name && sameThing(each.id.kind, id.kind));
}

const sameThing = (a: string, b: string) => a === b || (a === 'namespace' && b === 'kube_cluster');

/** Where a resource stands: in the basket, asked for, given, or none of these. */
export type RequestMark = '' | 'basket' | 'requested' | 'granted';

export function requestMark(overview: RequestsOverview | undefined, resource: Resource): RequestMark {
  if (!overview) return '';
  const named = requestable(resource);
  return overview.resources[resourceIdText(named.id)]?.state ?? (inBasket(overview, named) ? 'basket' : '');
}

/** The server's time at a moment of this computer's. */
export const serverTime = (overview: RequestsOverview | undefined, now: number): number => now + (overview?.clockOffset ?? 0);
