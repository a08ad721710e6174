import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import { displayText } from '../../../../ui/display-text.ts';
import classes from '../../files.module.css';
import type { Side } from '../../side.ts';
import { parentPath } from './paths.ts';
import { useCompletions } from './use-completions.ts';

interface Props {
  side: Side;
  path: string;
  onOpen(path: string): void;
  onCancel(): void;
}

/** A path typed by hand, with what is there under it: arrows choose, Tab takes, Enter opens, Esc leaves. */
export function PathField({ side, path, onOpen, onCancel }: Props) {
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(path);
  const [problem, setProblem] = useState('');
  const { found, at, step } = useCompletions(side, text, path);
  useEffect(() => input.current?.select(), []);

  const open = async (typed: string) => {
    try {
      const { path: to, kind } = await side.call('files.resolve', (place) => ({ place, path: typed, base: path }));
      onOpen(kind === 'folder' ? to : (parentPath(side.style, to) ?? to));
    } catch (caught) {
      setProblem(AppError.from(caught).message);
    }
  };
  const change = (changed: string) => {
    setText(changed);
    setProblem('');
  };
  const take = (taken: string | undefined) => {
    if (taken === undefined) return;
    change(taken);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { key, shiftKey, nativeEvent } = event;
    const isArrow = key === 'ArrowDown' || key === 'ArrowUp';
    if (isArrow && found.length > 0) step(key === 'ArrowDown' ? 1 : -1);
    else if (key === 'Tab' && !shiftKey && found.length > 0) take(found[Math.max(0, at)]);
    else if (key === 'Enter' && !nativeEvent.isComposing) void open(found[at] ?? text);
    else if (key === 'Escape') onCancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={classes.pathField}>
      <input
        ref={input}
        // biome-ignore lint/a11y/noAutofocus: it appears because the person asked to type
        autoFocus
        className={classes.pathInput}
        aria-label={`Path on ${displayText(side.label, 80)}`}
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={at >= 0 ? `${listId}-${at}` : undefined}
        aria-invalid={problem !== ''}
        value={text}
        maxLength={16_384}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => change(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={onCancel}
      />
      {(found.length > 0 || problem !== '') && (
        <div className={classes.completions}>
          {problem !== '' && (
            <div role="alert" className={classes.pathProblem}>
              {displayText(problem, 400)}
            </div>
          )}
          <CompletionList id={listId} found={found} at={at} onTake={take} />
        </div>
      )}
    </div>
  );
}

interface ListProps {
  id: string;
  found: readonly string[];
  at: number;
  onTake(path: string): void;
}

function CompletionList({ id, found, at, onTake }: ListProps) {
  return (
    <div id={id} role="listbox" aria-label="Paths that begin so">
      {found.map((each, index) => (
        <div
          key={each}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          className={classes.completion}
          // The field would lose the focus, and close, before a click.
          onMouseDown={(event) => {
            event.preventDefault();
            onTake(each);
          }}
        >
          <bdi>{displayText(each, 300)}</bdi>
        </div>
      ))}
    </div>
  );
}
