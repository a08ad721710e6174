import { createStore, type StoreApi } from 'zustand';

/** What a document's view reports about itself, for the tab bar. */
export interface TabStatus {
  /** A program is running behind the tab: closing asks first. */
  readonly isLive: boolean;
  /** Shown as a spinner on the tab. */
  readonly isConnecting: boolean;
  /** The session ended with an error. */
  readonly isFailed: boolean;
  /** Replaces the document's own title; empty for none. Text from a server: hostile. */
  readonly title: string;
  /** The folder that the shell reports; empty when it reports none. Text from a server: hostile. */
  readonly folder: string;
}

export interface TabStatusesState {
  readonly statuses: Readonly<Record<string, TabStatus>>;
  report(documentId: string, change: Partial<TabStatus>): void;
  remove(documentId: string): void;
}

export type TabStatusesStore = StoreApi<TabStatusesState>;

const quiet: TabStatus = { isLive: false, isConnecting: false, isFailed: false, title: '', folder: '' };

export const createTabStatusesStore = (): TabStatusesStore =>
  createStore((set) => ({
    statuses: {},
    report: (documentId, change) =>
      set(({ statuses }) => ({ statuses: { ...statuses, [documentId]: { ...(statuses[documentId] ?? quiet), ...change } } })),
    remove: (documentId) =>
      set(({ statuses }) => {
        const { [documentId]: _gone, ...rest } = statuses;
        return { statuses: rest };
      }),
  }));
