import type { TransferAction } from '../../../../shared/model/files.ts';
import { useApp } from '../../../state/context.tsx';
import { movedOrder } from './transfer-order.ts';

export interface TransferCalls {
  act(ids: readonly string[], action: TransferAction): void;
  /** Moves transfers before another one; null is the end. */
  move(ids: readonly string[], before: string | null): void;
  /** How many transfers may run at a time on each server. */
  limit(perHost: number): void;
}

/** Asks the session host for changes of the queue. Failures become notices. */
export function useTransferCalls(): TransferCalls {
  const { sessionHost, transfers, notifications } = useApp();
  const orNotify = (title: string, call: Promise<unknown>) => void call.catch((caught) => notifications.getState().notifyError(title, caught));
  return {
    act: (ids, action) => orNotify('The transfer could not be changed', sessionHost().call('transfers.act', { ids: [...ids], action })),
    move(ids, before) {
      // Shown at once, so that the next key finds it so. The order that the session host answers with holds.
      transfers.setState({ order: movedOrder(transfers.getState().order, ids, before) });
      orNotify('The order could not be changed', sessionHost().call('transfers.move', { ids: [...ids], before }));
    },
    limit: (perHost) => orNotify('The limit could not be changed', sessionHost().call('transfers.limit', { perHost })),
  };
}
