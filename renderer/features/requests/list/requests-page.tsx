import { useElementSize } from '@mantine/hooks';
import { useCallback, useRef, useState } from 'react';
import { Panel, Group as PanelGroup, Separator } from 'react-resizable-panels';
import type { Cluster } from '../../../../shared/model/cluster.ts';
import { useApp, useRequestsOverview } from '../../../state/context.tsx';
import listPage from '../../../ui/list-page.module.css';
import { AssumeBar } from '../assume/assume-bar.tsx';
import { RequestDetails } from '../details/request-details.tsx';
import classes from '../requests.module.css';
import { RequestList } from './request-list.tsx';
import { RequestToolbar } from './request-toolbar.tsx';
import type { RequestsChange, RequestsDocumentData } from './requests-document-data.ts';
import { RequestsFooter } from './requests-footer.tsx';
import { RequestsProblem } from './requests-problem.tsx';
import { useMarked } from './use-marked.ts';
import { useRequestPages } from './use-request-pages.ts';

/** Wide enough for a request beside the list; else it takes the list's place. */
const wideFrom = 860;

interface Props {
  document: RequestsDocumentData;
  cluster: Cluster;
  focused: boolean;
}

/** The inbox: the list with its filters, and the request that is looked at. */
export function RequestsPage({ document, cluster, focused }: Props) {
  const { workspace } = useApp();
  const overview = useRequestsOverview(cluster.key);
  const { store, pages } = useRequestPages(document);
  const [selected, setSelected] = useState(document.request);
  const { ref, width } = useElementSize();
  const wide = width === 0 || width >= wideFrom;
  const search = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const pane = useRef<HTMLDivElement>(null);
  const change = useCallback((next: RequestsChange) => workspace.getState().update({ ...document, ...next }), [workspace, document]);
  const marks = useMarked(cluster.key, overview);
  const close = () => {
    change({ request: '' });
    grid.current?.focus();
  };
  const open = document.request !== '';
  const empty = pages.status === 'failed' || (pages.status === 'ready' && pages.count === 0);
  const list = (
    <div className={listPage.listPane}>
      {empty ? (
        <RequestsProblem document={document} cluster={cluster} error={pages.error} onChange={change} />
      ) : (
        <RequestList
          gridRef={grid}
          store={store}
          pages={pages}
          overview={overview}
          sort={document.sort}
          selected={selected}
          marked={marks.ids}
          opened={open}
          onSort={(sort) => change({ sort })}
          onSelect={(id, wanted) => {
            setSelected(id);
            if (wanted && id === document.request) intoRequest(pane.current);
            else if (wanted || open) change({ request: id });
          }}
          onClose={close}
          onMark={marks.toggle}
          onClearMarks={marks.clear}
          onAssume={(request) => void marks.assume(request)}
        />
      )}
      <AssumeBar marks={marks} />
      <RequestsFooter pages={pages} overview={overview} cluster={cluster.key} onRetry={store.retry} />
    </div>
  );
  const details = open && (
    <div ref={pane} className={classes.alone}>
      <RequestDetails key={document.request} cluster={cluster} id={document.request} back={!wide} onClose={close} />
    </div>
  );
  return (
    <div
      ref={ref}
      className={listPage.page}
      onKeyDown={(event) => {
        const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
        if (event.key !== '/' || typing) return;
        event.preventDefault();
        search.current?.focus();
      }}
    >
      <RequestToolbar
        searchRef={search}
        document={document}
        overview={overview}
        focused={focused}
        onChange={change}
        onLeave={() => grid.current?.focus()}
      />
      <div className={listPage.split}>
        <PanelGroup orientation="horizontal" className={listPage.panels}>
          {(wide || !open) && (
            <Panel key="list" id="list" minSize="320px">
              {list}
            </Panel>
          )}
          {wide && open && <Separator key="separator" className={listPage.separatorX} />}
          {open && (
            <Panel key="request" id="request" defaultSize={wide ? '46%' : '100%'} minSize="360px" maxSize={wide ? '65%' : '100%'}>
              {details}
            </Panel>
          )}
        </PanelGroup>
      </div>
    </div>
  );
}

/** Enter on a request that is open goes into it: to the review's words, or to its title. */
function intoRequest(pane: HTMLElement | null): void {
  (pane?.querySelector<HTMLElement>('textarea') ?? pane?.querySelector<HTMLElement>('h2'))?.focus();
}
