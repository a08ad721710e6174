import type { Cluster } from '../../../../shared/model/cluster.ts';
import listPage from '../../../ui/list-page.module.css';
import { AssumeBar } from '../assume/assume-bar.tsx';
import { RequestList } from './request-list.tsx';
import { RequestsFooter } from './requests-footer.tsx';
import { RequestsProblem } from './requests-problem.tsx';
import type { Inbox } from './use-inbox.ts';

interface Props {
  inbox: Inbox;
  cluster: Cluster;
  /** The person goes on into the request that is open already. */
  onEnter(): void;
}

/** The list, or why there is none; below it what is marked, and how fresh the list is. */
export function InboxPane({ inbox, cluster, onEnter }: Props) {
  const { document, overview, store, pages, selected, setSelected, marks, grid, change, isOpen, close } = inbox;
  const isEmpty = pages.status === 'failed' || (pages.status === 'ready' && pages.count === 0);
  const select = (id: string, open: boolean) => {
    setSelected(id);
    if (open && id === document.request) onEnter();
    else if (open || isOpen) change({ request: id });
  };
  return (
    <div className={listPage.listPane}>
      {isEmpty ? (
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
          opened={isOpen}
          onSort={(sort) => change({ sort })}
          onSelect={select}
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
}
