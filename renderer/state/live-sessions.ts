import { createStore, type StoreApi } from 'zustand';

/** What a document's own view knows about itself and the tab bar shows. */
export interface LiveSession {
  /** A program is running behind the tab: closing asks first. */
  readonly live: boolean;
  /** Shown as a spinner on the tab. */
  readonly connecting: boolean;
  /** The session ended with an error. */
  readonly failed: boolean;
  /** Replaces the document's own title; empty for none. Text from a server: hostile. */
  readonly title: string;
  /** The folder that the shell says it is in; empty when it says nothing. Text from a server: hostile. */
  readonly folder: string;
}

export interface LiveSessionsState {
  readonly sessions: Readonly<Record<string, LiveSession>>;
  report(documentId: string, change: Partial<LiveSession>): void;
  remove(documentId: string): void;
}

export type LiveSessionsStore = StoreApi<LiveSessionsState>;

const quiet: LiveSession = { live: false, connecting: false, failed: false, title: '', folder: '' };

export const createLiveSessionsStore = (): LiveSessionsStore =>
  createStore((set) => ({
    sessions: {},
    report: (documentId, change) =>
      set(({ sessions }) => ({ sessions: { ...sessions, [documentId]: { ...(sessions[documentId] ?? quiet), ...change } } })),
    remove: (documentId) =>
      set(({ sessions }) => {
        const { [documentId]: _gone, ...rest } = sessions;
        return { sessions: rest };
      }),
  }));
