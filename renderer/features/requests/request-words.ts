import type { AccessRequest, NamedResource, RequestState, RequestThreshold } from '../../../shared/model/access-request.ts';
import { displayText } from '../../ui/display-text.ts';

export const stateWords: Record<RequestState, string> = { pending: 'Pending', approved: 'Approved', denied: 'Denied', promoted: 'Promoted' };

/** One word for where a request stands, this person's part in it first. */
export function standingText({ state, assumed, waiting, own, assumeStart }: AccessRequest, serverNow: number): string {
  if (assumed) return 'Assumed';
  if (waiting) return 'Needs review';
  if (state === 'approved' && own && assumeStart !== null && assumeStart > serverNow) return 'Not yet open';
  return stateWords[state];
}

const kindNames: Record<string, string> = {
  node: 'Server',
  db: 'Database',
  kube_cluster: 'Kubernetes cluster',
  namespace: 'Kubernetes namespace',
  app: 'App',
  windows_desktop: 'Windows desktop',
  linux_desktop: 'Linux desktop',
  saml_idp_service_provider: 'SAML app',
  git_server: 'Git server',
  user_group: 'User group',
};

export const resourceKindName = (kind: string): string => kindNames[kind] ?? displayText(kind, 60);

/** A resource in a line: its name, for a namespace its cluster too. */
export function resourceName({ id, display }: NamedResource): string {
  const name = displayText(display || id.name, 200);
  return id.subResource ? `${name} / ${displayText(id.subResource, 200)}` : name;
}

/** What is asked for in a line: "api-1, orders and 3 more" or the roles. */
export function wantedText({ roles, resources }: Pick<AccessRequest, 'roles' | 'resources'>): string {
  const names = resources.length > 0 ? resources.slice(0, 3).map(resourceName) : roles.slice(0, 3).map((role) => displayText(role, 100));
  const more = Math.max(roles.length * Number(resources.length === 0), resources.length) - names.length;
  if (names.length === 0) return 'nothing';
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}

/** "1 of 2 approvals"; with the threshold's name where a request has several. */
export function thresholdText({ name, approve, approvals }: RequestThreshold, several: boolean): string {
  const text = `${approvals} of ${approve} ${approve === 1 ? 'approval' : 'approvals'}`;
  return several && name !== '' ? `${displayText(name, 60)}: ${text}` : text;
}

/** How long the access lasts, in milliseconds; null when the server does not say. */
export function accessLength({ created, assumeStart, expires }: AccessRequest): number | null {
  const from = assumeStart ?? created;
  return from === null || expires === null || expires <= from ? null : expires - from;
}

/** Logins of a role: what it takes from each person's own traits is said in words. */
export function loginsText(logins: readonly string[]): string {
  const named = logins.filter((login) => !login.includes('{{'));
  const own = named.length < logins.length ? ['the user’s own logins'] : [];
  return [...named.slice(0, 20), ...own].join(', ');
}
