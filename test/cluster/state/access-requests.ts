import { randomBytes, randomUUID } from 'node:crypto';
import { types } from '../../../proto/gen/teleport.js';
import { denied, invalid, notFound } from '../auth/errors.ts';
import { timestamp } from '../auth/messages.ts';
import { isSince } from '../versions.ts';
import type { ClusterState } from './cluster-state.ts';
import { RequestFaults } from './request-faults.ts';
import { applicableRoles, canReview, requestRules } from './request-rules.ts';
import { mayDo, type RoleSpec } from './roles.ts';

export type StoredRequest = types.IAccessRequestV3 & { Metadata: { Name: string }; Spec: types.IAccessRequestSpecV3 & { User: string } };
export type RequestChange = { type: 'put'; request: StoredRequest } | { type: 'delete'; id: string; request: StoredRequest };

/** A person who reads or changes requests, with the roles of their certificate or of an assumed one. */
export interface Viewer {
  readonly user: string;
  readonly roles: readonly RoleSpec[];
}

export interface AccessListSpec {
  readonly name: string;
  readonly title: string;
  /** What its members hold. */
  readonly roles: readonly string[];
}

const { PENDING, APPROVED, DENIED, PROMOTED } = types.RequestState;
const week = 7 * 24 * 3600_000;
const maxReason = 4096;
const stateWords: Record<number, string> = { [PENDING]: 'pending', [APPROVED]: 'approved', [DENIED]: 'denied', [PROMOTED]: 'promoted' };
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The access requests of one root cluster, and who may do what with them (login-and-auth §7.7). */
export class AccessRequestBook {
  readonly #cluster: ClusterState;
  readonly #requests = new Map<string, StoredRequest>();
  #stale: StoredRequest[] | null = null;
  readonly #watchers = new Set<(change: RequestChange) => void>();
  /** Reviews and requests for resources are a matter of the license. */
  readonly advanced: boolean;
  readonly accessLists: readonly AccessListSpec[];
  readonly faults = new RequestFaults();

  constructor(cluster: ClusterState, options: { advanced: boolean; accessLists?: readonly AccessListSpec[] }) {
    this.#cluster = cluster;
    this.advanced = options.advanced;
    this.accessLists = options.accessLists ?? [];
  }

  /** Newest last. */
  all(): StoredRequest[] {
    this.#prune();
    return [...this.#requests.values()];
  }

  visibleTo(viewer: Viewer): StoredRequest[] {
    return this.all().filter((request) => this.#sees(viewer, request));
  }

  /** The requests that a list shows. Servers answer lists from a cache, which may lag behind. */
  listedTo(viewer: Viewer): StoredRequest[] {
    return this.#stale ? this.#stale.filter((request) => this.#sees(viewer, request)) : this.visibleTo(viewer);
  }

  /** While false, lists stay as they are now. */
  set listsFollow(follow: boolean) {
    this.#stale = follow ? null : [...this.#requests.values()];
  }

  get(id: string): StoredRequest | undefined {
    this.#prune();
    return this.#requests.get(id);
  }

  create(message: types.IAccessRequestV3, viewer: Viewer, { sessionEnd, version }: { sessionEnd: number; version: string }): StoredRequest {
    const name = message.Metadata?.Name ?? '';
    const spec = message.Spec ?? {};
    if (name === '') throw invalid('missing parameter Name');
    if (!uuid.test(name)) throw invalid(`invalid access request ID "${name}"`);
    if (spec.User !== viewer.user || spec.State !== PENDING) throw denied('access denied to perform action "create" on "access_request"');
    const resources = spec.RequestedResourceIDs ?? [];
    if (!spec.Roles?.length && resources.length === 0) throw invalid('access request does not specify any roles or resources');
    if (Buffer.byteLength(spec.RequestReason ?? '') > maxReason) throw invalid(`access request reason is too long, max ${maxReason} bytes`);
    if (resources.length > 300) throw invalid('access request contains too many resources, max 300');
    const rules = requestRules(this.#cluster, viewer.user, this.advanced);
    if (resources.length > 0 && rules.searchAsRoles.length === 0) {
      throw denied(`Resource Access Requests require usable "search_as_roles", none found for user "${viewer.user}"`);
    }
    const roles = resources.length > 0 ? applicableRoles(this.#cluster, rules, resources, spec.Roles ?? []) : spec.Roles!;
    const refused = roles.find((role) => !(resources.length > 0 ? rules.searchAsRoles : rules.roles).includes(role));
    if (refused !== undefined) throw invalid(`user "${viewer.user}" can not request role "${refused}"`);
    if (roles.length === 0) throw denied(`user "${viewer.user}" has no role that reaches the requested resources`);
    if (rules.reason.mode === 'required' && !spec.DryRun && !spec.RequestReason?.trim()) {
      throw invalid(`request reason must be specified (required by static role configuration)`);
    }
    const now = this.#cluster.now();
    // Servers before 14.3 do not know the field, and drop it.
    const asked = isSince(version, 14, 3) ? spec.AssumeStartTime : null;
    const start = millis(asked) ?? now;
    if (start > now + week) throw invalid('assume start time is too far in the future, latest time is 7 days');
    const longest = rules.maxDuration ? start + rules.maxDuration : sessionEnd;
    const end = rules.maxDuration ? Math.min(millis(spec.MaxDuration) ?? longest, longest) : sessionEnd;
    const life = rules.maxDuration ? Math.min(millis(message.Metadata?.Expires) ?? now + week, now + week) : sessionEnd;
    const { thresholds, mapping } = rules.thresholdsOf(roles);
    const request: StoredRequest = {
      Kind: 'access_request',
      Version: 'v3',
      Metadata: { Name: isSince(version, 15) ? uuidV7(now) : name, Namespace: 'default' },
      Spec: {
        User: viewer.user,
        Roles: roles,
        State: PENDING,
        Created: timestamp(now),
        Expires: timestamp(end),
        RequestReason: spec.RequestReason ?? '',
        ResolveAnnotations: {},
        SystemAnnotations: {},
        Thresholds: thresholds,
        RoleThresholdMapping: mapping,
        SuggestedReviewers: spec.SuggestedReviewers?.length ? spec.SuggestedReviewers : [...rules.suggestedReviewers],
        RequestedResourceIDs: resources,
        DryRun: spec.DryRun ?? false,
        MaxDuration: timestamp(spec.DryRun ? longest : end),
        SessionTTL: timestamp(Math.min(millis(spec.SessionTTL) ?? end, end)),
        ResourceExpiry: timestamp(life),
        ...(asked && rules.maxDuration ? { AssumeStartTime: asked } : {}),
        ...(spec.DryRun ? { DryRunEnrichment: { ReasonMode: rules.reason.mode, ReasonPrompts: rules.reason.prompts } } : {}),
      },
    };
    if (spec.DryRun) return request;
    this.put(request);
    if (rules.autoApprove) this.#change(request, { State: APPROVED, ResolveReason: 'approved automatically' });
    return this.#requests.get(request.Metadata.Name)!;
  }

  review(id: string, review: types.IAccessReview, viewer: Viewer): StoredRequest {
    const request = this.#pendingForReview(id, viewer);
    if (review.ProposedState !== APPROVED && review.ProposedState !== DENIED) throw invalid('cannot promote an access request by a review');
    if (Buffer.byteLength(review.Reason ?? '') > maxReason) throw invalid(`access review reason is too long, max ${maxReason} bytes`);
    const { Thresholds: thresholds, Reviews: reviews } = request.Spec;
    const start = review.AssumeStartTime;
    if (start && (millis(start)! > millis(request.Spec.Expires)! || millis(start)! > this.#cluster.now() + week)) {
      throw invalid('request start time is after expiry or too far in the future');
    }
    const counted: types.IAccessReview = {
      ...review,
      Author: viewer.user,
      Created: timestamp(this.#cluster.now()),
      ThresholdIndexes: (thresholds ?? []).map((_, index) => index),
    };
    const all = [...(reviews ?? []), counted];
    const outcome = outcomeOf(request.Spec, all);
    return this.#change(request, {
      Reviews: all,
      State: outcome,
      ...(outcome === PENDING ? {} : { ResolveReason: review.Reason ?? '' }),
      ...(start ? { AssumeStartTime: start } : {}),
    });
  }

  /** Names of the access lists that would give all the requested roles. */
  promotions(id: string, viewer: Viewer): string[] {
    const request = this.#require(id, viewer);
    if (!this.advanced) return [];
    return this.accessLists.filter(({ roles }) => (request.Spec.Roles ?? []).every((role) => roles.includes(role))).map(({ name }) => name);
  }

  promote(id: string, accessList: string, reason: string, viewer: Viewer): StoredRequest {
    const request = this.#pendingForReview(id, viewer);
    const list = this.accessLists.find(({ name }) => name === accessList);
    if (!list || !this.promotions(id, viewer).includes(accessList)) throw notFound(`access list "${accessList}" not found`);
    const promoted = { Name: list.name, Title: list.title };
    const review = { Author: viewer.user, ProposedState: PROMOTED, Reason: reason, Created: timestamp(this.#cluster.now()), accessList: promoted };
    return this.#change(request, {
      State: PROMOTED,
      Reviews: [...(request.Spec.Reviews ?? []), review],
      accessList: promoted,
      ResolveReason: reason,
    });
  }

  /** An administrator's decision, beside all thresholds. */
  setState(id: string, state: types.RequestState, reason: string): void {
    const request = this.get(id);
    if (!request) throw notFound(`cannot set state of access request ${id} (not found)`);
    this.#change(request, { State: state, ResolveReason: reason });
  }

  remove(id: string): void {
    const request = this.#requests.get(id);
    if (!request) throw notFound(`cannot delete access request ${id} (not found)`);
    this.#requests.delete(id);
    this.#tell({ type: 'delete', id, request });
  }

  /** Stores a request as it is, as `create` does and as a test wants it. */
  put(request: StoredRequest): void {
    const stored = { ...request, Metadata: { ...request.Metadata, Revision: randomUUID() } };
    this.#requests.set(request.Metadata.Name, stored);
    this.#tell({ type: 'put', request: stored });
  }

  /** The requests behind ids that a certificate shall carry. */
  assumable(ids: readonly string[], user: string): StoredRequest[] {
    const found = ids.map((id) => {
      const request = this.get(id);
      if (!request || request.Spec.User !== user) throw notFound(`access request "${id}" not found`);
      const { State: state, AssumeStartTime: start } = request.Spec;
      if (state === DENIED) throw denied(`access request "${id}" has been denied`);
      if (state === PROMOTED) throw denied(`access request "${id}" has been promoted`);
      if (state !== APPROVED) throw denied(`access request "${id}" is awaiting approval`);
      if ((millis(start) ?? 0) > this.#cluster.now())
        throw denied(`access request "${id}" can not be assumed until ${new Date(millis(start)!).toISOString()}`);
      return request;
    });
    if (found.filter((request) => request.Spec.RequestedResourceIDs?.length).length > 1) {
      throw invalid('cannot generate certificate with multiple resource access requests');
    }
    return found;
  }

  watch(viewer: Viewer, listener: (change: RequestChange) => void): () => void {
    const watcher = (change: RequestChange) => this.#sees(viewer, change.request) && listener(change);
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #pendingForReview(id: string, viewer: Viewer): StoredRequest {
    const request = this.get(id);
    if (!this.advanced || !viewer.roles.some((role) => role.review)) throw denied(`user "${viewer.user}" cannot submit reviews`);
    if (!request) throw notFound(`access request "${id}" not found`);
    const { User: user, State: state, Reviews: reviews } = request.Spec;
    if (user === viewer.user) throw denied(`user "${viewer.user}" cannot review their own access request`);
    if (!canReview(viewer.roles, request.Spec.Roles ?? [])) throw denied(`user "${viewer.user}" cannot review this access request`);
    if (reviews?.some(({ Author }) => Author === viewer.user)) throw denied(`user "${viewer.user}" has already reviewed this request`);
    if (state !== PENDING) throw denied(`the access request has been already ${stateWords[state ?? 0]}`);
    return request;
  }

  #require(id: string, viewer: Viewer): StoredRequest {
    const request = this.get(id);
    if (!request || !this.#sees(viewer, request)) throw notFound(`access request "${id}" not found`);
    return request;
  }

  #sees(viewer: Viewer, { Spec }: StoredRequest): boolean {
    if (Spec.User === viewer.user || mayDo(viewer.roles, 'list', 'access_request')) return true;
    return this.advanced && canReview(viewer.roles, Spec.Roles ?? []);
  }

  #change(request: StoredRequest, change: Omit<types.IAccessRequestSpecV3, 'User'>): StoredRequest {
    this.put({ ...request, Spec: { ...request.Spec, ...change } });
    return this.#requests.get(request.Metadata.Name)!;
  }

  #prune(): void {
    const now = this.#cluster.now();
    for (const [id, request] of this.#requests) if ((millis(request.Spec.ResourceExpiry) ?? Infinity) <= now) this.remove(id);
  }

  #tell(change: RequestChange): void {
    for (const watcher of [...this.#watchers]) watcher(change);
  }
}

/** Approved once each role has a set of thresholds that was reached; denied once any threshold says so. */
function outcomeOf(spec: types.IAccessRequestSpecV3, reviews: readonly types.IAccessReview[]): types.RequestState {
  const of = (state: types.RequestState) => reviews.filter((review) => review.ProposedState === state).length;
  const thresholds = spec.Thresholds ?? [];
  if (thresholds.some((threshold) => of(DENIED) >= (threshold.Deny ?? 1))) return DENIED;
  const reached = (index: number) => of(APPROVED) >= (thresholds[index]?.Approve ?? 1);
  const approved = (spec.Roles ?? []).every((role) =>
    (spec.RoleThresholdMapping?.[role]?.Sets ?? []).every(({ Indexes }) => (Indexes ?? []).some(reached)),
  );
  return approved ? APPROVED : PENDING;
}

function millis(time: { seconds?: unknown; nanos?: number | null } | null | undefined): number | null {
  const seconds = Number(time?.seconds ?? 0);
  return seconds > 0 ? seconds * 1000 + Math.floor((time?.nanos ?? 0) / 1e6) : null;
}

/** Names that sort by age, as servers of today give them. */
export function uuidV7(now: number): string {
  const time = now.toString(16).padStart(12, '0');
  const random = randomBytes(10).toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3, 6)}-${random.slice(6, 18)}`;
}
