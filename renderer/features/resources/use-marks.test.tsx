// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { sampleResource } from '../../fakes/samples.ts';
import { markKey, useMarks } from './use-marks.ts';

afterEach(cleanup);

const rows = Array.from({ length: 10 }, (_, index) => sampleResource(index, { requiresRequest: index !== 4 }));
const rowAt = (index: number) => rows[index];
const row = (index: number) => rowAt(index) ?? sampleResource(index);
const setUp = () => renderHook(() => useMarks()).result;
const names = (marks: ReturnType<typeof useMarks>) => [...marks.marked.values()].map(({ name }) => rows.findIndex((row) => row.name === name));

test('a row is marked, and its mark taken away', () => {
  const marks = setUp();
  act(() => marks.current.toggle(2, row(2)));
  expect(marks.current.marked.has(markKey(row(2)))).toBe(true);
  act(() => marks.current.toggle(2, row(2)));
  expect(marks.current.marked.size).toBe(0);
});

test('a range goes from the row that was marked last, in either direction, and leaves out what is open already', () => {
  const marks = setUp();
  act(() => marks.current.toggle(3, row(3)));
  act(() => marks.current.extend(6, -1, rowAt));
  expect(names(marks.current)).toEqual([3, 5, 6]);
  act(() => marks.current.extend(1, -1, rowAt));
  expect(names(marks.current).toSorted()).toEqual([1, 2, 3, 5, 6]);
});

test('without a mark, a range goes from the row that the keyboard is on, and rows that are not loaded are left out', () => {
  const marks = setUp();
  act(() => marks.current.extend(12, 8, rowAt));
  expect(names(marks.current)).toEqual([8, 9]);
});

test('after the marks were cleared, a range begins anew', () => {
  const marks = setUp();
  act(() => marks.current.toggle(0, row(0)));
  act(() => marks.current.clear());
  act(() => marks.current.extend(8, 7, rowAt));
  expect(names(marks.current)).toEqual([7, 8]);
});
