import { useEffect, useRef, useState } from 'react';

/** Nothing has the focus: the element that had it went away. Keys pressed now would do nothing. */
const focusIsNowhere = () => document.activeElement === null || document.activeElement === document.body;

interface Options {
  /** With each change of this, elements may have come or gone, and the focus with them. */
  readonly cause: unknown;
  /** False while a part is not in front, or is not the one that should get the keys. */
  readonly wanted?: boolean;
}

/**
 * Keeps the focus of a part of the page at home: whenever `cause` has changed and nothing has the focus, `home` gets it. An
 * element that has the focus keeps it. Where a part lies that knows no better home, `keepFocus` finds a place.
 *
 * Returns a function that sends the focus home in any case, once the changes that were made together with the call are drawn: for
 * an element that is only then there, or that can only then have the focus.
 */
export function useFocusHome(home: () => HTMLElement | null | undefined, { cause, wanted = true }: Options): () => void {
  const latest = useRef({ home, wanted });
  useEffect(() => {
    latest.current = { home, wanted };
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the cause is what it waits for
  useEffect(() => {
    if (latest.current.wanted && focusIsNowhere()) latest.current.home()?.focus();
  }, [cause]);
  const [sent, setSent] = useState(0);
  useEffect(() => {
    if (sent > 0) latest.current.home()?.focus();
  }, [sent]);
  return () => setSent((count) => count + 1);
}
