import { type RefObject, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../../state/context.tsx';
import { useFocusHome } from '../../../ui/focus/use-focus-home.ts';
import { useStable } from '../../../ui/use-stable.ts';

export interface QueuePanel {
  readonly listRef: RefObject<HTMLDivElement | null>;
  readonly isEmpty: boolean;
  readonly isShown: boolean;
  show(): void;
  hide(): void;
}

/** Whether the queue is shown: when it has transfers and was not hidden. It comes with the focus when somebody asks for the transfers elsewhere. */
export function useQueuePanel(visible: boolean): QueuePanel {
  const { transfers } = useApp();
  const listRef = useRef<HTMLDivElement>(null);
  const [isHidden, setHidden] = useState(false);
  const isEmpty = useStore(transfers, (state) => state.order.length === 0);
  const isWanted = useStore(transfers, (state) => state.wanted);
  const isShown = !isEmpty && !isHidden;
  // The pane's list takes the focus when its tab comes to the front; the queue takes it after that.
  const { focusList } = useStable({ focusList: useFocusHome(() => listRef.current, { cause: isShown, wanted: false }) });
  useEffect(() => {
    if (!visible || !isWanted || isEmpty) return;
    transfers.setState({ wanted: false });
    setHidden(false);
    focusList();
  }, [visible, isWanted, isEmpty, transfers, focusList]);
  return { listRef, isEmpty, isShown, show: () => setHidden(false), hide: () => setHidden(true) };
}
