import { expect, test } from 'vitest';
import { clusterStanding } from '../../shared/model/cluster.ts';
import { sampleCluster } from '../fakes/samples.ts';
import { targetStanding } from './connections.ts';

const now = 1_000_000;
const cluster = sampleCluster({ key: 'ada@c:443', status: 'signed-in', expires: now + 1, problem: null, leaves: [{ name: 'leaf', online: false }] });
const away = { code: 'unreachable' as const, message: 'Nothing answers.' };
const row = (leaf = '', key = cluster.key) => ({ target: { kind: 'database', cluster: key, leaf, name: 'orders', user: 'alice' } as const });

test('being logged in and the cluster being there are two things', () => {
  expect(clusterStanding(cluster, now)).toBe('ready');
  expect(clusterStanding({ ...cluster, problem: away }, now)).toBe('unreachable');
  expect(clusterStanding(cluster, now + 1)).toBe('expired');
  expect(clusterStanding({ ...cluster, status: 'signed-out', problem: away }, now)).toBe('signed-out');
  // A login that cannot be used says nothing about the way to the cluster.
  expect(clusterStanding({ ...cluster, problem: { code: 'hardware-key', message: '' } }, now)).toBe('ready');
});

test('an open connection can be used only when its login and its cluster can', () => {
  expect(targetStanding(row(), [cluster], now)).toBe('ready');
  expect(targetStanding(row('leaf'), [cluster], now)).toBe('unreachable');
  expect(targetStanding(row(), [{ ...cluster, problem: away }], now)).toBe('unreachable');
  expect(targetStanding(row(), [{ ...cluster, status: 'signed-out' }], now)).toBe('signed-out');
  expect(targetStanding(row('', 'eve@gone:443'), [cluster], now)).toBe('signed-out');
});
