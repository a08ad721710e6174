import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialTarget } from './server.ts';

describe('dial targets', () => {
  it.each([
    ['6d9f2b1e-0000-4000-8000-000000000001', '6d9f2b1e-0000-4000-8000-000000000001:0', '6d9f2b1e-0000-4000-8000-000000000001'],
    ['web-1', 'web-1:0', 'web-1'],
    [' web-1:3022 ', 'web-1:3022', 'web-1'],
    ['10.0.0.1', '10.0.0.1:0', '10.0.0.1'],
    ['[fe80::1]:22', '[fe80::1]:22', 'fe80::1'],
    ['fe80::1', '[fe80::1]:0', 'fe80::1'],
  ])('%j is %s', (typed, hostPort, principal) => expect(dialTarget(typed)).toEqual({ hostPort, principal }));

  it.each(['', ' ', 'a b', 'a:99999', 'a:b', 'user@host', 'a/b', '[x]:1', 'a\u202eb', 'a\0b'])('%j is none', (typed) => {
    expect(() => dialTarget(typed)).toThrow(expect.objectContaining({ code: 'bad-address' }));
  });

  it('always end in a port, with the principal before it', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        try {
          const { hostPort, principal } = dialTarget(typed);
          expect(hostPort).toMatch(/:\d{1,5}$/);
          expect(hostPort.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')).toBe(principal);
        } catch (caught) {
          expect(caught).toMatchObject({ code: 'bad-address' });
        }
      }),
    );
  });
});
