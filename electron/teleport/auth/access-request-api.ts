import { randomUUID } from 'node:crypto';
import { types } from '../../../proto/gen/teleport.js';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { DryRun, FullRequestDraft, RequestCapabilities, ResourceId } from '../../../shared/model/access-request.ts';
import { cleanText } from '../connect/clean-text.ts';
import { isBefore } from '../connect/versions.ts';
import { isTooLarge, isUnimplemented } from '../transport/grpc-errors.ts';
import { accessRequestMessage, type RequestFacts, readAccessRequest, resourceMessage } from './access-request-messages.ts';
import { requestMethods as methods } from './access-request-methods.ts';
import type { AuthChannel } from './auth-channel.ts';
import { methods as authMethods } from './auth-methods.ts';
import { type ReviewScope, reviewScope, reviewsNothing } from './review-scope.ts';
import { millisOf, timestampOf } from './wire-values.ts';

/** Messages of the event stream. `ready`: the stream is established, and every change from now on will come. */
export type RequestEvent = { type: 'ready' } | { type: 'put'; request: RequestFacts } | { type: 'delete'; id: string };

/** A role that a request names, as far as this person may look at it. */
export interface RoleDescription {
  readonly role: string;
  readonly description: string;
  readonly logins: string[];
}

/** A longer list is cut: nobody reads it, and it has to fit into memory. */
const maxRequests = 20_000;
const maxRoles = 5000;

/** Access requests on one root cluster, as one person. Failures are AppErrors whose cause has the server's own words. Facts: login-and-auth §7.7. */
export class AccessRequestApi {
  readonly #channel: AuthChannel;
  /** Halved when a page did not fit into a message. */
  #pageLimit = 500;

  constructor(channel: AuthChannel) {
    this.#channel = channel;
  }

  /**
   * `advanced`: whether the server has reviews and requests for resources, as its license says. `reviews`: which requests this
   * person's roles let them review. `startTimes`: whether it keeps the start that was asked for; before 14.3 access begins with the
   * approval.
   */
  async features(signal?: AbortSignal): Promise<{ advanced: boolean; reviews: ReviewScope; startTimes: boolean }> {
    const [{ ServerFeatures: features, ServerVersion: version }, roles] = await Promise.all([
      this.#channel.call(authMethods.ping, {}, signal),
      this.#channel.collect(authMethods.getCurrentUserRoles, {}, maxRoles, signal),
    ]);
    const enabled = (name: string) => features?.entitlements?.[name]?.enabled === true;
    const advanced = features?.AdvancedAccessWorkflows === true || enabled('AccessRequests') || enabled('Identity');
    return { advanced, reviews: advanced ? reviewScope(roles) : reviewsNothing, startTimes: !isBefore(version, 14, 3) };
  }

  /** All requests that this person may see. */
  async list(signal?: AbortSignal): Promise<RequestFacts[]> {
    const requests: RequestFacts[] = [];
    let StartKey = '';
    do {
      const page = await this.#page(StartKey, signal);
      if (!page) return this.#listOld(signal);
      requests.push(...page.AccessRequests.flatMap((message) => readAccessRequest(message) ?? []));
      if (page.NextKey === StartKey) break;
      StartKey = page.NextKey;
    } while (StartKey !== '' && requests.length < maxRequests);
    return requests;
  }

  /** Not served from a cache, unlike the list. Null when there is no such request. */
  async get(id: string, signal?: AbortSignal): Promise<RequestFacts | null> {
    const found = await this.#channel.collect(methods.get, { ID: id }, 10, signal);
    return found.map(readAccessRequest).find((request) => request?.id === id) ?? null;
  }

  /** `unsupported` when the server does not keep the requested start; where that is known in advance, nothing is created. */
  async create(request: { user: string; draft: FullRequestDraft; now: number }, signal?: AbortSignal): Promise<RequestFacts> {
    if (request.draft.assumeStart) await this.dryRun(request, signal);
    const message = accessRequestMessage({ ...request, id: randomUUID(), dryRun: false });
    const created = answered(await this.#channel.call(methods.create, message, signal));
    if (!keepsStart(created, request.draft.assumeStart)) throw startDropped('The request was sent, but the cluster dropped its start');
    return created;
  }

  async dryRun(
    request: { user: string; draft: FullRequestDraft; now: number },
    signal?: AbortSignal,
  ): Promise<DryRun & { serverTime: number | null }> {
    const message = accessRequestMessage({ ...request, id: randomUUID(), dryRun: true });
    const answer = await this.#channel.call(methods.create, message, signal);
    const facts = answered(answer);
    if (!keepsStart(facts, request.draft.assumeStart)) throw startDropped('This cluster keeps no start times');
    const { roles, reviewers, expires, requestExpires, thresholds, assumeStart, created } = facts;
    const { DryRunEnrichment: enrichment, MaxDuration, SessionTTL } = answer.Spec ?? {};
    const end = millisOf(MaxDuration) ?? expires;
    return {
      roles,
      reviewers,
      reasonRequired: enrichment?.ReasonMode === 'required',
      reasonPrompts: (enrichment?.ReasonPrompts ?? [])
        .slice(0, 20)
        .map((prompt) => cleanText(prompt, 1000, { lines: true }))
        .filter((prompt) => prompt !== ''),
      maxDuration: end === null ? null : Math.max(0, end - (assumeStart ?? created ?? request.now)),
      expires,
      requestExpires,
      sessionExpires: millisOf(SessionTTL),
      thresholds,
      serverTime: created,
    };
  }

  /** `unsupported` when the server took the review but not the start that it names. */
  async review(
    review: { id: string; decision: 'approve' | 'deny'; reason: string; assumeStart: number | null },
    signal?: AbortSignal,
  ): Promise<RequestFacts> {
    const { APPROVED, DENIED } = types.RequestState;
    const answer = await this.#channel.call(
      methods.review,
      {
        RequestID: review.id,
        Review: {
          ProposedState: review.decision === 'approve' ? APPROVED : DENIED,
          Reason: review.reason,
          ...(review.assumeStart === null ? {} : { AssumeStartTime: timestampOf(review.assumeStart) }),
        },
      },
      signal,
    );
    const reviewed = answered(answer);
    const counts = review.decision === 'approve' && reviewed.state === 'approved';
    if (counts && !keepsStart(reviewed, review.assumeStart)) throw startDropped('Your approval was taken, but the cluster dropped its start');
    return reviewed;
  }

  /** The access lists that the server suggests for this request. Names are UUIDs mostly; a title is missing where this person may not read the list. */
  async promotions(id: string, signal?: AbortSignal): Promise<{ name: string; title: string }[]> {
    const { allowedPromotions } = await this.#channel.call(methods.promotions, { accessRequestID: id }, signal);
    const names = (allowedPromotions?.promotions ?? []).slice(0, 200).flatMap(({ accessListName }) => accessListName || []);
    if (names.length === 0) return [];
    const titles = await this.#listTitles(id, signal);
    return names.map((name) => ({ name, title: titles.get(name) || cleanText(name, 1024) }));
  }

  async promote(promotion: { id: string; accessList: string; reason: string }, signal?: AbortSignal): Promise<RequestFacts> {
    const { id: request_id, accessList: access_list_name, reason } = promotion;
    return answered((await this.#channel.call(methods.promote, { request_id, access_list_name, reason }, signal)).access_request);
  }

  async remove(id: string, signal?: AbortSignal): Promise<void> {
    await this.#channel.call(methods.remove, { ID: id }, signal);
  }

  async capabilities(user: string, resources: readonly ResourceId[], signal?: AbortSignal): Promise<RequestCapabilities> {
    const request = { User: user, RequestableRoles: true, SuggestedReviewers: true, ResourceIDs: resources.map(resourceMessage) };
    const [answer, described] = await Promise.all([this.#channel.call(methods.capabilities, request, signal), this.#descriptions(signal)]);
    const clean = (list: readonly string[]) => list.slice(0, maxRoles).map((name) => cleanText(name, 1024));
    return {
      roles: clean(answer.RequestableRoles).map((name) => ({ name, description: described.get(name) ?? '' })),
      reviewers: clean(answer.SuggestedReviewers),
      applicableRoles: clean(answer.ApplicableRolesForResources),
      reasonRequired: answer.RequireReason,
      reasonPrompt: cleanText(answer.RequestPrompt, 1000, { lines: true }),
    };
  }

  /** The rights that a role gives; `access-denied` for a person who may not read it. */
  async role(name: string, signal?: AbortSignal): Promise<RoleDescription> {
    const { Metadata, Spec } = await this.#channel.call(methods.getRole, { Name: name }, signal);
    const logins = (Spec?.Allow?.Logins ?? []).slice(0, 100).map((login) => cleanText(login, 256));
    return { role: name, description: cleanText(Metadata?.Description, 1000), logins };
  }

  /**
   * Follows changes until the stream ends or `signal` is aborted, and rejects then (with `cancelled` for the signal). Changes of
   * all requests are only sent to people whose roles have the rule `read` on `access_request`; others get `access-denied`. With
   * `user`, a person's own name, everybody gets changes of their own requests (docs/protocol/versions.md §6).
   */
  watch(wanted: { user: string | null }, onEvent: (event: RequestEvent) => void, signal: AbortSignal): Promise<never> {
    return this.#channel.follow(
      methods.watch,
      { Kinds: [{ Kind: 'access_request', ...(wanted.user === null ? {} : { Filter: { user: wanted.user } }) }] },
      (event) => {
        const { Type, AccessRequest, ResourceHeader, WatchStatus } = event;
        if (!Type && WatchStatus) onEvent({ type: 'ready' });
        const request = Type === 1 ? readAccessRequest(AccessRequest) : null;
        if (request) onEvent({ type: 'put', request });
        const id = Type === 2 && ResourceHeader?.Kind === 'access_request' ? cleanText(ResourceHeader.Metadata?.Name, 100) : '';
        if (id) onEvent({ type: 'delete', id });
      },
      signal,
    );
  }

  /** Null when the server does not know paging yet (before 15). */
  async #page(StartKey: string, signal?: AbortSignal) {
    for (;;) {
      const Limit = this.#pageLimit;
      try {
        return await this.#channel.call(methods.list, { Limit, StartKey, Sort: 1, Descending: true }, signal);
      } catch (error) {
        const { cause } = AppError.from(error);
        if (isUnimplemented(cause)) return null;
        if (Limit === 1 || !isTooLarge(cause)) throw error;
        this.#pageLimit = Math.ceil(Limit / 2);
      }
    }
  }

  async #listOld(signal?: AbortSignal): Promise<RequestFacts[]> {
    const all = await this.#channel.collect(methods.get, {}, maxRequests, signal);
    return all.flatMap((message) => readAccessRequest(message) ?? []);
  }

  async #listTitles(access_request_id: string, signal?: AbortSignal): Promise<Map<string, string>> {
    try {
      const { access_lists: lists } = await this.#channel.call(methods.suggestedLists, { access_request_id }, signal);
      return new Map(lists.map(({ header, spec }) => [header?.metadata?.Name ?? '', cleanText(spec?.title, 1024)]));
    } catch (error) {
      if (AppError.from(error).code === 'cancelled') throw error;
      return new Map();
    }
  }

  /** Descriptions of requestable roles; none on servers that do not list them. */
  async #descriptions(signal?: AbortSignal): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    let page_token = '';
    try {
      do {
        const page = await this.#channel.call(methods.requestableRoles, { page_size: 500, page_token }, signal);
        for (const { name, description } of page.roles) if (name) found.set(cleanText(name, 1024), cleanText(description, 1000));
        if (page.next_page_token === page_token) break;
        page_token = page.next_page_token;
      } while (page_token !== '' && found.size < maxRoles);
    } catch (error) {
      if (AppError.from(error).code === 'cancelled') throw error;
    }
    return found;
  }
}

/** Whether the answer has the requested start; servers may cut seconds. */
function keepsStart({ assumeStart }: RequestFacts, wish: number | null): boolean {
  return !wish || (assumeStart !== null && Math.abs(assumeStart - wish) < 60_000);
}

function startDropped(what: string): AppError {
  return new AppError('unsupported', `${what}: access begins as soon as it is approved. Ask without a start, when it is needed.`);
}

function answered(message: types.IAccessRequestV3 | null | undefined): RequestFacts {
  const request = readAccessRequest(message);
  if (!request) throw new AppError('bad-response', 'The cluster’s answer names no access request. Look at the list to see what became of it.');
  return request;
}
