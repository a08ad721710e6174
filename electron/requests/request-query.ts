import type * as z from 'zod';
import type { requestQuerySchema } from '../../shared/model/access-request.ts';
import { resourceIdText } from '../../shared/model/access-request.ts';
import type { RequestFacts } from '../teleport/auth/access-request-messages.ts';
import type { Viewpoint } from './viewpoint.ts';

type Query = Pick<z.output<typeof requestQuerySchema>, 'scope' | 'states' | 'search' | 'sort' | 'offset' | 'limit'>;

const stateOrder = { pending: 0, approved: 1, promoted: 2, denied: 3 };

/** Filters, sorts and cuts. Equal ones are sorted by age, the newest first, and then by id. */
export function queryRequests(
  all: Iterable<RequestFacts>,
  query: Query,
  view: Viewpoint,
  texts: SearchTexts,
): { page: RequestFacts[]; total: number } {
  const words = query.search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 50);
  const found: RequestFacts[] = [];
  for (const request of all) {
    if (query.states.length > 0 && !query.states.includes(request.state)) continue;
    if (query.scope === 'mine' && !view.isOwn(request)) continue;
    if (query.scope === 'waiting' && !view.isWaiting(request)) continue;
    if (query.scope === 'reviewed' && !view.isReviewed(request)) continue;
    if (words.length > 0 && !matches(request, words, view, texts)) continue;
    found.push(request);
  }
  const { field, descending } = query.sort;
  const compare = orders[field];
  const direction = descending ? -1 : 1;
  found.sort((left, right) => direction * compare(left, right) || (right.created ?? 0) - (left.created ?? 0) || (left.id < right.id ? -1 : 1));
  return { page: found.slice(query.offset, query.offset + query.limit), total: found.length };
}

const orders: Record<Query['sort']['field'], (left: RequestFacts, right: RequestFacts) => number> = {
  created: (left, right) => (left.created ?? 0) - (right.created ?? 0),
  expires: (left, right) => (left.expires ?? Infinity) - (right.expires ?? Infinity) || 0,
  state: (left, right) => stateOrder[left.state] - stateOrder[right.state],
  user: (left, right) => (left.user < right.user ? -1 : left.user > right.user ? 1 : 0),
};

/** The searchable words of requests, in lower case; made at the first search and dropped together with the request. */
export class SearchTexts {
  readonly #texts = new WeakMap<RequestFacts, string>();

  of(request: RequestFacts): string {
    const known = this.#texts.get(request);
    if (known !== undefined) return known;
    const { id, user, roles, resources, reason, reviewers } = request;
    const text = [id, user, ...roles, ...resources.map(resourceIdText), reason, ...reviewers].join('\n').toLowerCase();
    this.#texts.set(request, text);
    return text;
  }
}

function matches(request: RequestFacts, words: readonly string[], view: Viewpoint, texts: SearchTexts): boolean {
  const text = texts.of(request);
  return words.every((word) => text.includes(word) || request.resources.some((id) => view.displayOf(id).toLowerCase().includes(word)));
}
