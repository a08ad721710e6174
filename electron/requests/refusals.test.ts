import { expect, it } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { refusal } from './refusals.ts';

it('failures that are no refusals stay as they are', () => {
  const offline = new AppError('offline', 'gone');
  expect(refusal(offline, 'review')).toBe(offline);
  expect(refusal(new Error('x'), 'review').code).toBe('internal');
});

it('giving access back under a lock says what ends it nevertheless', () => {
  const bare = new AppError('access-denied', 'The cluster refused this.', { cause: { code: 7, details: 'access denied' } });
  const told = new AppError('locked', 'An administrator has locked this account.', {
    cause: { code: 7, details: 'lock targeting Role:"dba" is in force' },
  });
  for (const caught of [bare, told]) {
    const { code, message } = refusal(caught, 'drop');
    expect([code, message]).toEqual([caught.code, expect.stringMatching(/^The access could not be dropped.*Log out and log in again/)]);
  }
  expect(refusal(told, 'assume')).toBe(told);
  const other = new AppError('access-denied', 'x', { cause: { code: 7, details: 'access denied to perform action "read" on "role"' } });
  expect(refusal(other, 'drop').message).not.toMatch(/Log out/);
});
