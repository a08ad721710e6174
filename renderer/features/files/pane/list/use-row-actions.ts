import { useState } from 'react';
import { useApp } from '../../../../state/context.tsx';
import { useStable } from '../../../../ui/use-stable.ts';
import type { PaneStore } from '../pane-store.ts';
import type { PaneDrag } from '../use-pane-drag.ts';
import type { RowActions } from './file-row.tsx';
import type { ListCommand } from './list-keys.ts';
import { select } from './selection.ts';

interface Options {
  pane: PaneStore;
  drag: PaneDrag;
  onCommand(command: ListCommand): void;
  /** The menu for the chosen rows, in window pixels. */
  onMenu(at: { x: number; y: number }): void;
}

/** What the mouse does with a row. `overRow` is the folder that something is held over, or -1. */
export function useRowActions({ pane, drag, onCommand, onMenu }: Options): { actions: RowActions; overRow: number; leaveRow(): void } {
  const { info } = useApp();
  const [overRow, setOverRow] = useState(-1);
  /** A row that is not among the chosen ones becomes the only one. */
  const choose = (index: number) => {
    const { shown, selection } = pane.getState();
    const row = shown[index];
    if (row && !selection.ids.has(row.id)) pane.select(select(selection, shown, index, 'only'));
  };
  const folderAt = (index: number) => {
    const row = pane.getState().shown[index];
    return row?.isFolder ? row.entry.name : null;
  };
  const actions = useStable<RowActions>({
    click: (index, event) => {
      const { shown, selection } = pane.getState();
      const toggles = info.platform === 'darwin' ? event.metaKey : event.ctrlKey;
      pane.select(select(selection, shown, index, event.shiftKey ? 'extend' : toggles ? 'toggle' : 'only'));
    },
    open: (index) => {
      const { shown, selection } = pane.getState();
      pane.select(select(selection, shown, index, 'only'));
      onCommand('open');
    },
    menu: (index, event) => {
      event.preventDefault();
      event.stopPropagation();
      choose(index);
      onMenu({ x: event.clientX, y: event.clientY });
    },
    drag: (index, event) => {
      choose(index);
      drag.start(event);
    },
    dragOver: (index, event) => {
      const folder = folderAt(index);
      if (folder === null || !drag.accepts(event, folder)) return setOverRow(-1);
      event.preventDefault();
      event.stopPropagation();
      setOverRow(index);
    },
    drop: (index, event) => {
      setOverRow(-1);
      const folder = folderAt(index);
      if (folder === null || !drag.accepts(event, folder)) return;
      event.preventDefault();
      event.stopPropagation();
      drag.drop(event, folder);
    },
  });
  return { actions, overRow, leaveRow: () => setOverRow(-1) };
}
