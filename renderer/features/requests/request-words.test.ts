import { describe, expect, test } from 'vitest';
import { sampleNamed, sampleRequest } from '../../fakes/request-samples.ts';
import { accessLength, loginsText, resourceKindName, resourceName, standingText, thresholdText, wantedText } from './request-words.ts';

test.each([
  [['{{internal.logins}}'], 'the user’s own logins'],
  [['root', '{{ external.unix }}-x'], 'root, the user’s own logins'],
  [['root', 'ubuntu'], 'root, ubuntu'],
  [[], ''],
])('%j: no template is shown', (logins, text) => {
  expect(loginsText(logins)).toBe(text);
});

test.each([
  [{ assumed: true, state: 'approved' }, 'Assumed'],
  [{ waiting: true, state: 'pending' }, 'Needs review'],
  [{ own: true, state: 'approved', assumeStart: 2000 }, 'Not yet open'],
  [{ own: true, state: 'approved', assumeStart: 500 }, 'Approved'],
  [{ own: false, state: 'approved', assumeStart: 2000 }, 'Approved'],
  [{ state: 'promoted' }, 'Promoted'],
] as const)('%j stands as “%s”', (change, text) => {
  expect(standingText(sampleRequest(1, { own: false, waiting: false, assumed: false, ...change }), 1000)).toBe(text);
});

describe('what is wanted', () => {
  const roles = (...names: string[]) => wantedText({ roles: names, resources: [] });
  const resources = (count: number) => wantedText({ roles: ['access'], resources: Array.from({ length: count }, (_, index) => sampleNamed(index)) });

  test('is named, of more than three things the first three', () => {
    expect(roles('a', 'b', 'c')).toBe('a, b, c');
    expect(roles('a', 'b', 'c', 'd', 'e')).toBe('a, b, c and 2 more');
    expect(resources(4)).toBe('worker-000, worker-001, worker-002 and 1 more');
    expect(roles()).toBe('nothing');
  });

  test('is a namespace with its cluster, and the identifier where there is no name', () => {
    const id = { ...sampleNamed(1, 'namespace').id, name: 'prod', subResource: 'billing' };
    expect(resourceName({ id, display: '' })).toBe('prod / billing');
    expect(resourceKindName('namespace')).toBe('Kubernetes namespace');
    expect(resourceKindName('later_kind\u202e')).not.toContain('\u202e');
  });
});

test('a threshold is named where a request has several', () => {
  const threshold = { name: 'managers', approve: 1, deny: 1, approvals: 0, denials: 0 };
  expect(thresholdText(threshold, false)).toBe('0 of 1 approval');
  expect(thresholdText({ ...threshold, approve: 2 }, true)).toBe('managers: 0 of 2 approvals');
  expect(thresholdText({ ...threshold, name: '' }, true)).toBe('0 of 1 approval');
});

test('access lasts from its start, or from when it was asked for', () => {
  const lasting = (change: object) => accessLength(sampleRequest(1, { created: 1000, assumeStart: null, expires: 5000, ...change }));
  expect(lasting({})).toBe(4000);
  expect(lasting({ assumeStart: 3000 })).toBe(2000);
  expect(lasting({ expires: null })).toBeNull();
  expect(lasting({ expires: 500 })).toBeNull();
});
