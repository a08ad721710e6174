// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import type { Cluster } from '../../shared/model/cluster.ts';
import { createFakeApp } from '../fakes/fake-app.ts';
import { sampleCluster } from '../fakes/samples.ts';
import { AppProvider } from './context.tsx';
import { useClusterReturns } from './use-cluster-returns.ts';

const away = { code: 'unreachable', message: 'Nobody answers.' } as const;
const { key } = sampleCluster();

let end = () => {};
afterEach(() => {
  cleanup();
  end();
});

function follow(first: Partial<Cluster>, leaf = '') {
  const { app, dispose } = createFakeApp();
  end = dispose;
  const tell = (change: Partial<Cluster>) => act(() => app.clusters.setState({ loaded: true, list: [sampleCluster(change)] }));
  tell(first);
  const again = vi.fn();
  renderHook(() => useClusterReturns(key, leaf, again), {
    wrapper: ({ children }: { children: ReactNode }) => <AppProvider app={app}>{children}</AppProvider>,
  });
  return { again, tell };
}

test('a cluster that can be reached again is told once, and each time', () => {
  const { again, tell } = follow({ problem: away });
  expect(again).not.toHaveBeenCalled();
  tell({});
  tell({ roles: ['other'] });
  expect(again).toHaveBeenCalledTimes(1);
  tell({ problem: away });
  tell({});
  expect(again).toHaveBeenCalledTimes(2);
});

test('a new login is told, also where the old one had not been known to have ended', () => {
  const { again, tell } = follow({ status: 'expired' });
  tell({ status: 'signed-in' });
  expect(again).toHaveBeenCalledTimes(1);
  tell({ status: 'signed-in', expires: 4e12 });
  expect(again).toHaveBeenCalledTimes(2);
});

test('a cluster that is fine from the beginning, and one that goes away, tell nothing', () => {
  const { again, tell } = follow({});
  tell({ problem: away });
  tell({ status: 'signed-out' });
  expect(again).not.toHaveBeenCalled();
});

test('a leaf that is back is told', () => {
  const { again, tell } = follow({ leaves: [{ name: 'leaf', online: false }] }, 'leaf');
  tell({ leaves: [{ name: 'leaf', online: true }] });
  expect(again).toHaveBeenCalledTimes(1);
});
