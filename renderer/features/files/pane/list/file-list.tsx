import type { RefObject } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../../../state/context.tsx';
import { SortHeader } from '../../../../ui/list/sort-header.tsx';
import { VirtualGrid } from '../../../../ui/list/virtual-grid.tsx';
import listPage from '../../../../ui/list-page.module.css';
import { useNow } from '../../../../ui/use-now.ts';
import classes from '../../files.module.css';
import type { PaneStore } from '../pane-store.ts';
import type { PaneDrag } from '../use-pane-drag.ts';
import { FileRow, fileRowHeight } from './file-row.tsx';
import { type ListCommand, moveHow } from './list-keys.ts';
import { type Column, columns, type Sort } from './row-order.ts';
import { noSelection, select } from './selection.ts';
import { useListKeys } from './use-list-keys.ts';
import { useRowActions } from './use-row-actions.ts';

const columnNames: Record<Column, string> = { name: 'Name', size: 'Size', modified: 'Changed', mode: 'Mode', owner: 'Owner' };
const columnClasses: Partial<Record<Column, string>> = { size: classes.cellNumber, mode: classes.cellMode, owner: classes.cellOwner };

interface Props {
  listRef: RefObject<HTMLDivElement | null>;
  pane: PaneStore;
  label: string;
  drag: PaneDrag;
  onCommand(command: ListCommand): void;
  /** The menu for the chosen rows, in window pixels. */
  onMenu(at: { x: number; y: number }): void;
}

/** The entries of a folder, walked and chosen by keyboard and mouse. */
export function FileList({ listRef, pane, label, drag, onCommand, onMenu }: Props) {
  const { info } = useApp();
  const now = useNow(60_000);
  const { shown, selection, sort, status } = useStore(pane);
  const onKey = useListKeys({ pane, onCommand, onMenu });
  const { actions, overRow, leaveRow } = useRowActions({ pane, drag, onCommand, onMenu });
  const { cursor } = selection;
  const isLoading = status === 'loading';
  return (
    <VirtualGrid
      gridRef={listRef}
      className={`${listPage.grid} ${classes.grid}`}
      aria-label={label}
      aria-multiselectable
      aria-rowcount={isLoading ? -1 : shown.length + 1}
      aria-colcount={columns.length}
      aria-busy={isLoading}
      head={<Head sort={sort} onSort={(by) => void pane.sortBy(by)} />}
      rows={shown.length}
      rowHeight={fileRowHeight}
      active={cursor}
      // By name, since the rows of a folder that is read anew have other ids.
      activeKey={shown[cursor]?.entry.name ?? ''}
      keyOf={(index) => shown[index]?.id ?? index}
      onGo={(index, event) => pane.select(select(selection, shown, index, moveHow(event, info.platform)))}
      onKey={onKey}
      onDragLeave={leaveRow}
      onContextMenu={(event) => {
        event.preventDefault();
        pane.select(noSelection);
        onMenu({ x: event.clientX, y: event.clientY });
      }}
    >
      {({ id, index, start }) => {
        const row = shown[index];
        return (
          row && (
            <FileRow
              id={id}
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
      }}
    </VirtualGrid>
  );
}

function Head({ sort, onSort }: { sort: Sort; onSort(sort: Sort): void }) {
  return (
    <div className={listPage.head} role="row" aria-rowindex={1}>
      {columns.map((column) => (
        <SortHeader
          key={column}
          name={columnNames[column]}
          field={column}
          sort={{ field: sort.column, descending: sort.descending }}
          skipped
          className={columnClasses[column]}
          onSort={({ field, descending }) => onSort({ column: field, descending })}
        />
      ))}
    </div>
  );
}
