import { expect, test } from 'vitest';
import { sampleTransfer } from '../../../fakes/fake-files.ts';
import { durationText, modeText, treeText } from '../file-words.ts';
import { movedOrder, moveTarget } from './transfer-order.ts';
import { actionsOf, progressOf, statusText } from './transfer-words.ts';

test('modes as ls writes them', () => {
  expect(modeText({ kind: 'file', mode: 0o644 })).toBe('-rw-r--r--');
  expect(modeText({ kind: 'folder', mode: 0o1777 })).toBe('drwxrwxrwt');
  expect(modeText({ kind: 'file', mode: 0o6644 })).toBe('-rwSr-Sr--');
  expect(modeText({ kind: 'file', mode: null })).toBe('');
});

test('what a tree holds', () => {
  expect(treeText({ files: 1204, folders: 1, links: 0, others: 0, bytes: 2048 })).toBe('1,204 files and 1 folder (2.05 kB)');
  expect(treeText({ files: 0, folders: 0, links: 0, others: 0, bytes: 0 })).toBe('nothing');
});

test('durations', () => {
  expect([12, 200, 3840].map(durationText)).toEqual(['12 s', '3 min 20 s', '1 h 04 min']);
});

test('a running transfer says how much, how fast and how long', () => {
  const row = sampleTransfer('1', {
    state: 'running',
    bytes: { done: 1_000_000, total: 4_000_000 },
    items: { done: 3, total: 10 },
    speed: 1_000_000,
    secondsLeft: 3,
  });
  expect(statusText(row, 0)).toBe('3 of 10 files, 1.00 MB of 4.00 MB · 1.00 MB/s · 3 s left');
  const done = sampleTransfer('1', { state: 'done', items: { done: 30, total: 30 }, bytes: { done: 2048, total: 2048 } });
  expect(statusText(done, 0)).toBe('30 files, 2.05 kB');
  expect(statusText({ ...done, skipped: 30 }, 0)).toBe('30 files skipped');
  expect(statusText({ ...done, skipped: 1, failures: 2 }, 0)).toBe('29 files, 1 skipped, 2 failed');
  expect(progressOf(row)).toBe(0.25);
});

test('progress is not made up: none before all is counted, files where there are no bytes, never more than all', () => {
  expect(progressOf(sampleTransfer('1', { state: 'counting', bytes: { done: 5, total: null } }))).toBeNull();
  expect(progressOf(sampleTransfer('1', { state: 'running', bytes: { done: 0, total: 0 }, items: { done: 1, total: 4 } }))).toBe(0.25);
  expect(progressOf(sampleTransfer('1', { state: 'running', bytes: { done: 9, total: 4 } }))).toBe(1);
});

test('each state offers what fits it', () => {
  expect(actionsOf({ state: 'running', failures: 0 })).toEqual(['pause', 'cancel']);
  expect(actionsOf({ state: 'paused', failures: 0 })).toEqual(['resume', 'cancel']);
  expect(actionsOf({ state: 'done', failures: 2 })).toContain('retry');
  expect(actionsOf({ state: 'done', failures: 0 })).not.toContain('retry');
});

test('moving rows names the one they go before', () => {
  const order = ['a', 'b', 'c', 'd'];
  expect(moveTarget(order, 1, 1, 'up')).toBe('a');
  expect(moveTarget(order, 0, 1, 'down')).toBe('d');
  expect(moveTarget(order, 1, 2, 'last')).toBeNull();
  expect(moveTarget(order, 0, 0, 'up')).toBeUndefined();
  expect(moveTarget(order, 3, 3, 'last')).toBeUndefined();
  expect(movedOrder(order, ['b', 'c'], 'a')).toEqual(['b', 'c', 'a', 'd']);
  expect(movedOrder(order, ['a'], null)).toEqual(['b', 'c', 'd', 'a']);
});
