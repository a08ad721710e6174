import { createStore, type StoreApi } from 'zustand';
import { type NamedResource, type RequestsOverview, resourceIdText } from '../../shared/model/access-request.ts';
import type { ClusterKey } from '../../shared/model/cluster.ts';
import type { Resource } from '../../shared/model/resource.ts';

/** A review that is not sent yet. */
export interface ReviewDraft {
  readonly reason: string;
  /** Another start than was asked for, by this computer's clock. */
  readonly start: number | null;
  /** Name of the access list to promote to; empty for the first that is suggested. */
  readonly accessList: string;
}

/** A request that is not sent yet, without what is in the basket. Times are lengths in milliseconds, `start` by this computer's clock. */
export interface AskDraft {
  readonly reason: string;
  /** Null: those that the cluster suggests. */
  readonly reviewers: string[] | null;
  readonly start: number | null;
  readonly duration: number | null;
  readonly requestTtl: number | null;
  readonly sessionTtl: number | null;
}

export interface RequestsState {
  /** Mirror of main's `requests` topic. */
  readonly overviews: Readonly<Record<ClusterKey, RequestsOverview>>;
  /** Cluster whose basket is being made into a request; null while the drawer is closed. */
  readonly asking: ClusterKey | null;
  /** Unsent drafts, by `reviewKey` and by cluster. They outlive the pane and the drawer, but not the app. */
  readonly reviews: Readonly<Record<string, ReviewDraft>>;
  readonly asks: Readonly<Record<ClusterKey, AskDraft>>;
}

export type RequestsStore = StoreApi<RequestsState>;

export const createRequestsStore = (): RequestsStore => createStore(() => ({ overviews: {}, asking: null, reviews: {}, asks: {} }));

const noReview: ReviewDraft = { reason: '', start: null, accessList: '' };
const noAsk: AskDraft = { reason: '', reviewers: null, start: null, duration: null, requestTtl: null, sessionTtl: null };
/** Bounds the memory of a long run; nobody has as many drafts open. */
const mostDrafts = 50;

const reviewKey = (cluster: ClusterKey, id: string) => `${cluster} ${id}`;

export const reviewDraft = ({ reviews }: RequestsState, cluster: ClusterKey, id: string): ReviewDraft => reviews[reviewKey(cluster, id)] ?? noReview;
export const askDraft = ({ asks }: RequestsState, cluster: ClusterKey): AskDraft => asks[cluster] ?? noAsk;

/** Keeps a draft; null forgets it after it was sent. */
export function keepReview(store: RequestsStore, cluster: ClusterKey, id: string, change: Partial<ReviewDraft> | null): void {
  const key = reviewKey(cluster, id);
  store.setState((state) => ({ reviews: kept(state.reviews, key, change && { ...reviewDraft(state, cluster, id), ...change }) }));
}

export function keepAsk(store: RequestsStore, cluster: ClusterKey, change: Partial<AskDraft> | null): void {
  store.setState((state) => ({ asks: kept(state.asks, cluster, change && { ...askDraft(state, cluster), ...change }) }));
}

function kept<Draft>(all: Readonly<Record<string, Draft>>, key: string, draft: Draft | null): Record<string, Draft> {
  const { [key]: _, ...others } = all;
  return draft === null ? others : Object.fromEntries([...Object.entries(others).slice(1 - mostDrafts), [key, draft]]);
}

/** A row of the resources page as a request names it: an MCP server is an app there. */
export function requestable({ cluster, kind, id, name }: Resource): NamedResource {
  return { id: { cluster, kind: kind === 'mcp' ? 'app' : kind, name: id, subResource: '' }, display: name.slice(0, 2000) };
}

/** A resource, or for a Kubernetes cluster some of its namespaces, lies in the basket. */
export function inBasket({ basket }: RequestsOverview, { id }: NamedResource): boolean {
  return basket.resources.some((each) => each.id.cluster === id.cluster && each.id.name === id.name && sameThing(each.id.kind, id.kind));
}

const sameThing = (a: string, b: string) => a === b || (a === 'namespace' && b === 'kube_cluster');

/** The state of a resource: in the basket, requested, granted, or none of these. */
export type RequestMark = '' | 'basket' | 'requested' | 'granted';

export function requestMark(overview: RequestsOverview | undefined, resource: Resource): RequestMark {
  if (!overview) return '';
  const named = requestable(resource);
  return overview.resources[resourceIdText(named.id)]?.state ?? (inBasket(overview, named) ? 'basket' : '');
}

/** The server's time at a moment of this computer's. */
export const serverTime = (overview: RequestsOverview | undefined, now: number): number => now + (overview?.clockOffset ?? 0);
