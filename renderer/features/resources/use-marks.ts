import { useState } from 'react';
import { resourceIdText } from '../../../shared/model/access-request.ts';
import type { Resource } from '../../../shared/model/resource.ts';
import { requestable } from '../../state/requests.ts';

export const markKey = (resource: Resource): string => resourceIdText(requestable(resource).id);

export interface Marks {
  /** By `markKey`. Only resources that can be asked for. */
  readonly marked: ReadonlyMap<string, Resource>;
  /** Marks a row or takes its mark away. */
  toggle(index: number, resource: Resource): void;
  /** Marks everything from the row that was marked last to this one. */
  extend(index: number, from: number, rowAt: (index: number) => Resource | undefined): void;
  clear(): void;
}

/** Rows marked to be asked for together. */
export function useMarks(): Marks {
  const [marked, setMarked] = useState<ReadonlyMap<string, Resource>>(new Map());
  const [anchor, setAnchor] = useState(-1);
  return {
    marked,
    toggle: (index, resource) => {
      setAnchor(index);
      if (!resource.requiresRequest) return;
      const next = new Map(marked);
      if (!next.delete(markKey(resource))) next.set(markKey(resource), resource);
      setMarked(next);
    },
    extend: (index, from, rowAt) => {
      const start = anchor >= 0 ? anchor : Math.max(0, from);
      setAnchor(start);
      const next = new Map(marked);
      for (let at = Math.min(start, index); at <= Math.max(start, index); at++) {
        const resource = rowAt(at);
        if (resource?.requiresRequest) next.set(markKey(resource), resource);
      }
      setMarked(next);
    },
    clear: () => {
      setAnchor(-1);
      setMarked(new Map());
    },
  };
}
