import { ActionIcon, Menu, UnstyledButton } from '@mantine/core';
import { IconCloudOff, IconDots } from '@tabler/icons-react';
import { openCluster } from '../../app/open-cluster.ts';
import { relogin } from '../../app/with-relogin.ts';
import type { Cluster } from '../../../shared/model/cluster.ts';
import { useApp } from '../../state/context.tsx';
import { ClusterBadge } from '../../ui/cluster-badge.tsx';
import { displayText } from '../../ui/display-text.ts';
import { useNow } from '../../ui/use-now.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { clusterStatusText } from './cluster-status-text.ts';
import classes from './clusters.module.css';
import { forget, logOut } from './leave-cluster.ts';

/** One cluster login: click shows it, after a login where one is needed; its menu holds the rest. */
export function ClusterRow({ cluster, current, onClose }: { cluster: Cluster; current: boolean; onClose(): void }) {
  const app = useApp();
  const now = useNow(30_000);
  const then = (action: () => Promise<unknown>) => () => {
    onClose();
    void action();
  };
  const refresh = () =>
    app.main.call('clusters.refresh', { key: cluster.key }).catch((caught) => app.notifications.getState().notifyError(`${cluster.name} could not be refreshed`, caught));
  return (
    <li className={classes.row} data-current={current || undefined}>
      <UnstyledButton className={classes.main} onClick={then(() => openCluster(app, cluster))} aria-current={current || undefined}>
        <ClusterBadge cluster={cluster.key} label={cluster.name} size={28} />
        <span className={classes.texts}>
          <Untrusted text={cluster.name} most={100} className={classes.name} />
          <span className={classes.status} data-status={cluster.status}>
            <Untrusted text={clusterStatusText(cluster, now)} />
          </span>
        </span>
        {cluster.problem && <IconCloudOff size={15} aria-label="Cannot be reached" className={classes.problem} />}
      </UnstyledButton>
      <Menu position="bottom-end" width={230} withinPortal={false}>
        <Menu.Target>
          <ActionIcon aria-label={`More for ${displayText(cluster.name, 100)}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={then(() => relogin(app, cluster.key, ''))}>{cluster.status === 'signed-in' ? 'Log in again' : 'Log in'}</Menu.Item>
          <Menu.Item disabled={cluster.status === 'signed-out'} onClick={then(refresh)}>
            Refresh
          </Menu.Item>
          <Menu.Item disabled={cluster.status === 'signed-out'} onClick={then(() => logOut(app, cluster))}>
            Log out
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" onClick={then(() => forget(app, cluster))}>
            Forget this cluster
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}
