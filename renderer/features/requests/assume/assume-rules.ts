import type { AccessRequest, RequestsOverview } from '../../../../shared/model/access-request.ts';

/** Whether an own request can be assumed now, by the server's time. */
export function canAssume({ own, state, assumed, assumeStart, expires }: AccessRequest, now: number): boolean {
  return own && state === 'approved' && !assumed && (assumeStart ?? 0) <= now && (expires ?? Number.POSITIVE_INFINITY) > now;
}

/** Why these cannot be assumed together with what is assumed already; empty when they can (login-and-auth §7.7: one request for resources at a time). */
export function togetherBlocked(requests: readonly AccessRequest[], overview: RequestsOverview | undefined, now: number): string {
  if (requests.some((request) => !canAssume(request, now))) return 'One of these cannot be assumed any more.';
  const forResources = requests.filter(({ resources }) => resources.length > 0).length;
  if (forResources > 1) return 'Only one request for resources can be in force at a time. Choose one of them.';
  const other = overview?.assumed.some(({ resources }) => resources.length > 0);
  if (forResources === 1 && other) return 'Another request for resources is assumed, and only one can be. Drop that first.';
  return '';
}
