import fc from 'fast-check';
import { expect, it } from 'vitest';
import { requestQuerySchema } from '../../shared/model/access-request.ts';
import { queryRequests, SearchTexts } from './request-query.ts';
import { sampleFacts } from './testing/sample-facts.ts';
import { Viewpoint } from './viewpoint.ts';

const view = new Viewpoint({ user: 'rita', reviews: () => true, assumed: [], display: ({ name }) => name });

it('queries: every page together is the whole, sorted, without doubles', () => {
  const request = fc.record({ state: fc.constantFrom('pending' as const, 'denied' as const), user: fc.constantFrom('a', 'b'), created: fc.nat(5) });
  fc.assert(
    fc.property(
      fc.array(request, { maxLength: 40 }),
      fc.constantFrom('created', 'state', 'user', 'expires'),
      fc.boolean(),
      (all, field, descending) => {
        const requests = all.map((part, index) => sampleFacts(`id-${index}`, part));
        const pages = Array.from({ length: 5 }, (_, page) => {
          const query = requestQuerySchema.parse({ cluster: 'c', sort: { field, descending }, offset: page * 10, limit: 10 });
          return queryRequests(requests, query, view, new SearchTexts());
        });
        const found = pages.flatMap(({ page }) => page.map(({ id }) => id));
        expect(pages[0]!.total).toBe(requests.length);
        expect(found.toSorted()).toEqual(requests.map(({ id }) => id).toSorted());
      },
    ),
  );
});
