import { IconX } from '@tabler/icons-react';
import type { KeyboardEvent, RefObject } from 'react';
import { useStore } from 'zustand';
import classes from '../files.module.css';
import { PaneAction } from './pane-action.tsx';
import type { PaneStore } from './pane-store.ts';

interface Props {
  inputRef: RefObject<HTMLInputElement | null>;
  pane: PaneStore;
  label: string;
  /** To the list, which stays filtered. */
  onLeave(): void;
  /** Shows all names again. */
  onEnd(): void;
}

/** Shows only names that hold the typed words. */
export function FilterField({ inputRef, pane, label, onLeave, onEnd }: Props) {
  const filter = useStore(pane, (state) => state.filter);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onEnd();
    else if (event.key === 'Enter' || event.key === 'ArrowDown') onLeave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={classes.filterRow}>
      <input
        ref={inputRef}
        // biome-ignore lint/a11y/noAutofocus: it appears because the person asked for it
        autoFocus
        className={classes.filterInput}
        aria-label={`Filter names on ${label}`}
        placeholder="Show only names with these words"
        value={filter}
        maxLength={500}
        spellCheck={false}
        onChange={(event) => pane.show({ filter: event.currentTarget.value })}
        onKeyDown={onKeyDown}
      />
      <PaneAction label="Show all names" onClick={onEnd}>
        <IconX size={14} />
      </PaneAction>
    </div>
  );
}
