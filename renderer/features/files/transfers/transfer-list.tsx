import { Menu, VisuallyHidden } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from 'react';
import { useStore } from 'zustand';
import type { TransferRow as Transfer, TransferAction } from '../../../../shared/model/files.ts';
import { useApp } from '../../../state/context.tsx';
import { Kbd } from '../../../ui/kbd.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useStable } from '../../../ui/use-stable.ts';
import classes from '../transfers.module.css';
import { moveTarget, type Step } from './transfer-order.ts';
import { type TransferActions, TransferRow } from './transfer-row.tsx';
import { actionsOf } from './transfer-words.ts';

const rowHeight = 30;
const dragType = 'application/x-slipway-transfer';
const actionNames: Record<TransferAction, string> = {
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  retry: 'Try again',
  remove: 'Take out of the list',
};
/** What can be taken back by pressing once more. */
const spaceActions: readonly TransferAction[] = ['pause', 'resume', 'retry'];
const allActions = Object.keys(actionNames) as TransferAction[];

interface Held {
  readonly cursor: string;
  readonly anchor: string;
  readonly place: number;
}

interface Props {
  listRef: RefObject<HTMLDivElement | null>;
  onAct(ids: readonly string[], action: TransferAction): void;
  onMove(ids: readonly string[], before: string | null): void;
  onLeave(): void;
  /** What Enter means for a transfer: its question, or the folder it goes into. */
  onOpen(row: Transfer): void;
}

/** The queue, in the order in which it is worked off. Rows are chosen, moved with Alt and the arrows or by dragging, and acted on by keys. */
export function TransferList({ listRef, onAct, onMove, onLeave, onOpen }: Props) {
  const { transfers } = useApp();
  const { rows, order } = useStore(transfers);
  const id = useId();
  const now = useNow(1000);
  // By id, since rows move under the cursor; by place where its row was taken out.
  const [held, setHeld] = useState<Held>({ cursor: '', anchor: '', place: -1 });
  const at = order.indexOf(held.cursor);
  const cursor = at >= 0 ? at : Math.min(held.place, order.length - 1);
  const other = order.indexOf(held.anchor);
  const anchor = other >= 0 ? other : cursor;
  const [menuAt, setMenuAt] = useState<{ x: number; y: number } | null>(null);
  const virtualizer = useVirtualizer({ count: order.length, getScrollElement: () => listRef.current, estimateSize: () => rowHeight, overscan: 10 });
  const items = virtualizer.getVirtualItems();
  const low = Math.min(cursor, anchor);
  const high = Math.max(cursor, anchor);
  const chosen = () => order.slice(Math.max(0, low), high + 1);
  useEffect(() => {
    if (cursor >= 0) virtualizer.scrollToIndex(cursor);
  }, [cursor, virtualizer]);

  const go = (index: number, extend: boolean) => {
    const place = Math.max(0, Math.min(order.length - 1, index));
    const id = order[place] ?? '';
    setHeld({ cursor: id, anchor: extend && anchor >= 0 ? (order[anchor] ?? id) : id, place });
  };
  const move = (step: Step) => {
    const target = moveTarget(order, low, high, step);
    if (target === undefined) return;
    onMove(chosen(), target);
  };
  const act = (action: TransferAction) => {
    const fit = chosen().filter((each) => rows[each] && actionsOf(rows[each]).includes(action));
    if (fit.length > 0) onAct(fit, action);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((listRef.current?.clientHeight ?? 0) / rowHeight) - 1);
    const steps: Record<string, number> = {
      ArrowDown: cursor + 1,
      ArrowUp: cursor - 1,
      PageDown: cursor + page,
      PageUp: cursor - page,
      Home: 0,
      End: order.length - 1,
    };
    const to = steps[event.key];
    const first = rows[order[cursor] ?? ''];
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) move(event.key === 'ArrowUp' ? 'up' : 'down');
    else if (event.altKey && (event.key === 'Home' || event.key === 'End')) move(event.key === 'Home' ? 'first' : 'last');
    else if (to !== undefined) go(to, event.shiftKey);
    else if (event.key === ' ' && first) {
      const [likeliest] = actionsOf(first);
      if (likeliest && spaceActions.includes(likeliest)) act(likeliest);
    } else if (event.key === 'Enter' && first) onOpen(first);
    else if (event.key === 'Delete') for (const action of ['cancel', 'remove'] as const) act(action);
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') {
      setHeld({ cursor: order.at(-1) ?? '', anchor: order[0] ?? '', place: order.length - 1 });
    } else if (event.key === 'Escape') onLeave();
    else if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
      // The menu closes on keys pressed outside it: this one is not for it.
      event.stopPropagation();
      const box = (document.getElementById(`${id}-${cursor}`) ?? event.currentTarget).getBoundingClientRect();
      setMenuAt({ x: box.left + 40, y: box.top });
    } else return;
    event.preventDefault();
  };
  const actions = useStable<TransferActions>({
    act: onAct,
    select: (index, event) => go(index, event.shiftKey),
    menu: (index, event) => {
      event.preventDefault();
      if (index < low || index > high) go(index, false);
      setMenuAt({ x: event.clientX, y: event.clientY });
    },
    open: (index) => {
      const row = rows[order[index] ?? ''];
      if (row) onOpen(row);
    },
    drag: (dragged, event) => {
      event.dataTransfer.setData(dragType, dragged);
      event.dataTransfer.effectAllowed = 'move';
    },
    dragOver: (_over, event) => {
      if (event.dataTransfer.types.includes(dragType)) event.preventDefault();
    },
    drop: (over, event) => {
      const dragged = event.dataTransfer.getData(dragType);
      if (dragged === '' || dragged === over) return;
      event.preventDefault();
      onMove([dragged], over);
    },
  });
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  const single = low === high ? rows[order[low] ?? ''] : undefined;
  const inMenu = menuAt ? allActions.filter((action) => chosen().some((each) => rows[each] && actionsOf(rows[each]).includes(action))) : [];
  return (
    <>
      <div
        ref={listRef}
        className={classes.list}
        role="grid"
        tabIndex={0}
        aria-label="Transfers"
        aria-multiselectable
        aria-rowcount={order.length}
        aria-colcount={4}
        aria-activedescendant={cursor >= first && cursor <= last ? `${id}-${cursor}` : undefined}
        onKeyDown={onKeyDown}
      >
        <div role="rowgroup" className={classes.body} style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = rows[order[index] ?? ''];
            return (
              row && (
                <TransferRow
                  key={row.id}
                  id={`${id}-${index}`}
                  index={index}
                  start={start}
                  row={row}
                  selected={index >= low && index <= high}
                  current={index === cursor}
                  now={row.retryAt === null ? 0 : now}
                  actions={actions}
                />
              )
            );
          })}
        </div>
      </div>
      {/* Beside the list: what is outside of its box counts as out of sight there. */}
      {menuAt && (
        <Menu opened onClose={() => setMenuAt(null)} position="top-start" width={220} trapFocus>
          <Menu.Target>
            <div style={{ position: 'fixed', left: menuAt.x, top: menuAt.y, width: 1, height: 1 }}>
              <VisuallyHidden>Actions</VisuallyHidden>
            </div>
          </Menu.Target>
          <Menu.Dropdown>
            {inMenu.map((action) => (
              <Menu.Item key={action} onClick={() => act(action)}>
                {actionNames[action]}
              </Menu.Item>
            ))}
            {single && (
              <Menu.Item rightSection={<Kbd keys="Enter" />} onClick={() => onOpen(single)}>
                {single.state === 'asking' ? 'Answer its question' : 'Show its folder'}
              </Menu.Item>
            )}
            <Menu.Divider />
            <Menu.Item disabled={low <= 0} rightSection={<Kbd keys="Alt+↑" />} onClick={() => move('up')}>
              Move up
            </Menu.Item>
            <Menu.Item disabled={high >= order.length - 1} rightSection={<Kbd keys="Alt+↓" />} onClick={() => move('down')}>
              Move down
            </Menu.Item>
            <Menu.Item disabled={low <= 0} rightSection={<Kbd keys="Alt+Home" />} onClick={() => move('first')}>
              Start first
            </Menu.Item>
            <Menu.Item disabled={high >= order.length - 1} rightSection={<Kbd keys="Alt+End" />} onClick={() => move('last')}>
              Start last
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}
