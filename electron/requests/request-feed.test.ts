import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import type { RequestEvent } from '../teleport/auth/access-request-api.ts';
import { type FeedConnection, RequestFeed, type WatchScope } from './request-feed.ts';

const denied = () => new AppError('access-denied', 'Your roles do not allow this.');
const lost = () => new AppError('offline', 'The connection was lost.');
const second = 1000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A feed on a server that gives each watch as `watch` says; what was asked of it, and what it told. */
function follow(watch: (scope: WatchScope, ready: () => void) => Promise<never>, reading: () => Promise<void> = async () => {}) {
  const seen = { watches: [] as WatchScope[], lists: 0, connections: [] as FeedConnection[] };
  const feed = new RequestFeed({
    now: () => Date.now(),
    source: {
      list: async () => {
        seen.lists++;
        await reading();
        return [];
      },
      get: async () => null,
      watch: (scope: WatchScope, onEvent: (event: RequestEvent) => void) => {
        seen.watches.push(scope);
        return watch(scope, () => onEvent({ type: 'ready' }));
      },
    },
    target: {
      onList: () => [],
      onPut: () => {},
      onDelete: () => {},
      isDoubtful: () => false,
      onConnection: (state) => seen.connections.push(state),
    },
  });
  feed.start();
  return { feed, seen };
}

const standing = (ready: () => void) => {
  ready();
  return new Promise<never>(() => {});
};

it('a watch of all requests that is denied becomes one of the own ones, and is not asked for again; the rest is read every 30 s', async () => {
  const { feed, seen } = follow((scope, ready) => (scope === 'own' ? standing(ready) : Promise.reject(denied())));
  await vi.advanceTimersByTimeAsync(10 * second);
  expect(seen.watches).toEqual(['all', 'own']);
  expect(seen.connections.at(-1)).toBe('own');
  const before = seen.lists;
  await vi.advanceTimersByTimeAsync(10 * 60 * second);
  expect(seen.watches).toEqual(['all', 'own']);
  expect(seen.lists - before).toBe(20);
  feed.close();
});

it('where no watch is allowed the list is read every 30 s', async () => {
  const { feed, seen } = follow(() => Promise.reject(denied()));
  await vi.advanceTimersByTimeAsync(10 * 60 * second);
  expect(seen.watches).toEqual(['all', 'own']);
  expect(seen.connections.at(-1)).toBe('unwatched');
  expect(seen.lists).toBeLessThan(24);
  feed.close();
});

it.each(['unwatched', 'own'] as const)('a cluster that is away is asked every few seconds, so that its return is seen (%s)', async (state) => {
  let isAway = false;
  const { feed, seen } = follow(
    (scope, ready) => (state === 'own' && scope === 'own' ? standing(ready) : Promise.reject(denied())),
    async () => {
      if (!isAway) return;
      await new Promise((resolve) => setTimeout(resolve, 2 * second));
      throw lost();
    },
  );
  await vi.advanceTimersByTimeAsync(10 * second);
  isAway = true;
  await vi.advanceTimersByTimeAsync(40 * second);
  expect(seen.connections.at(-1)).toBe('offline');
  isAway = false;
  await vi.advanceTimersByTimeAsync(6 * second);
  expect(seen.connections.at(-1)).toBe(state);
  feed.close();
});

it('a list that is refused is asked for no more often than one that is given', async () => {
  const { feed, seen } = follow(
    () => Promise.reject(denied()),
    () => Promise.reject(denied()),
  );
  await vi.advanceTimersByTimeAsync(10 * 60 * second);
  expect(seen.lists).toBeLessThan(24);
  feed.close();
});

it('a watch that ends is opened again as it was, though the end is a denial', async () => {
  vi.useRealTimers(); // the wait before the next watch is a timer that cannot be faked
  let ended: (error: AppError) => void = () => {};
  const { feed, seen } = follow(
    (_scope, ready) =>
      new Promise((_resolve, reject) => {
        ended = reject;
        ready();
      }),
  );
  for (const end of [denied, lost]) {
    await vi.waitFor(() => expect(seen.connections.at(-1)).toBe('live'));
    ended(end());
    await vi.waitFor(() => expect(seen.connections.at(-1)).toBe('interrupted'));
  }
  await vi.waitFor(() => expect(seen.connections.at(-1)).toBe('live'));
  expect(seen.watches).toEqual(['all', 'all', 'all']);
  feed.close();
});
