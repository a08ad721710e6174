import { Button } from '@mantine/core';
import { IconAlertTriangle, IconKey } from '@tabler/icons-react';
import type { AssumedRequest, RequestsOverview } from '../../../../shared/model/access-request.ts';
import type { ClusterKey } from '../../../../shared/model/cluster.ts';
import { clusterLabel } from '../../../state/clusters.ts';
import { useApp, useCluster, useRequestsOverview } from '../../../state/context.tsx';
import { serverTime } from '../../../state/requests.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useTask } from '../../../ui/use-task.ts';
import { momentText, untilText } from '../../../ui/words/time-text.ts';
import { showRequests } from '../../../workbench/documents.ts';
import { askAgain, drop } from '../../../workbench/request-actions.ts';
import classes from '../bars.module.css';
import { wantedText } from '../request-words.ts';

const warnBefore = 10 * 60_000;

interface Props {
  cluster: ClusterKey;
  /** Only what is about to end: for clusters that no tab in front belongs to. */
  endingOnly?: boolean;
}

/** What is assumed on a cluster and until when; ten minutes before the end, the way to ask again. */
export function AssumedBanner({ cluster: key, endingOnly = false }: Props) {
  const overview = useRequestsOverview(key);
  if (!overview || overview.assumed.length === 0) return null;
  return <Assumed cluster={key} overview={overview} endingOnly={endingOnly} />;
}

function Assumed({ cluster: key, overview, endingOnly }: Required<Props> & { overview: RequestsOverview }) {
  const app = useApp();
  const cluster = useCluster(key);
  const now = serverTime(overview, useNow(5_000));
  const { busy, run } = useTask();
  const { assumed, clockOffset } = overview;
  const end = Math.min(...assumed.map(({ expires }) => expires ?? Number.POSITIVE_INFINITY));
  const first = assumed.find(({ expires }) => expires === end) ?? assumed[0];
  const unknown = assumed.filter(({ known }) => !known);
  const ending = Number.isFinite(end) && end - now <= warnBefore;
  if (endingOnly && !ending) return null;
  const only = assumed.length === 1 ? assumed[0] : undefined;
  return (
    <section className={classes.assumed} aria-label="Assumed access" data-tone={ending || unknown.length > 0 ? 'warn' : undefined}>
      {ending ? <IconAlertTriangle size={15} aria-hidden /> : <IconKey size={15} aria-hidden />}
      <span className={classes.text}>
        Assumed on <Untrusted text={clusterLabel(key, cluster)} most={60} />:{' '}
        {assumed.map((request, index) => (
          <Name key={request.id} request={request} first={index === 0} />
        ))}
        {Number.isFinite(end) && (
          <span role={ending ? 'alert' : undefined}>
            {` · ${end <= now ? 'ended' : `ends ${untilText(end, now)}, at ${momentText(end - clockOffset, now - clockOffset)}`}`}
          </span>
        )}
        {unknown.length > 0 && ' · the cluster does not know this request any more: drop it, or your login cannot be renewed'}
      </span>
      {ending && first && (
        <Button size="compact-xs" onClick={() => void askAgain(app, key, first)}>
          Ask again
        </Button>
      )}
      {only?.known && (
        <Button size="compact-xs" variant="default" onClick={() => showRequests(app, key, { scope: 'all', request: only.id })}>
          Show
        </Button>
      )}
      <Button size="compact-xs" variant="default" loading={busy} onClick={() => void run(() => drop(app, key, null))}>
        Drop
      </Button>
    </section>
  );
}

function Name({ request, first }: { request: AssumedRequest; first: boolean }) {
  const empty = request.roles.length === 0 && request.resources.length === 0;
  return (
    <>
      {!first && ', '}
      <Untrusted text={empty ? `request ${request.id.slice(0, 8)}` : wantedText(request)} most={120} className={classes.strong} />
    </>
  );
}
