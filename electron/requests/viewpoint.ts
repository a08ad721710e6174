import type { AccessRequest, ResourceId } from '../../shared/model/access-request.ts';
import type { RequestFacts } from '../teleport/auth/access-request-messages.ts';
import type { ReviewScope } from '../teleport/auth/review-scope.ts';

/** Requests as one person sees them. */
export class Viewpoint {
  readonly user: string;
  readonly #reviews: ReviewScope;
  readonly #assumed: ReadonlySet<string>;
  readonly #display: (id: ResourceId) => string;

  /** `reviews`: whether this person's roles let them review. `assumed`: ids in the certificate. `display`: what a resource is called. */
  constructor(options: { user: string; reviews: ReviewScope; assumed: readonly string[]; display: (id: ResourceId) => string }) {
    this.user = options.user;
    this.#reviews = options.reviews;
    this.#assumed = new Set(options.assumed);
    this.#display = options.display;
  }

  isOwn(request: RequestFacts): boolean {
    return request.user === this.user;
  }

  isReviewed(request: RequestFacts): boolean {
    return request.reviews.some(({ author }) => author === this.user);
  }

  isWaiting(request: RequestFacts): boolean {
    return request.state === 'pending' && !this.isOwn(request) && !this.isReviewed(request) && this.#reviews(request.roles);
  }

  isAssumed(request: RequestFacts): boolean {
    return this.#assumed.has(request.id);
  }

  displayOf(id: ResourceId): string {
    return this.#display(id);
  }

  show(request: RequestFacts): AccessRequest {
    return {
      ...request,
      resources: request.resources.map((id) => ({ id, display: this.#display(id) })),
      own: this.isOwn(request),
      waiting: this.isWaiting(request),
      reviewed: this.isReviewed(request),
      assumed: this.isAssumed(request),
    };
  }
}
