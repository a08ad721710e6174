import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reviewScope } from './review-scope.ts';

const holder = (allow: object, deny: object = {}) => reviewScope([{ Spec: { Allow: { ReviewRequests: allow }, Deny: { ReviewRequests: deny } } }]);

describe('for which roles somebody reviews', () => {
  it('all of a request’s roles have to be theirs to review', () => {
    const scope = holder({ Roles: ['dba', 'prod-*'] });
    expect(scope(['dba', 'prod-eu'])).toBe(true);
    expect(scope(['dba', 'admin'])).toBe(false);
    expect(reviewScope([{}])(['dba'])).toBe(false);
    expect(reviewScope([{}])([])).toBe(false);
  });

  it('what is denied is denied', () => {
    const scope = holder({ Roles: ['*'] }, { Roles: ['root*'] });
    expect([scope(['dba']), scope(['root-eu'])]).toEqual([true, false]);
  });

  it('what only the server can judge is allowed', () => {
    expect(holder({ Roles: ['^(a|b)+$'] })(['zzz'])).toBe(true);
    expect(holder({ ClaimsToRoles: [{ Claim: 'groups', Value: 'x', Roles: ['$1'] }] })(['zzz'])).toBe(true);
    expect(holder({ Roles: ['*'] }, { Roles: ['^.*$'] })(['zzz'])).toBe(true);
    expect(holder({ Roles: ['*'] }, { Roles: ['*'], Where: 'contains(x, "y")' })(['zzz'])).toBe(true);
  });

  it('stars stand for anything, and for nothing', () => {
    const piece = fc.stringMatching(/^[a-c-]{0,4}$/);
    fc.assert(
      fc.property(fc.array(piece, { minLength: 2, maxLength: 4 }), fc.array(piece, { minLength: 3, maxLength: 3 }), piece, (parts, fills, other) => {
        const scope = holder({ Roles: [parts.join('*')] });
        expect(scope([parts.reduce((text, part, index) => text + fills[index - 1] + part)])).toBe(true);
        const regex = new RegExp(`^${parts.join('.*')}$`);
        expect(scope([other])).toBe(regex.test(other));
      }),
    );
  });
});
