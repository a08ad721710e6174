import type { RequestNotice } from '../../shared/model/access-request.ts';
import type { RequestFacts } from '../teleport/auth/access-request-messages.ts';
import type { Viewpoint } from './viewpoint.ts';

const maxNamed = 3;
/** The OS shows a line or two of a notice, so longer texts would be cut anyway. */
const maxText = 200;

type Texts = Pick<RequestNotice, 'title' | 'body'>;

/** The title and body of a notice: one line each, so that no name or reason can pass for something else. */
export function noticeTexts(
  kind: RequestNotice['kind'],
  request: RequestFacts,
  { view, cluster: clusterName, serverNow }: { view: Viewpoint; cluster: string; serverNow: number },
): Texts {
  const what = whatIsAsked(request, view);
  const last = request.reviews.at(-1);
  const by = last ? ` by ${last.author}` : '';
  const why = line(last?.reason || request.resolveReason);
  switch (kind) {
    case 'waiting':
      return texts(`${request.user} asks for access`, `${what} on ${clusterName}${because(line(request.reason))}`);
    case 'approved':
      return texts('Your access request was approved', `${what} on ${clusterName}${by}${because(why)}`);
    case 'denied':
      return texts('Your access request was denied', `${what} on ${clusterName}${by}${because(why)}`);
    case 'promoted':
      return texts('You were given long-term access', `${what} on ${clusterName}. Log in again to use it.`);
    case 'expiring':
      return texts(`Your access ends in ${minutes(request, serverNow)}`, `${what} on ${clusterName}. Ask again if you need it longer.`);
  }
}

export function whatIsAsked(request: Pick<RequestFacts, 'roles' | 'resources'>, view: Viewpoint): string {
  const names = request.resources.length > 0 ? request.resources.map((id) => view.displayOf(id)) : request.roles;
  const more = names.length - maxNamed;
  return [...names.slice(0, maxNamed).map(line), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function minutes({ expires }: RequestFacts, serverNow: number): string {
  const left = Math.max(1, Math.round(((expires ?? serverNow) - serverNow) / 60_000));
  return left === 1 ? 'a minute' : `${left} minutes`;
}

const because = (why: string) => (why ? `: ${why}` : '');
const line = (text: string) => text.replace(/\s+/g, ' ').trim();
const cut = (text: string) => (text.length <= maxText ? text : `${text.slice(0, maxText - 1).replace(/[\uD800-\uDBFF]$/, '')}…`);
const texts = (title: string, body: string): Texts => ({ title: cut(title), body: cut(body) });
