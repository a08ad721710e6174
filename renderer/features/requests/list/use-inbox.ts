import { type RefObject, useCallback, useRef, useState } from 'react';
import { useApp, useRequestsOverview } from '../../../state/context.tsx';
import { useFocusHome } from '../../../ui/focus/use-focus-home.ts';
import type { RequestsChange, RequestsDocumentData } from './requests-document-data.ts';
import { useMarked } from './use-marked.ts';
import { useRequestPages } from './use-request-pages.ts';

export type Inbox = ReturnType<typeof useInbox>;

/** The list of a requests tab: its rows, the row the keyboard is on, marks, and the request that is open. They outlive the list's being covered. */
export function useInbox(document: RequestsDocumentData, focused: boolean) {
  const { workspace } = useApp();
  const overview = useRequestsOverview(document.cluster);
  const { store, pages } = useRequestPages(document);
  const [selected, setSelected] = useState(document.request);
  const marks = useMarked(document.cluster, overview);
  const grid: RefObject<HTMLDivElement | null> = useRef(null);
  const change = useCallback((next: RequestsChange) => workspace.getState().update({ ...document, ...next }), [workspace, document]);
  const isOpen = document.request !== '';
  // A request that is closed takes the focus with it.
  useFocusHome(() => grid.current, { cause: isOpen, wanted: focused && !isOpen });
  return { document, overview, store, pages, selected, setSelected, marks, grid, change, isOpen, close: () => change({ request: '' }) };
}
