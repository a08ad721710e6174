import { useElementSize } from '@mantine/hooks';
import { Panel, Group as PanelGroup, Separator } from 'react-resizable-panels';
import type { Cluster } from '../../../shared/model/cluster.ts';
import type { Resource } from '../../../shared/model/resource.ts';
import { useSearch } from '../../ui/list/use-search.ts';
import listPage from '../../ui/list-page.module.css';
import { useOpenServer } from './buttons/use-open-server.ts';
import { ResourceDetails } from './resource-details.tsx';
import { ResourceGrid } from './resource-grid.tsx';
import { ResourceProblem } from './resource-problem.tsx';
import { ResourceToolbar } from './resource-toolbar.tsx';
import classes from './resources.module.css';
import { ResourcesFooter } from './resources-footer.tsx';
import { type ResourceList, type ResourcesDocument, useResourceList } from './use-resource-list.ts';

interface Props {
  document: ResourcesDocument;
  cluster: Cluster;
  focused: boolean;
}

/** Wide enough, in pixels, for details beside a list whose columns are all there; else they lie over it. */
const wideFrom = 820;

/**
 * What can be reached in a cluster or one of its leaves: search, filters and order are sent to the cluster, which answers page by page. A row
 * is opened with its button, a double click or Enter; what the login may not reach is marked and asked for.
 */
export function ResourcesPage({ document, cluster, focused }: Props) {
  const list = useResourceList(document);
  const search = useSearch(focused);
  const openServer = useOpenServer(document.cluster, document.leaf);
  const { ref, width } = useElementSize();
  const isWide = width >= wideFrom;
  const { details, menu, setMenu, grid } = list;
  const pane = details && (
    <ResourceDetails
      resource={details}
      cluster={document.cluster}
      leaf={document.leaf}
      menu={menu?.at === 'details' ? menu.button : null}
      onMenu={(button) => setMenu(button && { at: 'details', button })}
      onClose={list.closeDetails}
      onConnect={openServer}
      onLabel={list.addLabel}
    />
  );
  return (
    <div ref={ref} className={listPage.page} onKeyDown={search.onKeyDown}>
      <ResourceToolbar
        searchRef={search.ref}
        document={document}
        cluster={cluster}
        busy={list.isLoading}
        onChange={list.change}
        onRefresh={list.reload}
        onLeave={() => grid.current?.focus()}
      />
      <div className={listPage.split}>
        <PanelGroup orientation="horizontal" className={listPage.panels}>
          <Panel id="list" minSize="300px">
            <ListPane list={list} document={document} cluster={cluster} onConnect={openServer} />
          </Panel>
          {pane && isWide && (
            <>
              <Separator className={listPage.separatorX} />
              <Panel id="details" defaultSize="320px" minSize="260px" maxSize="50%">
                {pane}
              </Panel>
            </>
          )}
        </PanelGroup>
        {pane && !isWide && <div className={classes.overlay}>{pane}</div>}
      </div>
    </div>
  );
}

interface ListProps extends Omit<Props, 'focused'> {
  list: ResourceList;
  onConnect(resource: Resource, login: string): void;
}

/** The rows, or why there are none; below them how many there are and what is marked. */
function ListPane({ list, document, cluster, onConnect }: ListProps) {
  const { pages, store, marks, change, request } = list;
  const isEmpty = pages.status === 'failed' || (pages.status === 'ready' && pages.count === 0);
  return (
    <div className={listPage.listPane}>
      {isEmpty ? (
        <ResourceProblem
          document={document}
          cluster={cluster}
          error={pages.error}
          onRetry={list.reload}
          onClear={() => change({ search: '', kinds: [], labels: [] })}
        />
      ) : (
        <ResourceGrid
          gridRef={list.grid}
          store={store}
          pages={pages}
          cluster={document.cluster}
          leaf={document.leaf}
          sort={document.sort}
          marks={marks}
          menu={list.menu}
          onMenu={list.setMenu}
          onRequest={request}
          selected={list.selected}
          detailed={list.details !== null}
          onSort={(sort) => change({ sort })}
          onSelect={list.select}
          onCloseDetails={list.closeDetails}
          onConnect={onConnect}
          onLabel={list.addLabel}
        />
      )}
      <ResourcesFooter pages={pages} marked={marks.marked.size} onRequest={() => request(undefined)} onClear={marks.clear} onRetry={store.retry} />
    </div>
  );
}
