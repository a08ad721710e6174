import { type RefObject, useCallback, useRef, useState } from 'react';
import type { Document } from '../../../shared/model/document.ts';
import type { Label, Resource } from '../../../shared/model/resource.ts';
import { useApp } from '../../state/context.tsx';
import { requestable } from '../../state/requests.ts';
import { rowAt } from '../../ui/list/paged-store.ts';
import { useHeld } from '../../ui/use-held.ts';
import { addToBasket } from '../../workbench/request-actions.ts';
import type { OpenMenu } from './open-menu.ts';
import { useMarks } from './use-marks.ts';
import { useResourcePages } from './use-resource-pages.ts';

export type ResourcesDocument = Extract<Document, { kind: 'resources' }>;
export type ResourceList = ReturnType<typeof useResourceList>;

/** The list of a resources tab: its rows, the row the keyboard is on, marks, the menu that is open, and what is shown in the details. */
export function useResourceList(document: ResourcesDocument) {
  const app = useApp();
  const { workspace } = app;
  const { store, pages: newest, reload } = useResourcePages(document, true);
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  // Rows that arrive under an open menu wait until it is closed.
  const pages = useHeld(newest, menu !== null);
  const [details, setDetails] = useState<Resource | null>(null);
  const [selected, setSelected] = useState(-1);
  const marks = useMarks();
  const grid: RefObject<HTMLDivElement | null> = useRef(null);
  const change = useCallback(
    (next: Partial<Omit<ResourcesDocument, 'id' | 'kind'>>) => {
      setSelected(-1);
      if (menu?.at !== 'details') setDetails(null);
      workspace.getState().update({ ...document, ...next });
    },
    [workspace, document, menu],
  );
  return {
    store,
    pages,
    isLoading: newest.status === 'loading',
    reload,
    menu,
    setMenu,
    details,
    selected,
    marks,
    grid,
    change,
    /** `open` asks for the details as well; those that are open follow the selection. */
    select: (index: number, open: boolean) => {
      setSelected(index);
      const resource = rowAt(pages, index);
      if (resource && (open || details)) setDetails(resource);
    },
    closeDetails: () => {
      setDetails(null);
      grid.current?.focus();
    },
    addLabel: (label: Label) => {
      const isThere = document.labels.some(({ name, value }) => name === label.name && value === label.value);
      if (!isThere) change({ labels: [...document.labels, label] });
    },
    /** Puts the marked rows into the basket; `resource` when none is marked. */
    request: (resource: Resource | undefined) => {
      const wanted = marks.marked.size > 0 ? [...marks.marked.values()] : resource?.requiresRequest ? [resource] : [];
      if (wanted.length === 0 || !app.requests.getState().overviews[document.cluster]?.features.resourceRequests) return;
      void addToBasket(app, document.cluster, { resources: wanted.map(requestable) }).then((added) => added && marks.clear());
    },
  };
}
