import { useVirtualizer } from '@tanstack/react-virtual';
import { Fragment, type HTMLAttributes, type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useRef } from 'react';
import listPage from '../list-page.module.css';
import { moveTarget } from './move-target.ts';

/** Rows drawn beyond each edge: a turn of the wheel stays within them, so that no blank rows flash by. */
const overscan = 12;

/** Where a row is drawn; `id` is what the list names it by to screen readers. */
export interface RowPlace {
  readonly id: string;
  readonly index: number;
  /** Pixels from the top of the list. */
  readonly start: number;
}

/** Further attributes, such as `aria-label`, `aria-rowcount` or handlers of drags, go to the element that scrolls and has the focus. */
interface Props extends Omit<HTMLAttributes<HTMLDivElement>, 'children' | 'onKeyDown' | 'role'> {
  gridRef: RefObject<HTMLDivElement | null>;
  role?: 'grid' | 'listbox';
  /** A row of headers that stays at the top. */
  head?: ReactNode;
  /** How many rows are drawn, placeholders included. */
  rows: number;
  /** How many of them the keys reach; all when it is left out. */
  count?: number;
  /** Pixels; every row has the same height. */
  rowHeight: number;
  /** Index of the row the keyboard is on, or -1. */
  active: number;
  /** Names the active row in lists whose rows change their places. */
  activeKey?: string;
  /** Names the row at an index for React; without it a row is named by its index. */
  keyOf?(index: number): string | number;
  /** The rows are of the query before: they are drawn pale, and the list goes back to its top. */
  stale?: boolean;
  /** The keyboard moves to this row, which is in the list; the event tells of Shift and the like. */
  onGo(index: number, event: KeyboardEvent): void;
  /** The list's own keys, before those that move. Returns whether the key was one of them. */
  onKey?(event: KeyboardEvent): boolean;
  /** The rows that are drawn now. Has to be the same function from draw to draw. */
  onShow?(first: number, last: number): void;
  children(place: RowPlace): ReactNode;
}

/**
 * A list that draws only the rows in sight. It has the focus itself and names the active row to screen readers
 * (`aria-activedescendant`). The arrows, Home, End, Page Up and Page Down move; keys pressed inside of a row's buttons stay there.
 * A new active row is scrolled to. An active row that merely changes its place is followed only when it was in sight, so that a list
 * that is sorted anew or grows does not jump away from rows that were scrolled to.
 */
export function VirtualGrid(props: Props) {
  const { gridRef, role = 'grid', className, head, rows, count = rows, rowHeight, active, activeKey, keyOf, stale = false, ...more } = props;
  const { onGo, onKey, onShow, children, ...attributes } = more;
  const id = useId();
  const virtualizer = useVirtualizer({ count: rows, getScrollElement: () => gridRef.current, estimateSize: () => rowHeight, overscan });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number of rows counts too, since the rows shown may be new ones
  useEffect(() => onShow?.(first, last), [onShow, first, last, rows]);
  useEffect(() => {
    if (stale) virtualizer.scrollToOffset(0);
  }, [stale, virtualizer]);

  const identity = active < 0 ? null : (activeKey ?? keyOf?.(active) ?? active);
  const before = useRef<{ identity: typeof identity; active: number; inSight: boolean }>({ identity: null, active: -1, inSight: false });
  useEffect(() => {
    const { startIndex, endIndex } = virtualizer.range ?? { startIndex: 0, endIndex: -1 };
    const isNew = identity !== before.current.identity;
    const isMoved = active !== before.current.active && before.current.inSight;
    const follow = active >= 0 && (isNew || isMoved);
    if (follow) virtualizer.scrollToIndex(active);
    before.current = { identity, active, inSight: follow || (active >= startIndex && active <= endIndex) };
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.nativeEvent.isComposing) return;
    const handled = onKey?.(event) ?? false;
    if (!handled) {
      // One row stays in sight as a page turns, and the headers hide one more.
      const page = Math.max(1, Math.floor((gridRef.current?.clientHeight ?? 0) / rowHeight) - (head ? 2 : 1));
      const target = moveTarget(event.key, { active, count, page });
      if (target === null) return;
      virtualizer.scrollToIndex(target);
      onGo(target, event);
    }
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both of its roles, grid and listbox, support an active descendant
    <div
      {...attributes}
      ref={gridRef}
      className={className}
      role={role}
      tabIndex={0}
      aria-activedescendant={items.some(({ index }) => index === active) ? `${id}-${active}` : undefined}
      onKeyDown={onKeyDown}
    >
      {head}
      <div
        role={role === 'grid' ? 'rowgroup' : 'presentation'}
        className={listPage.body}
        style={{ height: virtualizer.getTotalSize() }}
        data-stale={stale || undefined}
      >
        {items.map(({ index, start }) => (
          <Fragment key={keyOf?.(index) ?? index}>{children({ id: `${id}-${index}`, index, start })}</Fragment>
        ))}
      </div>
    </div>
  );
}
