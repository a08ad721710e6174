import { createStore, type StoreApi } from 'zustand';
import type { ClusterKey } from '../../shared/model/cluster.ts';
import type { Document, Workspace } from '../../shared/model/document.ts';

export interface WorkspaceState {
  readonly restored: boolean;
  readonly documents: readonly Document[];
  readonly active: string | null;
  /** Cluster of the tab that was active last among those that have one. */
  readonly lastCluster: ClusterKey | null;
  /** Documents closed in this run, newest last, at most twenty. */
  readonly closed: readonly Document[];
  restore(workspace: Workspace): void;
  /** Adds a tab behind the active one and shows it; a document whose id is already open is only shown. */
  open(document: Document): void;
  activate(id: string): void;
  /** Replaces the document of the same id; unknown ids change nothing. */
  update(document: Document): void;
  /** Closes without asking; use `closeTabs` for what a person does. */
  remove(ids: readonly string[]): void;
  move(id: string, toIndex: number): void;
  reopen(): void;
}

export type WorkspaceStore = StoreApi<WorkspaceState>;

const mostClosed = 20;

export const createWorkspaceStore = (): WorkspaceStore =>
  createStore((set, get) => ({
    restored: false,
    documents: [],
    active: null,
    lastCluster: null,
    closed: [],
    restore: ({ documents, active }) =>
      set((state) => {
        const all = [...documents.map(reopened), ...state.documents];
        const wanted = state.active ?? active;
        return { restored: true, documents: all, active: all.some(({ id }) => id === wanted) ? wanted : (all[0]?.id ?? null) };
      }),
    open: (document) =>
      set(({ documents, active, lastCluster }) => {
        const present = documents.some(({ id }) => id === document.id);
        const at = documents.findIndex(({ id }) => id === active);
        const index = at < 0 ? documents.length : at + 1;
        return {
          documents: present ? documents : documents.toSpliced(index, 0, document),
          active: document.id,
          lastCluster: documentCluster(document) ?? lastCluster,
        };
      }),
    activate: (id) => {
      const document = get().documents.find((candidate) => candidate.id === id);
      if (document) set(({ lastCluster }) => ({ active: id, lastCluster: documentCluster(document) ?? lastCluster }));
    },
    update: (document) =>
      set(({ documents }) =>
        documents.some(({ id }) => id === document.id) ? { documents: documents.map((old) => (old.id === document.id ? document : old)) } : {},
      ),
    remove: (ids) =>
      set(({ documents, active, closed }) => {
        const gone = documents.filter(({ id }) => ids.includes(id));
        const rest = documents.filter(({ id }) => !ids.includes(id));
        return { documents: rest, active: nextActive(documents, rest, active), closed: [...closed, ...gone].slice(-mostClosed) };
      }),
    move: (id, toIndex) =>
      set(({ documents }) => {
        const from = documents.findIndex((document) => document.id === id);
        const document = documents[from];
        if (!document) return {};
        const to = Math.max(0, Math.min(documents.length - 1, toIndex));
        return from === to ? {} : { documents: documents.toSpliced(from, 1).toSpliced(to, 0, document) };
      }),
    reopen: () => {
      const { closed, open } = get();
      const last = closed.at(-1);
      if (!last) return;
      set({ closed: closed.slice(0, -1) });
      open({ ...reopened(last), id: crypto.randomUUID() });
    },
  }));

/** What is opened anew because it was open before. */
function reopened(document: Document): Document {
  if (document.kind === 'ssh') return { ...document, origin: 'reopened_session' };
  if (document.kind === 'shell' && document.gateway) return { ...document, gateway: { ...document.gateway, origin: 'reopened_session' } };
  return document;
}

/** The tab to show after some were closed: the same one, else the next one to the right that is left, else the last. */
function nextActive(before: readonly Document[], after: readonly Document[], active: string | null): string | null {
  if (after.some(({ id }) => id === active)) return active;
  const at = before.findIndex(({ id }) => id === active);
  const right = before.slice(at + 1).find(({ id }) => after.some((document) => document.id === id));
  return (right ?? after.at(-1))?.id ?? null;
}

/** The cluster a document belongs to; null for those that belong to the app. */
export function documentCluster(document: Document | undefined): ClusterKey | null {
  if (document?.kind === 'resources' || document?.kind === 'requests' || document?.kind === 'gateway') return document.cluster;
  if (document?.kind === 'shell') return document.gateway?.cluster ?? null;
  if (document?.kind === 'ssh' || document?.kind === 'files') return document.target.cluster;
  return null;
}
