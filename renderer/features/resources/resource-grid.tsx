import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type RefObject, useEffect, useId } from 'react';
import type { ClusterKey } from '../../../shared/model/cluster.ts';
import type { Label, Resource } from '../../../shared/model/resource.ts';
import listPage from '../../ui/list-page.module.css';
import { SortHeader } from '../../ui/sort-header.tsx';
import { useStable } from '../../ui/use-stable.ts';
import { isTarget } from './kinds.tsx';
import type { OpenMenu } from './open-menu.ts';
import { type ResourcePages, type ResourcePagesStore, resourceAt } from './resource-pages.ts';
import { ResourceRow, type RowActions } from './resource-row.tsx';
import classes from './resources.module.css';
import { type Marks, markKey } from './use-marks.ts';

const rowHeight = 36;

interface Sort {
  field: 'name' | 'kind';
  descending: boolean;
}

interface Props {
  gridRef: RefObject<HTMLDivElement | null>;
  store: ResourcePagesStore;
  pages: ResourcePages;
  cluster: ClusterKey;
  leaf: string;
  sort: Sort;
  marks: Marks;
  menu: OpenMenu | null;
  onMenu(menu: OpenMenu | null): void;
  /** Index of the row the keyboard is on, or -1. */
  selected: number;
  detailed: boolean;
  onSort(sort: Sort): void;
  /** `open` asks for the details as well. */
  onSelect(index: number, resource: Resource, open: boolean): void;
  onCloseDetails(): void;
  onConnect(resource: Resource, login: string): void;
  onLabel(label: Label): void;
  /** Asks for the marked rows, or for this one when none is marked. */
  onRequest(resource: Resource | undefined): void;
}

/** The rows: drawn only where they are looked at, walked with the arrow keys, opened with Enter. */
export function ResourceGrid({ gridRef, store, pages, cluster, leaf, sort, marks, menu, selected, detailed, ...on }: Props) {
  const { onMenu, onSort, onSelect, onCloseDetails, onConnect, onLabel, onRequest } = on;
  const id = useId();
  const loading = pages.status === 'loading';
  const rows = loading && pages.count === 0 ? 20 : pages.count + (pages.complete ? 0 : 1);
  const virtualizer = useVirtualizer({ count: rows, getScrollElement: () => gridRef.current, estimateSize: () => rowHeight, overscan: 12 });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: new pages may need their neighbours
  useEffect(() => store.show(first, last), [store, first, last, pages]);
  useEffect(() => {
    if (loading) virtualizer.scrollToOffset(0);
  }, [loading, virtualizer]);

  const goTo = (index: number) => {
    const target = Math.max(0, Math.min(pages.count - 1, index));
    const resource = resourceAt(pages, target);
    virtualizer.scrollToIndex(target);
    if (resource) onSelect(target, resource, false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((gridRef.current?.clientHeight ?? 0) / rowHeight) - 2);
    const target = {
      ArrowDown: selected + 1,
      ArrowUp: selected - 1,
      PageDown: selected + page,
      PageUp: selected - page,
      Home: 0,
      End: pages.count - 1,
    }[event.key];
    const current = resourceAt(pages, selected);
    if (target !== undefined) {
      if (event.shiftKey) marks.extend(Math.max(0, Math.min(pages.count - 1, target)), selected, (index) => resourceAt(pages, index));
      goTo(target);
    } else if (event.key === 'Escape' && marks.marked.size > 0) marks.clear();
    else if (event.key === 'Escape' && detailed) onCloseDetails();
    else if (event.key === 'x' && current) marks.toggle(selected, current);
    else if (event.key === 'r' && !event.ctrlKey && !event.metaKey) onRequest(current);
    else if (event.key === ' ' && current) onSelect(selected, current, true);
    else if (event.key === 'Enter' && current) open(selected, current);
    else return;
    event.preventDefault();
  };
  const open = (index: number, resource: Resource) => {
    const [login, ...more] = resource.logins;
    if (isTarget(resource)) onMenu({ at: index, button: 'connect' });
    else if (resource.kind !== 'node' || resource.requiresRequest || login === undefined) onSelect(index, resource, true);
    else if (more.length === 0) onConnect(resource, login);
    else onMenu({ at: index, button: 'connect' });
  };
  const actions = useStable<RowActions>({
    menu: onMenu,
    select: (index, resource) => onSelect(index, resource, true),
    mark: (index, resource, range) => (range ? marks.extend(index, selected, (at) => resourceAt(pages, at)) : marks.toggle(index, resource)),
    open,
    connect: onConnect,
    label: onLabel,
  });
  return (
    <div
      ref={gridRef}
      className={`${listPage.grid} ${classes.grid}`}
      role="grid"
      tabIndex={0}
      aria-label="Resources"
      aria-rowcount={pages.complete ? pages.count + 1 : -1}
      aria-colcount={4}
      aria-multiselectable
      aria-busy={loading}
      aria-activedescendant={selected >= first && selected <= last ? `${id}-${selected}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div className={listPage.head} role="row" aria-rowindex={1}>
        <SortHeader name="Name" field="name" sort={sort} onSort={onSort} />
        <SortHeader name="Type" field="kind" sort={sort} onSort={onSort} />
        <div role="columnheader" className={classes.cellLabels}>
          Labels
        </div>
        <div role="columnheader" aria-label="Actions" />
      </div>
      <div role="rowgroup" className={listPage.body} style={{ height: virtualizer.getTotalSize() }} data-stale={loading || undefined}>
        {items.map(({ index, start }) => {
          const resource = resourceAt(pages, index);
          return (
            <ResourceRow
              key={index}
              id={`${id}-${index}`}
              index={index}
              start={start}
              resource={resource}
              cluster={cluster}
              leaf={leaf}
              selected={index === selected}
              marked={marks.marked.size > 0 && resource !== undefined && marks.marked.has(markKey(resource))}
              menu={index === menu?.at ? menu.button : null}
              actions={actions}
            />
          );
        })}
      </div>
    </div>
  );
}
