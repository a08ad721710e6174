import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { RequestList } from './request-list.ts';
import { sampleFacts } from './testing/sample-facts.ts';

let now = 0;
const list = () => new RequestList(() => now);
beforeEach(() => {
  now = 1_000_000;
});

it('tells each change once', () => {
  const known = list();
  expect(known.put(sampleFacts('a'))).toEqual([{ before: null, after: sampleFacts('a') }]);
  expect(known.put(sampleFacts('a'))).toEqual([]);
  expect(known.remove('a')).toEqual([{ before: sampleFacts('a'), after: null }]);
  expect(known.remove('a')).toEqual([]);
});

it('asks where a list and something newer contradict each other', () => {
  const known = list();
  known.replace([sampleFacts('old'), sampleFacts('gone')], now);
  now += 60_000;
  known.put(sampleFacts('new'));
  known.put(sampleFacts('old', { state: 'approved' }));
  known.remove('gone');
  const { changes, doubtful } = known.replace([sampleFacts('old'), sampleFacts('gone')], now);
  expect([changes, doubtful.toSorted()]).toEqual([[], ['gone', 'new', 'old']]);
  now += 60_000;
  expect(known.replace([sampleFacts('old', { state: 'denied' })], now)).toMatchObject({
    doubtful: [],
    changes: [{ after: { state: 'denied' } }, { after: null }],
  });
});

it('knows old news from new ones', () => {
  const known = list();
  const review = { author: 'rita', state: 'approved' as const, reason: '', created: null, assumeStart: null, accessList: '' };
  known.put(sampleFacts('a', { state: 'approved', reviews: [review] }));
  expect(known.goesBack(sampleFacts('a'))).toBe(true);
  expect(known.goesBack(sampleFacts('a', { state: 'approved' }))).toBe(true);
  expect(known.goesBack(sampleFacts('a', { state: 'denied', reviews: [review, review] }))).toBe(false);
  expect(known.goesBack(sampleFacts('b'))).toBe(false);
  known.remove('a');
  expect(known.goesBack(sampleFacts('a', { state: 'approved', reviews: [review] }))).toBe(true);
});

it('is what the last list said, whatever came before, once things have settled', () => {
  const step = fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    state: fc.constantFrom('pending' as const, 'approved' as const),
    gone: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.subarray(['a', 'b', 'c']), (steps, last) => {
      const known = list();
      for (const { id, state, gone } of steps) gone ? known.remove(id) : known.put(sampleFacts(id, { state }));
      now += 60_000;
      known.replace(
        last.map((id) => sampleFacts(id)),
        now,
      );
      expect([...known.values()].map(({ id }) => id).toSorted()).toEqual(last.toSorted());
    }),
  );
});
