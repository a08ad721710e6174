import { type RefObject, useRef, useState } from 'react';
import { useStable } from '../../ui/use-stable.ts';
import type { SideKind } from './files-controller.ts';

/** The elements of a pane that get the focus, and the fields that are open in it. */
export interface PaneParts {
  readonly listRef: RefObject<HTMLDivElement | null>;
  readonly filterRef: RefObject<HTMLInputElement | null>;
  /** The path is typed by hand. */
  readonly isTyping: boolean;
  readonly isFiltering: boolean;
  setTyping(on: boolean): void;
  setFiltering(on: boolean): void;
}

function usePaneParts(): PaneParts {
  const listRef = useRef<HTMLDivElement>(null);
  const filterRef = useRef<HTMLInputElement>(null);
  const [isTyping, setTyping] = useState(false);
  const [isFiltering, setFiltering] = useState(false);
  return { listRef, filterRef, isTyping, isFiltering, setTyping, setFiltering };
}

export interface Panes {
  readonly parts: Readonly<Record<SideKind, PaneParts>>;
  /** The pane that had the focus last. Commands are for it. */
  readonly last: SideKind;
  setLast(side: SideKind): void;
  /** The functions from here on stay the same from draw to draw. */
  readonly focus: (side: SideKind) => void;
  /** The list of the last pane; null while its folder is not shown. */
  readonly lastList: () => HTMLElement | null;
  /** Opens the field that filters names, with the focus in it. */
  readonly filter: (side: SideKind) => void;
}

/** Where the focus is and goes to in the two panes of a file view. */
export function usePanes(): Panes {
  const parts = { local: usePaneParts(), remote: usePaneParts() };
  const [last, setLast] = useState<SideKind>('remote');
  const actions = useStable({
    focus: (side: SideKind) => parts[side].listRef.current?.focus(),
    lastList: () => parts[last].listRef.current,
    filter: (side: SideKind) => {
      parts[side].setFiltering(true);
      parts[side].filterRef.current?.focus();
    },
  });
  return { parts, last, setLast, ...actions };
}
