import { expect, it } from 'vitest';
import { noticeTexts } from './notice-texts.ts';
import { sampleFacts } from './testing/sample-facts.ts';
import { Viewpoint } from './viewpoint.ts';

const view = new Viewpoint({ user: 'rita', reviews: () => true, assumed: [], display: ({ name }) => name });

it('notices are two short lines', () => {
  const wordy = sampleFacts('a', {
    user: 'x'.repeat(500),
    roles: Array.from({ length: 9 }, (_, index) => `role ${index}`),
    reason: 'one\ntwo '.repeat(200),
  });
  const { title, body } = noticeTexts('waiting', wordy, { view, cluster: 'c', serverNow: 0 });
  expect([title.length, body.length]).toEqual([200, 200]);
  expect(body).toMatch(/^role 0, role 1, role 2, 6 more on c: one two/);
  expect(noticeTexts('expiring', sampleFacts('a', { expires: 90_000 }), { view, cluster: 'c', serverNow: 0 }).title).toBe(
    'Your access ends in 2 minutes',
  );
});
