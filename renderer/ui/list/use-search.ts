import { type KeyboardEvent, type RefObject, useEffect, useRef } from 'react';
import { paneHasFocus } from '../focus/focus-targets.ts';

interface Search {
  /** For the page's search field. */
  ref: RefObject<HTMLInputElement | null>;
  /** For the page's outermost element: slash goes to the search field, unless it is typed into another one. */
  onKeyDown(event: KeyboardEvent): void;
}

/** The search field of a page. It takes the focus when the page comes to the front, unless something else of the page has it or is to have it. */
export function useSearch(focused: boolean, isOther = false): Search {
  const ref = useRef<HTMLInputElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is closed later leaves the focus to the list
  useEffect(() => {
    if (focused && !isOther && !paneHasFocus(ref.current)) ref.current?.focus();
  }, [focused]);
  const onKeyDown = (event: KeyboardEvent) => {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    if (event.key !== '/' || isTyping) return;
    event.preventDefault();
    ref.current?.focus();
  };
  return { ref, onKeyDown };
}
