import { useVirtualizer } from '@tanstack/react-virtual';
import { type DragEvent, type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../../state/context.tsx';
import { SortHeader } from '../../../ui/list/sort-header.tsx';
import listPage from '../../../ui/list-page.module.css';
import { useNow } from '../../../ui/use-now.ts';
import { useStable } from '../../../ui/use-stable.ts';
import classes from '../files.module.css';
import { FileRow, type RowActions } from './file-row.tsx';
import { type ListKey, listKey } from './list-keys.ts';
import type { PaneStore } from './pane-store.ts';
import { type Column, columns } from './row-order.ts';
import { noSelection, select, selectAll, typeAhead } from './selection.ts';

export const rowHeight = 26;
const typingMs = 800;
const columnNames: Record<Column, string> = { name: 'Name', size: 'Size', modified: 'Changed', mode: 'Mode', owner: 'Owner' };
const columnClasses: Partial<Record<Column, string>> = { size: classes.cellNumber, mode: classes.cellMode, owner: classes.cellOwner };

/** Keys that mean an action of the whole pane. */
export type ListCommand = Exclude<ListKey['does'], 'go' | 'toggle' | 'type' | 'select-all' | 'clear' | 'menu'>;

interface Props {
  gridRef: RefObject<HTMLDivElement | null>;
  pane: PaneStore;
  label: string;
  onCommand(command: ListCommand): void;
  /** The menu for the chosen rows, in window pixels. */
  onMenu(at: { x: number; y: number }): void;
  onDragStart(event: DragEvent): void;
  /** Whether what is held over the list may be put into a folder of it; null is the folder that is shown. */
  accepts(event: DragEvent, folder: string | null): boolean;
  onDrop(event: DragEvent, folder: string | null): void;
}

/** The entries of a folder: drawn only where they are looked at, walked and chosen by keyboard and mouse. */
export function FileList({ gridRef, pane, label, onCommand, onMenu, onDragStart, accepts, onDrop }: Props) {
  const { info } = useApp();
  const id = useId();
  const now = useNow(60_000);
  const { shown, selection, sort, status } = useStore(pane);
  const [overRow, setOverRow] = useState(-1);
  const typed = useRef({ text: '', at: 0 });
  const virtualizer = useVirtualizer({ count: shown.length, getScrollElement: () => gridRef.current, estimateSize: () => rowHeight, overscan: 15 });
  const items = virtualizer.getVirtualItems();
  const { cursor } = selection;
  useEffect(() => {
    if (cursor >= 0) virtualizer.scrollToIndex(cursor);
  }, [cursor, virtualizer]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.nativeEvent.isComposing) return;
    const page = Math.max(1, Math.floor((gridRef.current?.clientHeight ?? 0) / rowHeight) - 2);
    const isTyping = typed.current.text !== '' && event.timeStamp - typed.current.at < typingMs;
    const key = listKey(event, { cursor, count: shown.length, page, platform: info.platform, isTyping });
    if (!key) return;
    event.preventDefault();
    switch (key.does) {
      case 'go':
        return pane.select(select(selection, shown, key.to, key.how));
      case 'toggle':
        pane.select(select(selection, shown, cursor, 'toggle'));
        if (key.thenDown) pane.select(select(pane.getState().selection, shown, cursor + 1, 'move'));
        return;
      case 'select-all':
        return pane.select(selectAll(selection, shown));
      case 'clear':
        return selection.ids.size > 0 ? pane.select({ ...noSelection, cursor }) : pane.show({ filter: '' });
      case 'menu': {
        // The menu closes on keys pressed outside it: this one is not for it.
        event.stopPropagation();
        const box = (document.getElementById(`${id}-${cursor}`) ?? event.currentTarget).getBoundingClientRect();
        return onMenu({ x: box.left + 40, y: box.top + rowHeight });
      }
      case 'type': {
        const text = isTyping ? typed.current.text + key.text : key.text;
        typed.current = { text, at: event.timeStamp };
        const found = typeAhead(shown, text, text.length > 1 ? cursor : cursor + 1);
        if (found >= 0) pane.select(select(selection, shown, found, 'only'));
        return;
      }
      default:
        onCommand(key.does);
    }
  };
  const folderAt = (index: number) => (shown[index]?.isFolder ? shown[index].entry.name : null);
  const actions = useStable<RowActions>({
    click: (index, event) => {
      const toggles = info.platform === 'darwin' ? event.metaKey : event.ctrlKey;
      pane.select(select(selection, shown, index, event.shiftKey ? 'extend' : toggles ? 'toggle' : 'only'));
    },
    open: (index) => {
      pane.select(select(selection, shown, index, 'only'));
      onCommand('open');
    },
    menu: (index, event) => {
      event.preventDefault();
      event.stopPropagation();
      const row = shown[index];
      if (row && !selection.ids.has(row.id)) pane.select(select(selection, shown, index, 'only'));
      onMenu({ x: event.clientX, y: event.clientY });
    },
    drag: (index, event) => {
      const row = shown[index];
      if (row && !selection.ids.has(row.id)) pane.select(select(selection, shown, index, 'only'));
      onDragStart(event);
    },
    dragOver: (index, event) => {
      const folder = folderAt(index);
      if (folder === null || !accepts(event, folder)) return setOverRow(-1);
      event.preventDefault();
      event.stopPropagation();
      setOverRow(index);
    },
    drop: (index, event) => {
      setOverRow(-1);
      const folder = folderAt(index);
      if (folder === null || !accepts(event, folder)) return;
      event.preventDefault();
      event.stopPropagation();
      onDrop(event, folder);
    },
  });
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  return (
    <div
      ref={gridRef}
      className={`${listPage.grid} ${classes.grid}`}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-multiselectable
      aria-rowcount={status === 'loading' ? -1 : shown.length + 1}
      aria-colcount={columns.length}
      aria-busy={status === 'loading'}
      aria-activedescendant={cursor >= first && cursor <= last ? `${id}-${cursor}` : undefined}
      onKeyDown={onKeyDown}
      onDragLeave={() => setOverRow(-1)}
      onContextMenu={(event) => {
        event.preventDefault();
        pane.select(noSelection);
        onMenu({ x: event.clientX, y: event.clientY });
      }}
    >
      <div className={listPage.head} role="row" aria-rowindex={1}>
        {columns.map((column) => (
          <SortHeader
            key={column}
            name={columnNames[column]}
            field={column}
            sort={{ field: sort.column, descending: sort.descending }}
            skipped
            className={columnClasses[column]}
            onSort={({ field, descending }) => void pane.sortBy({ column: field, descending })}
          />
        ))}
      </div>
      <div role="rowgroup" className={listPage.body} style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const row = shown[index];
          return (
            row && (
              <FileRow
                key={row.id}
                id={`${id}-${index}`}
                row={row}
                index={index}
                start={start}
                selected={selection.ids.has(row.id)}
                current={index === cursor}
                isTarget={index === overRow}
                now={now}
                actions={actions}
              />
            )
          );
        })}
      </div>
    </div>
  );
}
