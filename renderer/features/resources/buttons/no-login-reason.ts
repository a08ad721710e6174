import type { Resource } from '../../../../shared/model/resource.ts';

/** Why nobody can connect to this server as it is; empty when somebody can. */
export function noLoginReason({ requiresRequest, logins }: Resource): string {
  if (requiresRequest) return 'Access to this server has to be requested first.';
  if (logins.length === 0) return 'Your roles allow no login on this server. Its administrator can add one.';
  return '';
}
