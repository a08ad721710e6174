import { expect, test } from 'vitest';
import { sampleNamed, sampleOverview, sampleRequest } from '../../../fakes/request-samples.ts';
import { canAssume, togetherBlocked } from './assume-rules.ts';

const now = 1_000_000;
const mine = (change = {}) =>
  sampleRequest(1, { own: true, state: 'approved', assumed: false, assumeStart: null, expires: null, roles: ['a'], ...change });
const forRoles = (id: string) => mine({ id, resources: [] });
const forServer = (id: string) => mine({ id, resources: [sampleNamed(1)] });

test('what can be assumed: own, approved, open, not over', () => {
  expect(canAssume(mine(), now)).toBe(true);
  for (const change of [{ own: false }, { state: 'pending' as const }, { assumed: true }, { assumeStart: now + 1 }, { expires: now }])
    expect(canAssume(mine(change), now)).toBe(false);
});

test('any number for roles goes together, with one for resources at most', () => {
  const overview = sampleOverview([]);
  expect(togetherBlocked([forRoles('a'), forRoles('b'), forServer('c')], overview, now)).toBe('');
  expect(togetherBlocked([forServer('a'), forServer('b')], overview, now)).toMatch(/Only one request for resources/);
  const assumed = { id: 'z', roles: [], resources: [sampleNamed(3)], expires: null, known: true };
  expect(togetherBlocked([forServer('a')], { ...overview, assumed: [assumed] }, now)).toMatch(/Drop that first/);
  expect(togetherBlocked([forRoles('a')], { ...overview, assumed: [assumed] }, now)).toBe('');
  expect(togetherBlocked([mine({ expires: now })], overview, now)).toMatch(/cannot be assumed any more/);
});
