import { IconAlertTriangle, IconCloudOff } from '@tabler/icons-react';
import { type Cluster, clusterStanding } from '../../../shared/model/cluster.ts';
import { useApp, useCurrentCluster } from '../../state/context.tsx';
import { leaveFocus } from '../../ui/focus/leave-focus.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { useNow } from '../../ui/use-now.ts';
import { untilText } from '../../ui/words/time-text.ts';
import { openCluster } from '../../workbench/open-cluster.ts';
import { ConnectionsIndicator } from './connections-indicator.tsx';
import classes from './status-bar.module.css';
import { TransfersIndicator } from './transfers-indicator.tsx';

/** Time enough to save work and log in again. */
const soonMs = 10 * 60_000;

/** One quiet line about the cluster that the active tab belongs to. */
export function StatusBar() {
  const { info } = useApp();
  const cluster = useCurrentCluster();
  return (
    <footer className={classes.bar} onMouseDown={leaveFocus}>
      {cluster ? <ClusterStatus cluster={cluster} /> : <span>No cluster</span>}
      <span className={classes.end}>
        <TransfersIndicator />
        <ConnectionsIndicator />
      </span>
      <span>
        {info.host === 'browser' ? 'In the browser · ' : ''}Slipway {info.version}
      </span>
    </footer>
  );
}

function ClusterStatus({ cluster }: { cluster: Cluster }) {
  const app = useApp();
  const now = useNow(30_000);
  const left = cluster.expires === null ? null : cluster.expires - now;
  const standing = clusterStanding(cluster, now);
  return (
    <>
      <span className={classes.item}>
        <span className={classes.dot} data-status={standing} aria-hidden />
        <Untrusted text={cluster.name} most={80} />
      </span>
      {cluster.problem && standing === 'unreachable' && (
        <span className={classes.warn} role="status" title={cluster.problem.message}>
          <IconCloudOff size={13} aria-hidden /> Cannot be reached
        </span>
      )}
      {cluster.status === 'signed-out' ? (
        <button type="button" className={classes.link} onClick={() => void openCluster(app, cluster)}>
          Log in
        </button>
      ) : standing === 'expired' ? (
        <button type="button" className={classes.linkWarn} onClick={() => void openCluster(app, { ...cluster, status: 'expired' })}>
          <IconAlertTriangle size={13} aria-hidden /> Session expired · Log in again
        </button>
      ) : (
        <>
          <Untrusted text={cluster.user} most={80} className={classes.item} />
          {left !== null && cluster.expires !== null && (
            <span className={left < soonMs ? classes.warn : classes.item}>Expires {untilText(cluster.expires, now)}</span>
          )}
        </>
      )}
      {cluster.serverVersion && <span className={`${classes.item} ${classes.version}`}>Teleport {cluster.serverVersion.slice(0, 40)}</span>}
    </>
  );
}
