import { useState } from 'react';
import { documentsIn } from '../../../shared/model/pane-tree.ts';
import { useApp, useWorkspace } from '../../state/context.tsx';
import { TabPanes } from '../panes/tab-panes.tsx';
import classes from './documents.module.css';
import { EmptyState } from './empty-state.tsx';

/** Keeps every tab drawn that was once shown or whose program runs, hidden while another is in front. Other tabs are not drawn yet. */
export function Documents() {
  const tabs = useWorkspace((state) => state.tabs);
  const active = useWorkspace((state) => state.active);
  const restored = useWorkspace((state) => state.restored);
  const { running } = useApp().page;
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  if (active !== null && !seen.has(active)) setSeen(new Set([...seen, active]));
  if (!restored) return null;
  if (tabs.length === 0) return <EmptyState />;
  return tabs
    .filter(({ id, root }) => seen.has(id) || documentsIn(root).some((document) => running.has(document.id)))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((tab) => (
      <div
        key={tab.id}
        id={`document-${tab.id}`}
        className={classes.document}
        role="tabpanel"
        aria-labelledby={`tab-${tab.id}`}
        hidden={tab.id !== active}
      >
        <TabPanes tab={tab} visible={tab.id === active} />
      </div>
    ));
}
