import { useEffect, useState } from 'react';
import type { Side } from '../../side.ts';

/** A person who types a word quickly takes about this long for a letter: then one question is asked for the word. */
const quietMs = 120;

export interface Completions {
  readonly found: readonly string[];
  /** The one that the arrows chose, or -1. */
  readonly at: number;
  /** One down (1) or up (-1), round and round. */
  step(by: 1 | -1): void;
}

/** Paths that begin with the typed text, which is relative to `base`. None while the text is `base` itself. */
export function useCompletions(side: Side, text: string, base: string): Completions {
  const [found, setFound] = useState<readonly string[]>([]);
  const [at, setAt] = useState(-1);
  useEffect(() => {
    if (text === base) return setFound([]);
    const controller = new AbortController();
    const ask = () =>
      side
        .call('files.complete', (place) => ({ place, path: text, base }), controller.signal)
        .then(
          ({ paths }) => {
            setFound(paths);
            setAt(-1);
          },
          () => setFound([]),
        );
    const timer = setTimeout(() => void ask(), quietMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [side, text, base]);
  // Up from the field itself goes to the last one.
  const step = (by: 1 | -1) => setAt((at + by + found.length + (at < 0 && by < 0 ? 1 : 0)) % found.length);
  return { found, at, step };
}
