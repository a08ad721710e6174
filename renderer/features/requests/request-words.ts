import type { AccessRequest, NamedResource, RequestState, RequestThreshold } from '../../../shared/model/access-request.ts';
import { displayText } from '../../ui/display-text.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A length of time in its two largest units: "45 min", "2 h 30 min", "3 days". */
export function durationText(ms: number): string {
  if (ms < minute) return 'less than a minute';
  if (ms < hour) return `${Math.round(ms / minute)} min`;
  // A server cuts a fraction of a second off what was asked for.
  const minutes = Math.round(ms / minute);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`;
  const hours = Math.round(minutes / 60);
  const days = Math.floor(hours / 24);
  return `${days} ${days === 1 ? 'day' : 'days'}${hours % 24 ? ` ${hours % 24} h` : ''}`;
}

/** How long ago something was, in its largest unit. A clock that differs by a little makes it "just now". */
export function agoText(then: number, now: number): string {
  const past = now - then;
  if (past < minute) return 'just now';
  if (past < hour) return `${Math.floor(past / minute)} min ago`;
  if (past < day) return `${Math.floor(past / hour)} h ago`;
  const days = Math.floor(past / day);
  return `${days} ${days === 1 ? 'day' : 'days'} ago`;
}

/** A moment as this person's calendar and clock show it; `time` is this computer's. */
export function momentText(time: number, now: number): string {
  const date = new Date(time);
  const clock = date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  if (date.toDateString() === new Date(now).toDateString()) return clock;
  return `${date.toLocaleDateString(undefined, { weekday: 'short', day: 'numeric', month: 'short' })}, ${clock}`;
}

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
