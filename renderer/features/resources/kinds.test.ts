import { expect, test } from 'vitest';
import { resourceKinds } from '../../../shared/model/resource.ts';
import { kindGroups, toggleGroup } from './kinds.tsx';

test('every kind is in exactly one group', () => {
  expect(kindGroups.flatMap(({ kinds }) => kinds).toSorted()).toEqual([...resourceKinds].toSorted());
});

test('a group goes in and out; all of them together are no filter', () => {
  const [servers, ...others] = kindGroups.map(({ kinds }) => kinds);
  const one = toggleGroup([], servers!);
  expect(one).toEqual(servers);
  expect(toggleGroup(one, servers!)).toEqual([]);
  expect(others.reduce((selected, group) => toggleGroup(selected, group), one)).toEqual([]);
});
