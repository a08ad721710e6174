import { type KeyboardEvent, useRef } from 'react';
import { useApp } from '../../../../state/context.tsx';
import { activeRowOf } from '../../active-row.ts';
import type { PaneStore } from '../pane-store.ts';
import { fileRowHeight } from './file-row.tsx';
import { type ListCommand, listKey } from './list-keys.ts';
import { noSelection, select, selectAll, typeAhead } from './selection.ts';

/** Letters that follow each other within this time are one beginning of a name. Slow typists need about half of it. */
const typingMs = 800;

interface Options {
  pane: PaneStore;
  onCommand(command: ListCommand): void;
  /** The menu for the chosen rows, in window pixels. */
  onMenu(at: { x: number; y: number }): void;
}

/** The keys of a list of files but those that move. Answers whether a key was one of them. */
export function useListKeys({ pane, onCommand, onMenu }: Options): (event: KeyboardEvent) => boolean {
  const { info } = useApp();
  const typed = useRef({ text: '', at: 0 });
  return (event) => {
    const { shown, selection } = pane.getState();
    const { cursor } = selection;
    const isTyping = typed.current.text !== '' && event.timeStamp - typed.current.at < typingMs;
    const key = listKey(event, { platform: info.platform, isTyping });
    if (!key) return false;
    switch (key.does) {
      case 'move':
        return false;
      case 'nothing':
        return true;
      case 'toggle':
        pane.select(select(selection, shown, cursor, 'toggle'));
        if (key.thenDown) pane.select(select(pane.getState().selection, shown, cursor + 1, 'move'));
        return true;
      case 'select-all':
        pane.select(selectAll(selection, shown));
        return true;
      case 'clear':
        if (selection.ids.size > 0) pane.select({ ...noSelection, cursor });
        else pane.show({ filter: '' });
        return true;
      case 'menu': {
        // The menu closes on keys pressed outside of it. This key press opens it, so it must not arrive there.
        event.stopPropagation();
        const row = activeRowOf(event.currentTarget).getBoundingClientRect();
        onMenu({ x: row.left + 40, y: row.top + fileRowHeight });
        return true;
      }
      case 'type': {
        const text = isTyping ? typed.current.text + key.text : key.text;
        typed.current = { text, at: event.timeStamp };
        const found = typeAhead(shown, text, text.length > 1 ? cursor : cursor + 1);
        if (found >= 0) pane.select(select(selection, shown, found, 'only'));
        return true;
      }
      default:
        onCommand(key.does);
        return true;
    }
  };
}
