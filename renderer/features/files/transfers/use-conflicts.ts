import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../../state/context.tsx';

/** The transfers that wait for an answer and whose question was not put away, the first in the queue first. */
export function useConflicts() {
  const { transfers } = useApp();
  const rows = useStore(transfers, (state) => state.rows);
  const order = useStore(transfers, (state) => state.order);
  const [later, setLater] = useState<ReadonlySet<string>>(new Set());
  const asking = useMemo(() => order.flatMap((id) => (rows[id]?.state === 'asking' && rows[id].question ? [rows[id]] : [])), [rows, order]);
  return {
    asking: asking.filter(({ id, question }) => !later.has(`${id} ${question?.path}`)),
    putAway: (id: string) => setLater(new Set([...later, `${id} ${rows[id]?.question?.path}`])),
    /** Asks again what was put away. */
    askAgain: () => setLater(new Set()),
    waiting: asking.length,
  };
}
