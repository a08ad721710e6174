import { useSortable } from '@dnd-kit/sortable';
import { Loader } from '@mantine/core';
import { IconKey, IconX } from '@tabler/icons-react';
import { type MouseEvent, useState } from 'react';
import { documentsIn } from '../../../shared/model/pane-tree.ts';
import type { Tab as TabData } from '../../../shared/model/workspace.ts';
import { clusterLabel } from '../../state/clusters.ts';
import { useApp, useCluster, useClusters, useRequestsOverview, useTabStatuses } from '../../state/context.tsx';
import { mainDocument } from '../../state/tabs.ts';
import { documentCluster } from '../../state/workspace.ts';
import { ClusterBadge } from '../../ui/cluster-badge.tsx';
import { displayText } from '../../ui/display-text.ts';
import { Tip } from '../../ui/tip.tsx';
import { closeTabs } from '../../workbench/close-tabs.ts';
import classes from './tab.module.css';
import { TabIcon, tabTitle } from './tab-info.tsx';
import { TabMenu } from './tab-menu.tsx';

/** One tab: click shows it, middle click closes it, the right button opens its menu, dragging moves it. */
export function Tab({ tab, active }: { tab: TabData; active: boolean }) {
  const app = useApp();
  const document = mainDocument(tab);
  const clusters = useClusters();
  const key = documentCluster(document);
  const cluster = useCluster(key);
  const assumed = (useRequestsOverview(key)?.assumed.length ?? 0) > 0;
  const status = useTabStatuses(({ statuses }) => statuses[document.id]);
  const ids = documentsIn(tab.root).map(({ id }) => id);
  const live = useTabStatuses(({ statuses }) => ids.some((id) => statuses[id]?.isLive));
  const connecting = useTabStatuses(({ statuses }) => ids.some((id) => statuses[id]?.isConnecting));
  const failed = useTabStatuses(({ statuses }) => ids.some((id) => statuses[id]?.isFailed));
  const { setNodeRef, listeners, transform, transition, isDragging } = useSortable({ id: tab.id });
  const [menuAt, setMenuAt] = useState<{ x: number; y: number } | null>(null);
  const title = displayText(tabTitle(document, clusters, status), 200);
  // Added to the tab's name, because the button inside is not part of it.
  const signs = [connecting && 'connecting', assumed && 'with assumed access', live && 'a session is running', failed && 'the session failed'].filter(
    (sign) => typeof sign === 'string',
  );
  const close = () => void closeTabs(app, [tab.id]);

  const openMenu = (event: MouseEvent) => {
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    setMenuAt(event.clientX > 0 ? { x: event.clientX, y: event.clientY } : { x: box.left, y: box.bottom });
  };
  return (
    <>
      <Tip label={<TabTip title={title} cluster={key && clusterLabel(key, cluster)} />} disabled={isDragging || menuAt !== null}>
        <div
          ref={setNodeRef}
          id={`tab-${tab.id}`}
          className={classes.tab}
          role="tab"
          tabIndex={active ? 0 : -1}
          aria-selected={active}
          aria-label={[title, ...signs].join(', ')}
          aria-controls={`document-${tab.id}`}
          data-dragging={isDragging || undefined}
          style={{ transform: transform ? `translateX(${transform.x}px)` : undefined, transition }}
          {...listeners}
          onClick={() => app.workspace.getState().activate(tab.id)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' || event.key === ' ') app.workspace.getState().activate(tab.id);
          }}
          onMouseDown={(event) => {
            if (event.button === 1) event.preventDefault();
          }}
          onAuxClick={(event) => {
            if (event.button === 1) close();
          }}
          onContextMenu={openMenu}
        >
          {key && <ClusterBadge cluster={key} label={clusterLabel(key, cluster)} size={15} />}
          {connecting ? <Loader size={13} aria-label="Connecting" /> : <TabIcon kind={document.kind} />}
          <bdi className={classes.title}>{title}</bdi>
          {assumed && <IconKey size={12} className={classes.assumed} role="img" aria-label="With assumed access" />}
          {live && <span className={classes.live} role="img" aria-label="A session is running" />}
          {failed && <span className={classes.failed} role="img" aria-label="The session failed" />}
          <button
            type="button"
            className={classes.close}
            tabIndex={-1}
            aria-label={`Close ${title}`}
            onPointerDown={(event) => event.stopPropagation()}
            onClick={(event) => {
              event.stopPropagation();
              close();
            }}
          >
            <IconX size={13} />
          </button>
        </div>
      </Tip>
      <TabMenu tab={tab} at={menuAt} onClose={() => setMenuAt(null)} />
    </>
  );
}

function TabTip({ title, cluster }: { title: string; cluster: string | null }) {
  return (
    <>
      <bdi style={{ display: 'block', overflowWrap: 'anywhere' }}>{title}</bdi>
      {cluster && <bdi style={{ display: 'block', opacity: 0.7 }}>{displayText(cluster, 200)}</bdi>}
    </>
  );
}
