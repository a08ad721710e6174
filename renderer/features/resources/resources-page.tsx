import { useElementSize } from '@mantine/hooks';
import { useCallback, useRef, useState } from 'react';
import { Panel, Group as PanelGroup, Separator } from 'react-resizable-panels';
import type { Cluster } from '../../../shared/model/cluster.ts';
import type { Document } from '../../../shared/model/document.ts';
import type { Label, Resource } from '../../../shared/model/resource.ts';
import { useApp } from '../../state/context.tsx';
import { requestable } from '../../state/requests.ts';
import { rowAt } from '../../ui/list/paged-store.ts';
import listPage from '../../ui/list-page.module.css';
import { useHeld } from '../../ui/use-held.ts';
import { addToBasket } from '../../workbench/request-actions.ts';
import { useOpenServer } from './buttons/use-open-server.ts';
import type { OpenMenu } from './open-menu.ts';
import { ResourceDetails } from './resource-details.tsx';
import { ResourceGrid } from './resource-grid.tsx';
import { ResourceProblem } from './resource-problem.tsx';
import { ResourceToolbar } from './resource-toolbar.tsx';
import classes from './resources.module.css';
import { ResourcesFooter } from './resources-footer.tsx';
import { useMarks } from './use-marks.ts';
import { useResourcePages } from './use-resource-pages.ts';

interface Props {
  document: Extract<Document, { kind: 'resources' }>;
  cluster: Cluster;
  focused: boolean;
}

/** Wide enough for details beside the list; else they lie over it. */
const wideFrom = 820;

export function ResourcesPage({ document, cluster, focused }: Props) {
  const app = useApp();
  const { workspace } = app;
  const { store, pages: newest, reload } = useResourcePages(document, true);
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  // Rows that arrive under an open menu wait until it is closed.
  const pages = useHeld(newest, menu !== null);
  const [details, setDetails] = useState<Resource | null>(null);
  const [selected, setSelected] = useState(-1);
  const { ref, width } = useElementSize();
  const wide = width >= wideFrom;
  const search = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const marks = useMarks();
  const request = (resource: Resource | undefined) => {
    const wanted = marks.marked.size > 0 ? [...marks.marked.values()] : resource?.requiresRequest ? [resource] : [];
    if (wanted.length === 0 || !app.requests.getState().overviews[cluster.key]?.features.resourceRequests) return;
    void addToBasket(app, cluster.key, { resources: wanted.map(requestable) }).then((added) => added && marks.clear());
  };
  const openServer = useOpenServer(document.cluster, document.leaf);
  const change = useCallback(
    (next: Partial<Omit<Props['document'], 'id' | 'kind'>>) => {
      setSelected(-1);
      if (menu?.at !== 'details') setDetails(null);
      workspace.getState().update({ ...document, ...next });
    },
    [workspace, document, menu],
  );
  const addLabel = (label: Label) => {
    if (!document.labels.some(({ name, value }) => name === label.name && value === label.value)) change({ labels: [...document.labels, label] });
  };
  const closeDetails = () => {
    setDetails(null);
    grid.current?.focus();
  };
  const problem = pages.status === 'failed' || (pages.status === 'ready' && pages.count === 0);
  const list = (
    <div className={listPage.listPane}>
      {problem ? (
        <ResourceProblem
          document={document}
          cluster={cluster}
          error={pages.error}
          onRetry={reload}
          onClear={() => change({ search: '', kinds: [], labels: [] })}
        />
      ) : (
        <ResourceGrid
          gridRef={grid}
          store={store}
          pages={pages}
          cluster={document.cluster}
          leaf={document.leaf}
          sort={document.sort}
          marks={marks}
          menu={menu}
          onMenu={setMenu}
          onRequest={request}
          selected={selected}
          detailed={details !== null}
          onSort={(sort) => change({ sort })}
          onSelect={(index, open) => {
            setSelected(index);
            const resource = rowAt(pages, index);
            if (resource && (open || details)) setDetails(resource);
          }}
          onCloseDetails={closeDetails}
          onConnect={openServer}
          onLabel={addLabel}
        />
      )}
      <ResourcesFooter pages={pages} marked={marks.marked.size} onRequest={() => request(undefined)} onClear={marks.clear} onRetry={store.retry} />
    </div>
  );
  const pane = details && (
    <ResourceDetails
      resource={details}
      cluster={document.cluster}
      leaf={document.leaf}
      menu={menu?.at === 'details' ? menu.button : null}
      onMenu={(button) => setMenu(button && { at: 'details', button })}
      onClose={closeDetails}
      onConnect={openServer}
      onLabel={addLabel}
    />
  );
  return (
    <div
      ref={ref}
      className={listPage.page}
      onKeyDown={(event) => {
        if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
        event.preventDefault();
        search.current?.focus();
      }}
    >
      <ResourceToolbar
        searchRef={search}
        document={document}
        cluster={cluster}
        focused={focused}
        busy={newest.status === 'loading'}
        onChange={change}
        onRefresh={reload}
        onLeave={() => grid.current?.focus()}
      />
      <div className={listPage.split}>
        <PanelGroup orientation="horizontal" className={listPage.panels}>
          <Panel id="list" minSize="300px">
            {list}
          </Panel>
          {pane && wide && (
            <>
              <Separator className={listPage.separatorX} />
              <Panel id="details" defaultSize="320px" minSize="260px" maxSize="50%">
                {pane}
              </Panel>
            </>
          )}
        </PanelGroup>
        {pane && !wide && <div className={classes.overlay}>{pane}</div>}
      </div>
    </div>
  );
}
