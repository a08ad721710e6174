import type { types } from '../../../proto/gen/teleport.js';

/** Whether the holder of roles may review a request for these roles, as far as the roles tell. */
export type ReviewScope = (requested: readonly string[]) => boolean;

/** The scope of a person who reviews nothing. */
export const reviewsNothing: ReviewScope = () => false;

/**
 * Reads from a person's roles which requests they may review: all of a request's roles have to be allowed, and none denied. Only
 * the server can judge claims, `where` and regular expressions; here they count as allowed, and not as denied (login-and-auth §7.3,
 * ReviewRequests).
 */
export function reviewScope(roles: readonly types.IRoleV6[]): ReviewScope {
  const allow = roles.flatMap(({ Spec }) => Spec?.Allow?.ReviewRequests ?? []);
  const deny = roles.flatMap(({ Spec }) => Spec?.Deny?.ReviewRequests ?? []).flatMap(({ Roles, Where }) => (Where ? [] : (Roles ?? [])));
  const allowed = allow.flatMap(({ Roles }) => Roles ?? []);
  const claims = allow.some(({ ClaimsToRoles }) => ClaimsToRoles?.length);
  if (allowed.length === 0 && !claims) return reviewsNothing;
  return (requested) =>
    !requested.some((role) => deny.some((pattern) => matches(pattern, role, false))) &&
    (claims || requested.every((role) => allowed.some((pattern) => matches(pattern, role, true))));
}

function matches(pattern: string, role: string, whenUnsure: boolean): boolean {
  if (pattern.startsWith('^')) return whenUnsure;
  const [first = '', ...parts] = pattern.split('*');
  const last = parts.pop();
  if (last === undefined) return pattern === role;
  if (!role.startsWith(first) || !role.endsWith(last) || role.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts) {
    const found = role.indexOf(part, at);
    if (found < 0 || found + part.length > role.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}
