import { AppError } from '../../shared/errors/app-error.ts';
import type { AccessRequest, AccessRequestDetail } from '../../shared/model/access-request.ts';
import type { RequestFacts } from '../teleport/auth/access-request-messages.ts';
import type { AuthClient } from '../teleport/auth/auth-client.ts';
import type { ClusterRequests } from './cluster-requests.ts';

export interface DetailOptions {
  request: AccessRequest;
  facts: RequestFacts;
  followed: ClusterRequests;
  ask<T>(work: (client: AuthClient) => Promise<T>): Promise<T>;
  signal: AbortSignal;
}

/** Each role costs a question to the cluster while a person waits for the page. */
const maxRoles = 20;

/** One request with the facts that help to decide on it. Facts that this person may not see are left out. */
export async function requestDetail({ request, facts, followed, ask, signal }: DetailOptions): Promise<AccessRequestDetail> {
  const { reviews } = followed.overview().features;
  const [promotions, grants] = await Promise.all([
    reviews && request.waiting ? ask((client) => client.requests.promotions(request.id, signal)).catch(without([])) : [],
    rolesOf(request.roles, ask, signal),
  ]);
  return {
    request,
    promotions,
    grants,
    reviewBlocked: reviewBlocked(request, reviews),
    assumeBlocked: assumeBlocked(request, facts, followed),
  };
}

async function rolesOf(roles: readonly string[], ask: DetailOptions['ask'], signal: AbortSignal): Promise<AccessRequestDetail['grants']> {
  const found = await Promise.all(roles.slice(0, maxRoles).map((role) => ask((client) => client.requests.role(role, signal)).catch(without(null))));
  const told = found.filter((role) => role !== null);
  return told.length > 0 ? told : null;
}

/** Replaces a failed answer that the page can do without. */
function without<T>(value: T): (caught: unknown) => T {
  return (caught) => {
    const error = AppError.from(caught);
    if (error.code === 'cancelled' || error.code === 'expired') throw error;
    return value;
  };
}

function reviewBlocked(request: AccessRequest, reviews: boolean): string {
  if (request.waiting) return '';
  if (request.own) return request.state === 'pending' ? 'You asked for this yourself: somebody else has to review it.' : '';
  if (request.reviewed) return 'You have reviewed this request.';
  if (request.state !== 'pending') return 'This request is decided already.';
  if (!reviews) return 'This cluster has no reviews in the app: an administrator decides with tctl.';
  return 'Your roles do not let you review this request.';
}

function assumeBlocked(request: AccessRequest, facts: RequestFacts, followed: ClusterRequests): string {
  const now = followed.serverNow();
  if (!request.own) return 'Only who asked can assume it.';
  if (request.assumed) return 'You have assumed it.';
  if (request.state === 'promoted') return 'You were given long-term access. Log in again to use it.';
  if (request.state !== 'approved') return request.state === 'denied' ? 'It was denied.' : 'It waits for its reviewers.';
  if (request.expires !== null && request.expires <= now) return 'Its time is over. Ask again if you still need it.';
  if (request.assumeStart !== null && request.assumeStart > now) return 'It cannot be assumed before its start.';
  const other = followed.overview().assumed.find(({ resources }) => resources.length > 0);
  if (facts.resources.length > 0 && other) return 'Another request for resources is assumed, and only one can be. Drop that first.';
  return '';
}
