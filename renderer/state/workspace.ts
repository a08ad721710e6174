import { createStore, type StoreApi } from 'zustand';
import type { ClusterKey } from '../../shared/model/cluster.ts';
import type { Document } from '../../shared/model/document.ts';
import { changeDocuments, leafOf, removeDocuments, replaceDocument, resizeSplit, splitDocument } from '../../shared/model/pane-tree.ts';
import type { Pane, SplitDirection, Tab, Workspace } from '../../shared/model/workspace.ts';
import { focusedDocument, tabOf, tabWith, usableTabs } from './tabs.ts';

export interface WorkspaceState {
  readonly restored: boolean;
  /** The open tabs, left to right. No document is in two panes. */
  readonly tabs: readonly Tab[];
  /** Id of the tab in front; null when there is none. */
  readonly active: string | null;
  /** Cluster of the document that was looked at last among those that have one. */
  readonly lastCluster: ClusterKey | null;
  /** What was in the tabs that were closed in this run, newest last, at most twenty. */
  readonly closed: readonly Pane[];
  restore(workspace: Workspace): void;
  /** Shows the document: where it is already, else in a new tab behind the one in front. */
  open(document: Document): void;
  /** Adds a tab with these panes behind the one in front and shows it. Their documents must not be open. */
  openTab(root: Pane): void;
  activate(tabId: string): void;
  /** Shows the tab of this document and gives the document the keyboard; unknown ids change nothing. */
  show(documentId: string): void;
  /** Replaces the document of the same id; unknown ids change nothing. */
  update(document: Document): void;
  /** Puts `added` beside the document with this id; the keyboard stays where it is. */
  split(documentId: string, direction: SplitDirection, added: Document): void;
  /** New sizes for the split of a tab that `path` leads to (see `resizeSplit`). */
  resize(tabId: string, path: readonly number[], sizes: readonly number[]): void;
  /** Closes the panes of these documents, and tabs that have no other, without asking; use `closeTabs` for what a person does. */
  remove(documentIds: readonly string[]): void;
  move(tabId: string, toIndex: number): void;
  reopen(): void;
}

export type WorkspaceStore = StoreApi<WorkspaceState>;

/** Reopening is for tabs that were closed by mistake, which are among the last ones. */
const mostClosed = 20;

export const createWorkspaceStore = (): WorkspaceStore =>
  createStore((set, get) => ({
    restored: false,
    tabs: [],
    active: null,
    lastCluster: null,
    closed: [],
    restore: (workspace) => set((state) => withSaved(state, workspace)),
    open: (document) => (tabWith(get(), document.id) ? get().show(document.id) : get().openTab(leafOf(document))),
    openTab: (root) => {
      const { tabs, active, activate } = get();
      const tab = tabOf(root, tabs);
      const at = tabs.findIndex(({ id }) => id === active);
      set({ tabs: tabs.toSpliced(at < 0 ? tabs.length : at + 1, 0, tab) });
      activate(tab.id);
    },
    activate: (tabId) => {
      const tab = get().tabs.find(({ id }) => id === tabId);
      if (tab) set(({ lastCluster }) => ({ active: tabId, lastCluster: documentCluster(focusedDocument(tab)) ?? lastCluster }));
    },
    show: (documentId) => {
      const tab = tabWith(get(), documentId);
      if (!tab) return;
      if (tab.focus !== documentId) set((state) => withTab(state, { ...tab, focus: documentId }));
      get().activate(tab.id);
    },
    update: (document) => set((state) => withRoot(state, document.id, (root) => replaceDocument(root, document))),
    split: (documentId, direction, added) => set((state) => withRoot(state, documentId, (root) => splitDocument(root, documentId, direction, added))),
    resize: (tabId, path, sizes) =>
      set(({ tabs }) => ({ tabs: tabs.map((tab) => (tab.id === tabId ? { ...tab, root: resizeSplit(tab.root, path, sizes) } : tab)) })),
    remove: (documentIds) => set((state) => withoutDocuments(state, new Set(documentIds))),
    move: (tabId, toIndex) =>
      set(({ tabs }) => {
        const from = tabs.findIndex(({ id }) => id === tabId);
        const tab = tabs[from];
        if (!tab) return {};
        const to = Math.max(0, Math.min(tabs.length - 1, toIndex));
        return from === to ? {} : { tabs: tabs.toSpliced(from, 1).toSpliced(to, 0, tab) };
      }),
    reopen: () => {
      const { closed, openTab } = get();
      const last = closed.at(-1);
      if (!last) return;
      set({ closed: closed.slice(0, -1) });
      openTab(changeDocuments(last, (document) => ({ ...reopened(document), id: crypto.randomUUID() })));
    },
  }));

type Change = Partial<WorkspaceState>;

function withSaved({ tabs: open, active }: WorkspaceState, workspace: Workspace): Change {
  const tabs = [...usableTabs(workspace.tabs, open, reopened), ...open];
  const wanted = active ?? workspace.active;
  return { restored: true, tabs, active: tabs.some(({ id }) => id === wanted) ? wanted : (tabs[0]?.id ?? null) };
}

const withTab = ({ tabs }: WorkspaceState, tab: Tab): Change => ({ tabs: tabs.map((old) => (old.id === tab.id ? tab : old)) });

/** Another root for the tab of this document; nothing when there is none. */
function withRoot(state: WorkspaceState, documentId: string, change: (root: Pane) => Pane): Change {
  const tab = tabWith(state, documentId);
  return tab ? withTab(state, { ...tab, root: change(tab.root) }) : {};
}

function withoutDocuments({ tabs, active, closed }: WorkspaceState, ids: ReadonlySet<string>): Change {
  const after = tabs.map((tab) => ({ tab, root: removeDocuments(tab.root, ids) }));
  const gone = after.flatMap(({ tab, root }) => (root ? [] : [tab.root]));
  const rest = after.flatMap(({ tab, root }) => (root === tab.root ? [tab] : root ? [{ ...tab, root }] : []));
  return { tabs: rest, active: nextActive(tabs, rest, active), closed: [...closed, ...gone].slice(-mostClosed) };
}

/** What is opened anew because it was open before. */
function reopened(document: Document): Document {
  if (document.kind === 'ssh') return { ...document, origin: 'reopened_session' };
  if (document.kind === 'shell' && document.gateway) return { ...document, gateway: { ...document.gateway, origin: 'reopened_session' } };
  return document;
}

/** The tab to show after some were closed: the same one, else the next one to the right that is left, else the last. */
function nextActive(before: readonly Tab[], after: readonly Tab[], active: string | null): string | null {
  if (after.some(({ id }) => id === active)) return active;
  const at = before.findIndex(({ id }) => id === active);
  const right = before.slice(at + 1).find(({ id }) => after.some((tab) => tab.id === id));
  return (right ?? after.at(-1))?.id ?? null;
}

/** The cluster a document belongs to; null for those that belong to the app. */
export function documentCluster(document: Document | undefined): ClusterKey | null {
  if (document?.kind === 'resources' || document?.kind === 'requests' || document?.kind === 'gateway') return document.cluster;
  if (document?.kind === 'shell') return document.gateway?.cluster ?? null;
  if (document?.kind === 'ssh' || document?.kind === 'files') return document.target.cluster;
  return null;
}
