import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RequestNotice } from '../../shared/model/access-request.ts';
import type { Cluster } from '../../shared/model/cluster.ts';
import { noBackground } from '../testing/background.ts';
import { ClusterRequests } from './cluster-requests.ts';
import { sampleFacts } from './testing/sample-facts.ts';

const minute = 60_000;
/** How far the cluster's clock is ahead. */
const ahead = 7 * minute;
const began = Date.UTC(2026, 0, 5, 8);

beforeEach(() => void vi.useFakeTimers({ now: began }));
afterEach(() => void vi.useRealTimers());

const loginOf = (change: Partial<Cluster>) =>
  ({ key: 'dana@c:443', name: 'c', user: 'dana', edition: 'ent', activeRequests: ['assumed'], expires: null, ...change }) as Cluster;

/** One who has assumed a request that ends in 40 minutes by the cluster's clock. */
async function assumed(login: Partial<Cluster> = {}) {
  const request = sampleFacts('assumed', { state: 'approved', expires: began + ahead + 40 * minute });
  const client = {
    requests: {
      features: async () => ({ advanced: true, reviews: () => false, startTimes: true }),
      list: async () => [request],
      watch: (_wanted: unknown, onEvent: (event: { type: 'ready' }) => void) => {
        onEvent({ type: 'ready' });
        return new Promise<never>(() => {});
      },
    },
  };
  const notices: Omit<RequestNotice, 'serial'>[] = [];
  const followed = new ClusterRequests(loginOf(login), {
    key: 'dana@c:443',
    clusters: {
      ask: async (_key: unknown, _leaf: unknown, work: (given: unknown) => unknown) => work(client),
      clockOffset: async () => ahead,
    } as never,
    background: noBackground,
    basket: () => ({ roles: [], resources: [] }),
    notify: (notice) => notices.push(notice),
    onChange: () => {},
    now: () => Date.now(),
  });
  followed.restart();
  await vi.advanceTimersByTimeAsync(1000);
  return { followed, notices };
}

it('warns ten minutes before the end by the clock of the cluster, once', async () => {
  const { followed, notices } = await assumed();
  await vi.advanceTimersByTimeAsync(29 * minute);
  expect(notices).toEqual([]);
  await vi.advanceTimersByTimeAsync(minute);
  expect(notices).toMatchObject([{ kind: 'expiring', request: 'assumed', title: 'Your access ends in 10 minutes' }]);
  await vi.advanceTimersByTimeAsync(20 * minute);
  expect(notices).toHaveLength(1);
  followed.close();
});

it('where the login ends earlier, before that', async () => {
  const { followed, notices } = await assumed({ expires: began + ahead + 20 * minute });
  await vi.advanceTimersByTimeAsync(10 * minute);
  expect(notices).toMatchObject([{ title: 'Your access ends in 10 minutes' }]);
  followed.close();
});

it('after the computer slept: with what is left, or not at all', async () => {
  const awake = await assumed();
  vi.setSystemTime(began + 36 * minute);
  await vi.advanceTimersByTimeAsync(minute);
  expect(awake.notices).toMatchObject([{ title: expect.stringMatching(/^Your access ends in [34] minutes$/) }]);
  awake.followed.close();
  vi.setSystemTime(began);
  const late = await assumed();
  vi.setSystemTime(began + 45 * minute);
  await vi.advanceTimersByTimeAsync(minute);
  expect(late.notices).toEqual([]);
  late.followed.close();
});
