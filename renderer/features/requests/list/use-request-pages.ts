import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Document } from '../../../../shared/model/document.ts';
import { useApp, useRequestsOverview } from '../../../state/context.tsx';
import { useClusterReturns } from '../../../state/use-cluster-returns.ts';
import { createRequestPages } from './request-pages.ts';

/** The rows of a tab: read anew when its query changes, and again when main says that the list did. */
export function useRequestPages({ cluster, scope, states, search, sort }: Extract<Document, { kind: 'requests' }>) {
  const { main } = useApp();
  const [store] = useState(createRequestPages);
  const pages = useStore(store);
  const revision = useRequestsOverview(cluster)?.revision ?? 0;
  const query = JSON.stringify({ cluster, scope, states, search: search.trim(), sort });

  useEffect(() => {
    store.load((offset, limit, signal) => main.call('requests.list', { ...JSON.parse(query), offset, limit }, { signal }));
  }, [main, store, query]);
  useEffect(() => store.refresh(revision), [store, revision]);
  useClusterReturns(cluster, '', store.retry);
  useEffect(() => () => store.dispose(), [store]);
  return { store, pages };
}
