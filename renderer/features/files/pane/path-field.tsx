import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { displayText } from '../../../ui/display-text.ts';
import classes from '../files.module.css';
import type { Side } from '../side.ts';
import { parentPath } from './paths.ts';

const quietMs = 120;

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
  const [found, setFound] = useState<readonly string[]>([]);
  const [at, setAt] = useState(-1);
  const [problem, setProblem] = useState('');
  useEffect(() => input.current?.select(), []);
  useEffect(() => {
    if (text === path) return setFound([]);
    const controller = new AbortController();
    const timer = setTimeout(
      () =>
        side.call('files.complete', { path: text, base: path }, controller.signal).then(
          ({ paths }) => {
            setFound(paths);
            setAt(-1);
          },
          () => setFound([]),
        ),
      quietMs,
    );
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [side, text, path]);

  const open = async (typed: string) => {
    try {
      const { path: to, kind } = await side.call('files.resolve', { path: typed, base: path });
      onOpen(kind === 'folder' ? to : (parentPath(side.style, to) ?? to));
    } catch (caught) {
      setProblem(AppError.from(caught).message);
    }
  };
  const take = (taken: string | undefined) => {
    if (taken === undefined) return;
    setText(taken);
    setProblem('');
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) setAt((at + step + found.length + (at < 0 && step < 0 ? 1 : 0)) % found.length);
    else if (event.key === 'Tab' && !event.shiftKey && found.length > 0) take(found[Math.max(0, at)]);
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) void open(at >= 0 ? found[at]! : text);
    else if (event.key === 'Escape') onCancel();
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
        onChange={(event) => {
          setText(event.currentTarget.value);
          setProblem('');
        }}
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
          <div id={listId} role="listbox" aria-label="Paths that begin so">
            {found.map((each, index) => (
              <div
                key={each}
                id={`${listId}-${index}`}
                role="option"
                aria-selected={index === at}
                className={classes.completion}
                onMouseDown={(event) => {
                  event.preventDefault();
                  take(each);
                }}
              >
                <bdi>{displayText(each, 300)}</bdi>
              </div>
            ))}
          </div>
        </div>
      )}
    </div>
  );
}
