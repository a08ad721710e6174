import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type RefObject, useEffect, useId } from 'react';
import type { AccessRequest, RequestsOverview } from '../../../../shared/model/access-request.ts';
import { serverTime } from '../../../state/requests.ts';
import listPage from '../../../ui/list-page.module.css';
import { SortHeader } from '../../../ui/sort-header.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useStable } from '../../../ui/use-stable.ts';
import classes from '../requests.module.css';
import { indexOfRequest, type RequestPages, type RequestPagesStore, requestAt } from './request-pages.ts';
import { RequestRow } from './request-row.tsx';
import type { RequestsDocumentData } from './requests-document-data.ts';

const rowHeight = 36;
type Sort = RequestsDocumentData['sort'];

interface Props {
  gridRef: RefObject<HTMLDivElement | null>;
  store: RequestPagesStore;
  pages: RequestPages;
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

/** The rows: drawn only where they are looked at, walked with the arrow keys, opened with Enter. */
export function RequestList({ gridRef, store, pages, overview, sort, selected, marked, opened, ...on }: Props) {
  const { onSort, onSelect, onClose, onMark, onClearMarks, onAssume } = on;
  const id = useId();
  const now = serverTime(overview, useNow(30_000));
  const loading = pages.status === 'loading';
  const rows = loading && pages.total === 0 ? 20 : pages.total;
  const virtualizer = useVirtualizer({ count: rows, getScrollElement: () => gridRef.current, estimateSize: () => rowHeight, overscan: 10 });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const current = indexOfRequest(pages, selected);
  useEffect(() => store.show(first, last), [store, first, last]);
  useEffect(() => {
    if (loading) virtualizer.scrollToOffset(0);
  }, [loading, virtualizer]);

  const goTo = (index: number) => {
    const target = Math.max(0, Math.min(pages.total - 1, index));
    virtualizer.scrollToIndex(target);
    const request = requestAt(pages, target);
    if (request) onSelect(request.id, false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((gridRef.current?.clientHeight ?? 0) / rowHeight) - 2);
    const target = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: pages.total - 1,
    }[event.key];
    const request = requestAt(pages, current);
    if (target !== undefined) goTo(target);
    else if (event.key === 'Escape' && marked.size > 0) onClearMarks();
    else if (event.key === 'x' && request) onMark(request);
    else if (event.key === 'a' && !event.ctrlKey && !event.metaKey) onAssume(request);
    else if (event.key === 'Escape' && opened) onClose();
    else if ((event.key === 'Enter' || event.key === ' ') && current >= 0) onSelect(selected, true);
    else return;
    event.preventDefault();
  };
  const actions = useStable({ open: (request: string) => onSelect(request, true), mark: onMark });
  return (
    <div
      ref={gridRef}
      className={`${listPage.grid} ${classes.grid}`}
      role="grid"
      tabIndex={0}
      aria-label="Access requests"
      aria-rowcount={pages.total + 1}
      aria-colcount={5}
      aria-multiselectable
      aria-busy={loading}
      aria-activedescendant={current >= first && current <= last ? `${id}-${current}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div className={listPage.head} role="row" aria-rowindex={1}>
        <SortHeader name="State" field="state" sort={sort} onSort={onSort} />
        <SortHeader name="User" field="user" sort={sort} onSort={onSort} />
        <div role="columnheader">Wants</div>
        <SortHeader name="Asked" field="created" sort={sort} descendingFirst onSort={onSort} />
        <SortHeader name="Access ends" field="expires" sort={sort} onSort={onSort} />
      </div>
      <div role="rowgroup" className={listPage.body} style={{ height: virtualizer.getTotalSize() }} data-stale={loading || undefined}>
        {items.map(({ index, start }) => (
          <RequestRow
            key={index}
            id={`${id}-${index}`}
            index={index}
            start={start}
            request={requestAt(pages, index)}
            selected={index === current}
            marked={marked.size > 0 && marked.has(requestAt(pages, index)?.id ?? '')}
            now={now}
            actions={actions}
          />
        ))}
      </div>
    </div>
  );
}
