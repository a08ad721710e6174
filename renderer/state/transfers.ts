import { createStore, type StoreApi } from 'zustand';
import type { EditedFile, Transfers } from '../../shared/model/files.ts';

/** Mirror of the session host's `transfers` and `edits` topics. */
export interface TransfersState extends Transfers {
  readonly edits: Readonly<Record<string, EditedFile>>;
  /** The person wants to see the queue. The file view in front shows it, focuses it and resets this. */
  readonly wanted: boolean;
}

export type TransfersStore = StoreApi<TransfersState>;

export const noTransfers: Transfers = {
  rows: {},
  order: [],
  totals: { active: 0, queued: 0, bytesDone: 0, bytesTotal: 0, speed: 0, secondsLeft: null, progress: null },
  perHost: 2,
  problem: null,
};

export const createTransfersStore = (): TransfersStore => createStore(() => ({ ...noTransfers, edits: {}, wanted: false }));
