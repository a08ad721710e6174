import { useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Document } from '../../../shared/model/document.ts';
import type { Resource } from '../../../shared/model/resource.ts';
import { useApp, useCluster, useRequestsOverview } from '../../state/context.tsx';
import { useClusterReturns } from '../../state/use-cluster-returns.ts';
import { PagedStore } from '../../ui/list/paged-store.ts';

type ResourcesDocument = Extract<Document, { kind: 'resources' }>;

/**
 * A page comes from the cluster and takes a while, so the next one is asked for 100 rows before the end, about three screens. Five pages
 * on each side are 2,000 rows: a turn of the scroll bar's thumb within them asks for nothing, and a list of any length stays small.
 */
const limits = { pageSize: 200, keep: 5, ahead: 100 };

/**
 * The rows of a resources tab, loaded anew when its query changes, and when the login behind it does. Nothing is asked
 * for until `enabled`, so that tabs nobody looked at and clusters nobody is logged in to cost nothing.
 */
export function useResourcePages({ cluster: key, leaf, search, kinds, labels, sort, availability: chosen }: ResourcesDocument, enabled: boolean) {
  const app = useApp();
  const cluster = useCluster(key);
  const [store] = useState(() => new PagedStore<Resource>(limits));
  const pages = useStore(store.state);
  const offered = useRequestsOverview(key)?.features.resourceRequests ?? false;
  const availability = offered ? (chosen ?? 'cluster') : 'accessible';
  const query = JSON.stringify({ leaf, search: search.trim(), kinds, labels, sort, availability });
  const rights = cluster && JSON.stringify([cluster.status === 'signed-in', cluster.roles, cluster.activeRequests]);

  const reload = useCallback(() => {
    store.load(async ({ key: startKey, limit }, signal) => {
      const { resources, ...rest } = await app.main.call(
        'resources.list',
        { cluster: key, ...JSON.parse(query), startKey, limit, loginReason: 'to see its resources' },
        { signal },
      );
      return { rows: resources, ...rest };
    });
  }, [app, store, key, query]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other rights mean other resources
  useEffect(() => {
    if (enabled) reload();
  }, [enabled, reload, rights]);
  useClusterReturns(key, leaf, () => {
    if (pages.status === 'failed' || pages.error) store.retry();
  });
  useEffect(() => () => store.dispose(), [store]);
  return { store, pages, reload };
}
