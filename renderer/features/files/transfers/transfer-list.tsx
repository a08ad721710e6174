import { type DragEvent, type KeyboardEvent, type RefObject, useState } from 'react';
import { useStore } from 'zustand';
import type { TransferRow as Transfer, TransferAction } from '../../../../shared/model/files.ts';
import { useApp } from '../../../state/context.tsx';
import { VirtualGrid } from '../../../ui/list/virtual-grid.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useStable } from '../../../ui/use-stable.ts';
import { activeRowOf } from '../active-row.ts';
import classes from '../transfers.module.css';
import { QueueMenu } from './queue-menu.tsx';
import { moveTarget, type Step } from './transfer-order.ts';
import { type TransferActions, TransferRow } from './transfer-row.tsx';
import { actionsOf } from './transfer-words.ts';
import { useQueueSelection } from './use-queue-selection.ts';

/** Pixels; the style sheet has the same number. */
const rowHeight = 30;
/** What a dragged transfer is known by, also to other windows. */
const dragType = 'application/x-slipway-transfer';
/** The space bar does only what pressing it once more takes back. */
const spaceActions: readonly TransferAction[] = ['pause', 'resume', 'retry'];
/** With Alt, these keys move the chosen rows. */
const altSteps: Partial<Record<string, Step>> = { ArrowUp: 'up', ArrowDown: 'down', Home: 'first', End: 'last' };

interface Props {
  listRef: RefObject<HTMLDivElement | null>;
  onAct(ids: readonly string[], action: TransferAction): void;
  onMove(ids: readonly string[], before: string | null): void;
  onLeave(): void;
  /** What Enter means for a transfer: its question, or the folder it goes into. */
  onOpen(row: Transfer): void;
}

/** The queue, in the order in which it is worked off. Rows are chosen, moved with Alt and the arrows or by dragging, and acted on by keys. */
export function TransferList(props: Props) {
  const { listRef, onOpen } = props;
  const { transfers } = useApp();
  const { rows, order } = useStore(transfers);
  const now = useNow(1000);
  const [menuAt, setMenuAt] = useState<{ x: number; y: number } | null>(null);
  const queue = useQueueActions(props);
  const { cursor, low, high, chosen, go } = queue.selection;
  const actions = useStable<TransferActions>({
    ...dragging(props.onMove),
    act: props.onAct,
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
  });
  return (
    <>
      <VirtualGrid
        gridRef={listRef}
        className={classes.list}
        aria-label="Transfers"
        aria-multiselectable
        aria-rowcount={order.length}
        aria-colcount={4}
        rows={order.length}
        rowHeight={rowHeight}
        active={cursor}
        activeKey={order[cursor] ?? ''}
        keyOf={(index) => order[index] ?? index}
        onGo={(index, event) => go(index, event.shiftKey)}
        onKey={(event) => queue.onKey(event, setMenuAt)}
      >
        {({ id, index, start }) => {
          const row = rows[order[index] ?? ''];
          const isSelected = index >= low && index <= high;
          const at = { id, index, start, selected: isSelected, current: index === cursor };
          return row && <TransferRow {...at} row={row} now={row.retryAt === null ? 0 : now} actions={actions} />;
        }}
      </VirtualGrid>
      {/* Beside the list: what is outside of its box counts as out of sight there. */}
      {menuAt && (
        <QueueMenu
          at={menuAt}
          rows={chosen().flatMap((id) => rows[id] ?? [])}
          canMoveUp={low > 0}
          canMoveDown={high < order.length - 1}
          onAct={queue.act}
          onMove={queue.move}
          onOpen={onOpen}
          onClose={() => setMenuAt(null)}
        />
      )}
    </>
  );
}

/** What keys and the menu do with the chosen rows. */
function useQueueActions({ onAct, onMove, onLeave, onOpen }: Props) {
  const { transfers } = useApp();
  const { rows, order } = useStore(transfers);
  const selection = useQueueSelection(order);
  const { cursor, low, high, chosen } = selection;
  const move = (step: Step) => {
    const target = moveTarget(order, low, high, step);
    if (target !== undefined) onMove(chosen(), target);
  };
  const act = (action: TransferAction) => {
    const fit = chosen().filter((id) => rows[id] && actionsOf(rows[id]).includes(action));
    if (fit.length > 0) onAct(fit, action);
  };
  const onKey = (event: KeyboardEvent, openMenu: (at: { x: number; y: number }) => void): boolean => {
    const { key, altKey, shiftKey } = event;
    const row = rows[order[cursor] ?? ''];
    const step = altKey ? altSteps[key] : undefined;
    if (step) move(step);
    else if (key === ' ' && row) {
      const [likeliest] = actionsOf(row);
      if (likeliest && spaceActions.includes(likeliest)) act(likeliest);
    } else if (key === 'Enter' && row) onOpen(row);
    else if (key === 'Delete') for (const action of ['cancel', 'remove'] as const) act(action);
    else if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === 'a') selection.all();
    else if (key === 'Escape') onLeave();
    else if (key === 'ContextMenu' || (shiftKey && key === 'F10')) {
      // The menu closes on keys pressed outside of it. This key press opens it, so it must not arrive there.
      event.stopPropagation();
      const { left, top } = activeRowOf(event.currentTarget).getBoundingClientRect();
      openMenu({ x: left + 40, y: top });
    } else return false;
    return true;
  };
  return { selection, move, act, onKey };
}

/** A row that is dragged onto another one takes its place. */
const dragging = (onMove: Props['onMove']) => ({
  drag: (dragged: string, event: DragEvent) => {
    event.dataTransfer.setData(dragType, dragged);
    event.dataTransfer.effectAllowed = 'move';
  },
  dragOver: (_over: string, event: DragEvent) => {
    if (event.dataTransfer.types.includes(dragType)) event.preventDefault();
  },
  drop: (over: string, event: DragEvent) => {
    const dragged = event.dataTransfer.getData(dragType);
    if (dragged === '' || dragged === over) return;
    event.preventDefault();
    onMove([dragged], over);
  },
});
