import type { KeyboardEvent, RefObject } from 'react';
import type { AccessRequest, RequestsOverview } from '../../../../shared/model/access-request.ts';
import { serverTime } from '../../../state/requests.ts';
import { indexOfRow, type Paged, type PagedStore, rowAt } from '../../../ui/list/paged-store.ts';
import { SortHeader } from '../../../ui/list/sort-header.tsx';
import { VirtualGrid } from '../../../ui/list/virtual-grid.tsx';
import listPage from '../../../ui/list-page.module.css';
import { useNow } from '../../../ui/use-now.ts';
import { useStable } from '../../../ui/use-stable.ts';
import classes from '../requests.module.css';
import { RequestRow } from './request-row.tsx';
import type { RequestsDocumentData } from './requests-document-data.ts';

const rowHeight = 36;
/** Rows drawn before anything is known: enough to fill a window of 800 pixels. */
const placeholders = 20;
type Sort = RequestsDocumentData['sort'];

interface Props {
  gridRef: RefObject<HTMLDivElement | null>;
  store: PagedStore<AccessRequest>;
  pages: Paged<AccessRequest>;
  overview: RequestsOverview | undefined;
  sort: Sort;
  /** Id of the row the keyboard is on; empty for none. It stays on its request when the list moves under it. */
  selected: string;
  /** Ids of those marked to be assumed together. */
  marked: ReadonlySet<string>;
  /** A request stands beside the list. */
  opened: boolean;
  onSort(sort: Sort): void;
  /** `open` asks for its page as well. */
  onSelect(id: string, open: boolean): void;
  onClose(): void;
  /** Marks a request, or takes its mark away; what cannot be marked stays as it is. */
  onMark(request: AccessRequest): void;
  onClearMarks(): void;
  /** Takes the marked ones; this one when none is marked. */
  onAssume(request: AccessRequest | undefined): void;
}

/** The rows, walked with the arrow keys and opened with Enter. */
export function RequestList(props: Props) {
  const { gridRef, store, pages, overview, sort, selected, marked, onSort, onSelect, onMark } = props;
  const now = serverTime(overview, useNow(30_000));
  const loading = pages.status === 'loading';
  const current = indexOfRequest(pages, selected);
  const actions = useStable({ open: (request: string) => onSelect(request, true), mark: onMark });
  return (
    <VirtualGrid
      gridRef={gridRef}
      className={`${listPage.grid} ${classes.grid}`}
      aria-label="Access requests"
      aria-rowcount={pages.count + 1}
      aria-colcount={5}
      aria-multiselectable
      aria-busy={loading}
      head={<Head sort={sort} onSort={onSort} />}
      rows={loading && pages.count === 0 ? placeholders : pages.count}
      count={pages.count}
      rowHeight={rowHeight}
      active={current}
      activeKey={selected}
      stale={loading}
      onGo={(index) => {
        const request = rowAt(pages, index);
        if (request) onSelect(request.id, false);
      }}
      onKey={(event) => ownKey(event, props, current)}
      onShow={store.show}
    >
      {({ id, index, start }) => {
        const request = rowAt(pages, index);
        return (
          <RequestRow
            id={id}
            index={index}
            start={start}
            request={request}
            selected={index === current}
            marked={request !== undefined && marked.has(request.id)}
            now={now}
            actions={actions}
          />
        );
      }}
    </VirtualGrid>
  );
}

const indexOfRequest = (pages: Paged<AccessRequest>, id: string) => (id === '' ? -1 : indexOfRow(pages, (request) => request.id === id));

function ownKey(event: KeyboardEvent, { pages, selected, marked, opened, ...on }: Props, current: number): boolean {
  const request = rowAt(pages, current);
  if (event.key === 'Escape' && marked.size > 0) on.onClearMarks();
  else if (event.key === 'Escape' && opened) on.onClose();
  else if (event.key === 'x' && request) on.onMark(request);
  else if (event.key === 'a' && !event.ctrlKey && !event.metaKey) on.onAssume(request);
  else if ((event.key === 'Enter' || event.key === ' ') && current >= 0) on.onSelect(selected, true);
  else return false;
  return true;
}

function Head({ sort, onSort }: Pick<Props, 'sort' | 'onSort'>) {
  return (
    <div className={listPage.head} role="row" aria-rowindex={1}>
      <SortHeader name="State" field="state" sort={sort} onSort={onSort} />
      <SortHeader name="User" field="user" sort={sort} onSort={onSort} />
      <div role="columnheader">Wants</div>
      <SortHeader name="Asked" field="created" sort={sort} descendingFirst onSort={onSort} />
      <SortHeader name="Access ends" field="expires" sort={sort} onSort={onSort} />
    </div>
  );
}
