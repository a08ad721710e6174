import { ActionIcon, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconCloudOff } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { type Cluster, clusterStanding } from '../../../shared/model/cluster.ts';
import { useApp } from '../../state/context.tsx';
import { ClusterBadge } from '../../ui/cluster-badge.tsx';
import { displayText } from '../../ui/display-text.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { useNow } from '../../ui/use-now.ts';
import { openCluster } from '../../workbench/open-cluster.ts';
import { ClusterMore } from './cluster-more.tsx';
import { clusterStatusText } from './cluster-status-text.ts';
import classes from './clusters.module.css';

/** One cluster login: a click shows the cluster, after a login if one is needed; its details unfold below. */
export function ClusterRow({ cluster, current, onClose }: { cluster: Cluster; current: boolean; onClose(): void }) {
  const app = useApp();
  const now = useNow(30_000);
  const moreId = useId();
  const [unfolded, setUnfolded] = useState(false);
  const show = () => {
    onClose();
    void openCluster(app, cluster);
  };
  return (
    <li className={classes.item} data-current={current || undefined}>
      <div className={classes.row}>
        <UnstyledButton className={classes.main} onClick={show} aria-current={current || undefined}>
          <ClusterBadge cluster={cluster.key} label={cluster.name} size={28} />
          <span className={classes.texts}>
            <Untrusted text={cluster.name} most={100} className={classes.name} />
            <span className={classes.status} data-status={clusterStanding(cluster, now)}>
              <Untrusted text={clusterStatusText(cluster, now)} />
            </span>
          </span>
          {clusterStanding(cluster, now) === 'unreachable' && <IconCloudOff size={15} aria-label="Cannot be reached" className={classes.problem} />}
        </UnstyledButton>
        <ActionIcon
          aria-label={`More for ${displayText(cluster.name, 100)}`}
          aria-expanded={unfolded}
          aria-controls={moreId}
          className={classes.unfold}
          onClick={() => setUnfolded(!unfolded)}
        >
          <IconChevronDown size={16} />
        </ActionIcon>
      </div>
      {unfolded && <ClusterMore id={moreId} cluster={cluster} onClose={onClose} />}
    </li>
  );
}
