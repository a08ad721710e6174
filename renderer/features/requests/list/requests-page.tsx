import { useElementSize } from '@mantine/hooks';
import { useRef } from 'react';
import { Panel, Group as PanelGroup, Separator } from 'react-resizable-panels';
import type { Cluster } from '../../../../shared/model/cluster.ts';
import { useSearch } from '../../../ui/list/use-search.ts';
import listPage from '../../../ui/list-page.module.css';
import { RequestDetails } from '../details/request-details.tsx';
import classes from '../requests.module.css';
import { InboxPane } from './inbox-pane.tsx';
import { RequestToolbar } from './request-toolbar.tsx';
import type { RequestsDocumentData } from './requests-document-data.ts';
import { useInbox } from './use-inbox.ts';

/** Wide enough, in pixels, for the list at its least width beside a request that is still read with ease; else the request takes the list's place. */
const wideFrom = 860;

interface Props {
  document: RequestsDocumentData;
  cluster: Cluster;
  focused: boolean;
}

/**
 * Access requests of a cluster, and the request that is looked at. The folder's parts: `list/` finds and marks requests, `details/` shows one
 * and takes the review or the owner's actions, `ask/` is the drawer in which a request is written, `assume/` takes granted access into
 * the login. Main watches the cluster and tells the page a revision with each change; the page then reads again what it shows.
 */
export function RequestsPage({ document, cluster, focused }: Props) {
  const search = useSearch(focused, document.request !== '');
  const inbox = useInbox(document, focused);
  const { isOpen, close, change, grid, overview } = inbox;
  const { ref, width } = useElementSize();
  const isWide = width === 0 || width >= wideFrom;
  const pane = useRef<HTMLDivElement>(null);
  return (
    <div ref={ref} className={listPage.page} onKeyDown={search.onKeyDown}>
      <RequestToolbar searchRef={search.ref} document={document} overview={overview} onChange={change} onLeave={() => grid.current?.focus()} />
      <div className={listPage.split}>
        <PanelGroup orientation="horizontal" className={listPage.panels}>
          {(isWide || !isOpen) && (
            <Panel key="list" id="list" minSize="320px">
              <InboxPane inbox={inbox} cluster={cluster} onEnter={() => intoRequest(pane.current)} />
            </Panel>
          )}
          {isWide && isOpen && <Separator key="separator" className={listPage.separatorX} />}
          {isOpen && (
            <Panel key="request" id="request" defaultSize={isWide ? '46%' : '100%'} minSize="360px" maxSize={isWide ? '65%' : '100%'}>
              <div ref={pane} className={classes.alone}>
                <RequestDetails key={document.request} cluster={cluster} id={document.request} back={!isWide} onClose={close} />
              </div>
            </Panel>
          )}
        </PanelGroup>
      </div>
    </div>
  );
}

/** Enter on a request that is open goes into it: to the review's message, or to its title. */
function intoRequest(pane: HTMLElement | null): void {
  (pane?.querySelector<HTMLElement>('textarea') ?? pane?.querySelector<HTMLElement>('h2'))?.focus();
}
