import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { AccessRequest } from '../../../../shared/model/access-request.ts';
import type { Document } from '../../../../shared/model/document.ts';
import { useApp, useRequestsOverview } from '../../../state/context.tsx';
import { useClusterReturns } from '../../../state/use-cluster-returns.ts';
import { PagedStore } from '../../../ui/list/paged-store.ts';

/** Main answers from its memory at once, so nothing is read ahead. Pages are small, since each revision of the list reads those on screen again. */
const limits = { pageSize: 100, keep: 2, ahead: 0 };

/** The rows of a tab: read anew when its query changes, and again when main says that the list did. */
export function useRequestPages({ cluster, scope, states, search, sort }: Extract<Document, { kind: 'requests' }>) {
  const { main } = useApp();
  const [store] = useState(() => new PagedStore<AccessRequest>(limits));
  const pages = useStore(store.state);
  const revision = useRequestsOverview(cluster)?.revision ?? 0;
  const query = JSON.stringify({ cluster, scope, states, search: search.trim(), sort });

  useEffect(() => {
    store.load(async ({ offset, limit }, signal) => {
      const { requests, total, revision } = await main.call('requests.list', { ...JSON.parse(query), offset, limit }, { signal });
      return { rows: requests, total, revision };
    });
  }, [main, store, query]);
  useEffect(() => store.refresh(revision), [store, revision]);
  useClusterReturns(cluster, '', store.retry);
  useEffect(() => () => store.dispose(), [store]);
  return { store, pages };
}
