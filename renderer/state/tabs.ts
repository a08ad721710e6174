import type { Document } from '../../shared/model/document.ts';
import { changeDocuments, documentsIn, findDocument, normalised, removeDocuments } from '../../shared/model/pane-tree.ts';
import type { Pane, Tab } from '../../shared/model/workspace.ts';

interface Tabs {
  readonly tabs: readonly Tab[];
  readonly active: string | null;
}

/** A tab with these panes, whose first document has the keyboard. It is known by that document's id unless a tab is already. */
export function tabOf(root: Pane, present: readonly Tab[]): Tab {
  const { id } = mainDocument({ root });
  return { id: present.some((tab) => tab.id === id) ? crypto.randomUUID() : id, root, focus: id };
}

/** The document that names the tab: its first one. */
export function mainDocument({ root }: Pick<Tab, 'root'>): Document {
  let pane = root;
  for (;;) {
    if (pane.kind === 'leaf') return pane.document;
    const [first] = pane.panes;
    if (!first) throw new Error('a split without panes');
    pane = first;
  }
}

/** The document of the tab that holds the keyboard while the tab is in front. */
export const focusedDocument = (tab: Tab): Document => findDocument(tab.root, tab.focus) ?? mainDocument(tab);

export const activeTab = ({ tabs, active }: Tabs): Tab | undefined => tabs.find(({ id }) => id === active);

/** The document that has the keyboard. */
export function documentInFront(state: Tabs): Document | undefined {
  const tab = activeTab(state);
  return tab && focusedDocument(tab);
}

/** The documents of all tabs, in the order of the tabs. */
export const openDocuments = ({ tabs }: Pick<Tabs, 'tabs'>): Document[] => tabs.flatMap(({ root }) => documentsIn(root));

export const tabWith = ({ tabs }: Pick<Tabs, 'tabs'>, documentId: string): Tab | undefined =>
  tabs.find(({ root }) => findDocument(root, documentId) !== undefined);

/**
 * Saved tabs as they may be added to those that are open: trees in normal form, no id of a tab or document twice, none of the documents that
 * are open already, every document changed by `change`.
 */
export function usableTabs(saved: readonly Tab[], open: readonly Tab[], change: (document: Document) => Document): Tab[] {
  const openIds = new Set(openDocuments({ tabs: open }).map(({ id }) => id));
  const tabIds = new Set(open.map(({ id }) => id));
  const documentIds = new Set<string>();
  return saved.flatMap(({ id, root, focus }) => {
    const rest = removeDocuments(normalised(root), openIds);
    if (!rest) return [];
    const own = changeDocuments(rest, (document) => ({ ...change(document), id: unusedId(documentIds, document.id) }));
    return [{ id: unusedId(tabIds, id), root: own, focus }];
  });
}

/** `id`, or another one where it is in use. */
function unusedId(used: Set<string>, id: string): string {
  const unused = used.has(id) ? crypto.randomUUID() : id;
  used.add(unused);
  return unused;
}
