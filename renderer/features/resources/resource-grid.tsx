import type { KeyboardEvent, RefObject } from 'react';
import type { ClusterKey } from '../../../shared/model/cluster.ts';
import type { Label, Resource } from '../../../shared/model/resource.ts';
import { type Paged, type PagedStore, rowAt } from '../../ui/list/paged-store.ts';
import { SortHeader } from '../../ui/list/sort-header.tsx';
import { VirtualGrid } from '../../ui/list/virtual-grid.tsx';
import listPage from '../../ui/list-page.module.css';
import { useStable } from '../../ui/use-stable.ts';
import { isTarget } from './kinds.tsx';
import type { OpenMenu } from './open-menu.ts';
import { ResourceRow, type RowActions } from './resource-row.tsx';
import classes from './resources.module.css';
import { type Marks, markKey } from './use-marks.ts';

const rowHeight = 36;
/** Rows drawn before anything is known: enough to fill a window of 800 pixels. */
const placeholders = 20;

interface Sort {
  field: 'name' | 'kind';
  descending: boolean;
}

interface Props {
  gridRef: RefObject<HTMLDivElement | null>;
  store: PagedStore<Resource>;
  pages: Paged<Resource>;
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
  onSelect(index: number, open: boolean): void;
  onCloseDetails(): void;
  onConnect(resource: Resource, login: string): void;
  onLabel(label: Label): void;
  /** Asks for the marked rows, or for this one when none is marked. */
  onRequest(resource: Resource | undefined): void;
}

/** The rows, walked with the arrow keys and opened with Enter. */
export function ResourceGrid(props: Props) {
  const { gridRef, store, pages, cluster, leaf, sort, marks, menu, onMenu, selected, onSort, onSelect, onConnect, onLabel } = props;
  const loading = pages.status === 'loading';
  const open = (index: number, resource: Resource) => {
    const [login, ...more] = resource.logins;
    if (isTarget(resource)) onMenu({ at: index, button: 'connect' });
    else if (resource.kind !== 'node' || resource.requiresRequest || login === undefined) onSelect(index, true);
    else if (more.length === 0) onConnect(resource, login);
    else onMenu({ at: index, button: 'connect' });
  };
  const markTo = (index: number) => marks.extend(index, selected, (at) => rowAt(pages, at));
  const actions = useStable<RowActions>({
    menu: onMenu,
    select: (index) => onSelect(index, true),
    mark: (index, resource, range) => (range ? markTo(index) : marks.toggle(index, resource)),
    open,
    connect: onConnect,
    label: onLabel,
  });
  return (
    <VirtualGrid
      gridRef={gridRef}
      className={`${listPage.grid} ${classes.grid}`}
      aria-label="Resources"
      aria-rowcount={pages.complete ? pages.count + 1 : -1}
      aria-colcount={4}
      aria-multiselectable
      aria-busy={loading}
      head={<Head sort={sort} onSort={onSort} />}
      rows={loading && pages.count === 0 ? placeholders : pages.count + (pages.complete ? 0 : 1)}
      count={pages.count}
      rowHeight={rowHeight}
      active={selected}
      stale={loading}
      onGo={(index, event) => {
        if (event.shiftKey) markTo(index);
        onSelect(index, false);
      }}
      onKey={(event) => ownKey(event, props, open)}
      onShow={store.show}
    >
      {({ id, index, start }) => {
        const resource = rowAt(pages, index);
        return (
          <ResourceRow
            id={id}
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
      }}
    </VirtualGrid>
  );
}

function ownKey(
  event: KeyboardEvent,
  { pages, selected, marks, detailed, onCloseDetails, onRequest, onSelect }: Props,
  open: RowActions['open'],
): boolean {
  const current = rowAt(pages, selected);
  if (event.key === 'Escape' && marks.marked.size > 0) marks.clear();
  else if (event.key === 'Escape' && detailed) onCloseDetails();
  else if (event.key === 'x' && current) marks.toggle(selected, current);
  else if (event.key === 'r' && !event.ctrlKey && !event.metaKey) onRequest(current);
  else if (event.key === ' ' && current) onSelect(selected, true);
  else if (event.key === 'Enter' && current) open(selected, current);
  else return false;
  return true;
}

function Head({ sort, onSort }: Pick<Props, 'sort' | 'onSort'>) {
  return (
    <div className={listPage.head} role="row" aria-rowindex={1}>
      <SortHeader name="Name" field="name" sort={sort} onSort={onSort} />
      <SortHeader name="Type" field="kind" sort={sort} onSort={onSort} />
      <div role="columnheader" className={classes.cellLabels}>
        Labels
      </div>
      <div role="columnheader" aria-label="Actions" />
    </div>
  );
}
