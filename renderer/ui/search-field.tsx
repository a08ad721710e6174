import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { Kbd } from './kbd.tsx';
import classes from './list-page.module.css';

/** A pause in typing after which a search is sent: short enough to feel at once, longer than the time between two keys. */
const quietMs = 200;

interface Props {
  inputRef: RefObject<HTMLInputElement | null>;
  label: string;
  placeholder: string;
  value: string;
  onChange(search: string): void;
  onLeave(): void;
}

/** The search of a list: searches once the typing has paused. Down goes to the list; Esc empties the field, then goes to the list. */
export function SearchField({ inputRef, label, placeholder, value, onChange, onLeave }: Props) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    if (value !== sent.current) setText(value);
    sent.current = value;
  }, [value]);
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      onChange(text);
    }, quietMs);
    return () => clearTimeout(timer);
  }, [text, onChange]);
  return (
    <TextInput
      ref={inputRef}
      className={classes.search}
      type="text"
      role="searchbox"
      aria-label={label}
      aria-keyshortcuts="/"
      placeholder={placeholder}
      leftSection={<IconSearch size={15} />}
      rightSection={text ? <CloseButton size="xs" aria-label="Clear search field" onClick={() => setText('')} /> : <Kbd keys="/" />}
      value={text}
      maxLength={1000}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'ArrowDown' || (event.key === 'Escape' && text === '')) {
          event.preventDefault();
          onLeave();
        } else if (event.key === 'Escape') setText('');
      }}
      spellCheck={false}
      autoComplete="off"
    />
  );
}
