import { types } from '../../../proto/gen/teleport.js';
import {
  type AccessRequest,
  type FullRequestDraft,
  type RequestReview,
  type RequestState,
  type RequestThreshold,
  type ResourceId,
  resourceIdText,
} from '../../../shared/model/access-request.ts';
import { cleanText } from '../connect/clean-text.ts';
import { millisOf, timestampOf } from './wire-values.ts';

/** An access request as the server sends it, without the fields that depend on who reads it. */
export type RequestFacts = Omit<AccessRequest, 'resources' | 'own' | 'waiting' | 'reviewed' | 'assumed'> & { resources: ResourceId[] };

/** The server's own limit for a reason (login-and-auth §7.7). */
const maxText = 4096;
/** Bounds what a hostile server can send; real requests stay far below. */
const maxItems = 1000;
const states: Partial<Record<types.RequestState, RequestState>> = { 2: 'approved', 3: 'denied', 4: 'promoted' };
const names = (list: readonly string[] | null | undefined) => (list ?? []).slice(0, maxItems).map((name) => cleanText(name, 1024));
const lines = (text: string | null | undefined) => cleanText(text, maxText, { lines: true });

/** Null when it has no name or no requester. Facts: login-and-auth §7.7. */
export function readAccessRequest(message: types.IAccessRequestV3 | null | undefined): RequestFacts | null {
  const id = cleanText(message?.Metadata?.Name, 100);
  const spec = message?.Spec;
  if (id === '' || !spec?.User) return null;
  const reviews = (spec.Reviews ?? []).slice(0, maxItems);
  return {
    id,
    user: cleanText(spec.User, 1024),
    state: stateOf(spec.State),
    roles: names(spec.Roles),
    resources: resourcesOf(spec),
    created: millisOf(spec.Created),
    expires: millisOf(spec.Expires),
    requestExpires: millisOf(spec.ResourceExpiry) ?? millisOf(message?.Metadata?.Expires),
    assumeStart: millisOf(spec.AssumeStartTime),
    reason: lines(spec.RequestReason),
    resolveReason: lines(spec.ResolveReason),
    reviewers: names(spec.SuggestedReviewers),
    reviews: reviews.map(readReview),
    thresholds: (spec.Thresholds ?? []).slice(0, maxItems).map((threshold, index) => readThreshold(threshold, index, reviews)),
    accessList: cleanText(spec.accessList?.Title || spec.accessList?.Name, 1024),
    longTerm: spec.RequestKind === types.AccessRequestKind.LONG_TERM,
  };
}

function stateOf(state: types.RequestState | null | undefined): RequestState {
  return states[state ?? 0] ?? 'pending';
}

/** Present servers keep resources with constraints in a list of their own (login-and-auth §7.1, ResourceAccessID). */
function resourcesOf({ RequestedResourceIDs: plain, RequestedResourceAccessIDs: constrained }: types.IAccessRequestSpecV3): ResourceId[] {
  const all = [...(plain ?? []), ...(constrained ?? []).flatMap(({ id }) => id ?? [])].slice(0, maxItems).flatMap(resourceId);
  return [...new Map(all.map((id) => [resourceIdText(id), id])).values()];
}

function resourceId({ ClusterName, Kind, Name, SubResourceName }: types.IResourceID): ResourceId[] {
  if (!ClusterName || !Kind || !Name) return [];
  return [
    { cluster: cleanText(ClusterName, 1024), kind: cleanText(Kind, 100), name: cleanText(Name, 1024), subResource: cleanText(SubResourceName, 1024) },
  ];
}

function readReview(review: types.IAccessReview): RequestReview {
  return {
    author: cleanText(review.Author, 1024),
    state: stateOf(review.ProposedState),
    reason: lines(review.Reason),
    created: millisOf(review.Created),
    assumeStart: millisOf(review.AssumeStartTime),
    accessList: cleanText(review.accessList?.Title || review.accessList?.Name, 1024),
  };
}

/** Servers say which thresholds a review counts for. If a server does not, every review counts for every threshold. */
function readThreshold(threshold: types.IAccessReviewThreshold, index: number, reviews: readonly types.IAccessReview[]): RequestThreshold {
  const counted = reviews.filter(({ ThresholdIndexes: counts }) => !counts?.length || counts.includes(index));
  const of = (state: types.RequestState) => counted.filter(({ ProposedState }) => ProposedState === state).length;
  return {
    name: cleanText(threshold.Name, 200),
    approve: threshold.Approve ?? 0,
    deny: threshold.Deny ?? 0,
    approvals: of(types.RequestState.APPROVED),
    denials: of(types.RequestState.DENIED),
  };
}

export interface NewRequest {
  /** A UUID; present servers replace it by their own. */
  readonly id: string;
  readonly user: string;
  readonly draft: FullRequestDraft;
  readonly dryRun: boolean;
  /** The server's time, which turns durations into dates. */
  readonly now: number;
}

export function accessRequestMessage({ id, user, draft, dryRun, now }: NewRequest): types.IAccessRequestV3 {
  const start = Math.max(draft.assumeStart ?? now, now);
  return {
    Kind: 'access_request',
    Version: 'v3',
    Metadata: { Name: id, ...(draft.requestTtl ? { Expires: timestampOf(now + draft.requestTtl) } : {}) },
    Spec: {
      User: user,
      Roles: draft.roles,
      State: types.RequestState.PENDING,
      RequestReason: draft.reason,
      SuggestedReviewers: draft.reviewers,
      RequestedResourceIDs: draft.resources.map(resourceMessage),
      DryRun: dryRun,
      ...(draft.duration ? { MaxDuration: timestampOf(start + draft.duration) } : {}),
      ...(draft.sessionTtl ? { SessionTTL: timestampOf(start + draft.sessionTtl) } : {}),
      ...(draft.assumeStart ? { AssumeStartTime: timestampOf(draft.assumeStart) } : {}),
    },
  };
}

export function resourceMessage({ cluster, kind, name, subResource }: ResourceId): types.IResourceID {
  return { ClusterName: cluster, Kind: kind, Name: name, ...(subResource ? { SubResourceName: subResource } : {}) };
}
