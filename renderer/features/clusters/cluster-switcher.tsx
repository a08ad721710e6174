import { Popover, UnstyledButton } from '@mantine/core';
import { IconSelector } from '@tabler/icons-react';
import { useState } from 'react';
import { useCurrentCluster } from '../../state/context.tsx';
import { ClusterBadge } from '../../ui/cluster-badge.tsx';
import { useHeldKeys } from '../../ui/focus/held-keys.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { useCommand } from '../../workbench/commands.ts';
import { ClusterList } from './cluster-list.tsx';
import classes from './clusters.module.css';

/** Shows the current cluster and switches to another. */
export function ClusterSwitcher() {
  const [opened, setOpened] = useState(false);
  useHeldKeys(opened);
  const cluster = useCurrentCluster();
  useCommand('clusters', () => setOpened(true));
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" width={380} trapFocus transitionProps={{ duration: 80 }}>
      <Popover.Target>
        <UnstyledButton
          className={classes.switcher}
          aria-label={cluster ? `Cluster ${cluster.name}. Switch cluster` : 'Choose a cluster'}
          aria-haspopup="dialog"
          onClick={() => setOpened(!opened)}
        >
          {cluster ? (
            <>
              <ClusterBadge cluster={cluster.key} label={cluster.name} size={20} />
              <Untrusted text={cluster.name} most={100} className={classes.switcherName} />
            </>
          ) : (
            <span className={classes.switcherName}>No cluster</span>
          )}
          <IconSelector size={14} aria-hidden className={classes.chevron} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label="Clusters">
        <ClusterList current={cluster?.key ?? null} onClose={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}
