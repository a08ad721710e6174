import { Button } from '@mantine/core';
import type { AccessRequest, RequestsOverview } from '../../../../shared/model/access-request.ts';
import type { ClusterKey } from '../../../../shared/model/cluster.ts';
import { useMain } from '../../../state/context.tsx';
import { displayText } from '../../../ui/display-text.ts';
import type { Paged } from '../../../ui/list/paged-store.ts';
import listPage from '../../../ui/list-page.module.css';
import classes from '../requests.module.css';

interface Props {
  pages: Paged<AccessRequest>;
  overview: RequestsOverview | undefined;
  cluster: ClusterKey;
  /** Reads the rows again that could not be had. */
  onRetry(): void;
}

/** How much is in the list, and how fresh it is. */
export function RequestsFooter({ pages, overview, cluster, onRetry }: Props) {
  const main = useMain();
  const retry = () => {
    onRetry();
    // A failure is shown below, as the problem of the overview.
    void main.call('requests.refresh', { cluster }).catch(() => undefined);
  };
  const problem = pages.status === 'ready' ? pages.error : null;
  return (
    <div className={listPage.footer}>
      <span role="status">
        {pages.status === 'loading' ? 'Loading…' : pages.count === 1 ? '1 request' : `${pages.count.toLocaleString()} requests`}
      </span>
      {overview?.connection === 'live' && <span className={classes.live}>Live</span>}
      {overview?.connection === 'own' && <span>Your own requests are live; those of others are read every 30 seconds</span>}
      {overview?.connection === 'unwatched' && <span>The list is read every 30 seconds</span>}
      {overview?.connection === 'interrupted' && <span>Live updates are interrupted; the list is read every few seconds</span>}
      {(problem || overview?.connection === 'offline') && (
        <span className={classes.warn} role="alert">
          <bdi>{displayText((problem ?? overview?.problem)?.message ?? 'The cluster cannot be reached. The list may be old.', 200)}</bdi>
          <Button size="compact-xs" variant="default" ml={8} onClick={retry}>
            Try again
          </Button>
        </span>
      )}
    </div>
  );
}
