import { TextInput } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useState } from 'react';
import { Dialog } from './dialog.tsx';
import classes from './picker.module.css';

export interface PickerItem {
  readonly id: string;
  readonly content: ReactNode;
}

interface Props {
  label: string;
  placeholder: string;
  query: string;
  onQuery(query: string): void;
  items: readonly PickerItem[];
  onPick(id: string): void;
  onClose(): void;
  /** A line under the list: what is going on, what went wrong, what can be typed. */
  note?: ReactNode;
}

/** A field with a list under it: type, walk with the arrows (round and round), Enter takes, Esc leaves. */
export function Picker({ label, placeholder, query, onQuery, items, onPick, onClose, note }: Props) {
  const listId = useId();
  const [at, setAt] = useState(0);
  const current = Math.min(at, items.length - 1);
  const optionId = (index: number) => `${listId}-${index}`;

  useEffect(() => {
    document.getElementById(`${listId}-${current}`)?.scrollIntoView({ block: 'nearest' });
  }, [listId, current]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const item = items[current];
    if (step !== undefined && items.length > 0) {
      event.preventDefault();
      setAt((current + step + items.length) % items.length);
    } else if (event.key === 'Enter' && item && !event.nativeEvent.isComposing) {
      event.preventDefault();
      onPick(item.id);
    }
  };
  return (
    <Dialog onClose={onClose} withCloseButton={false} centered={false} yOffset="12vh" size={560} padding={0} aria-label={label}>
      <TextInput
        data-autofocus
        aria-label={label}
        placeholder={placeholder}
        variant="unstyled"
        classNames={{ input: classes.input }}
        value={query}
        maxLength={1000}
        onChange={(event) => {
          setAt(0);
          onQuery(event.currentTarget.value);
        }}
        onKeyDown={onKeyDown}
        role="combobox"
        aria-expanded={items.length > 0}
        aria-controls={listId}
        aria-activedescendant={items.length > 0 ? optionId(current) : undefined}
        aria-autocomplete="list"
        spellCheck={false}
        autoComplete="off"
      />
      <div id={listId} role="listbox" aria-label={label} className={classes.list}>
        {items.map((item, index) => (
          <div
            key={item.id}
            id={optionId(index)}
            role="option"
            aria-selected={index === current}
            className={classes.option}
            onMouseMove={() => setAt(index)}
            onClick={() => onPick(item.id)}
          >
            {item.content}
          </div>
        ))}
      </div>
      {note && (
        <div className={classes.note} role="status">
          {note}
        </div>
      )}
    </Dialog>
  );
}
