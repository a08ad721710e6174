import { Button, ScrollArea } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { ClusterKey } from '../../../shared/model/cluster.ts';
import { useApp, useClusters } from '../../state/context.tsx';
import { addCluster } from '../../workbench/open-cluster.ts';
import { ClusterRow } from './cluster-row.tsx';
import classes from './clusters.module.css';

/** Every known cluster login by name, and the way to add one. */
export function ClusterList({ current, onClose }: { current: ClusterKey | null; onClose(): void }) {
  const app = useApp();
  const clusters = useClusters().toSorted((a, b) => a.name.localeCompare(b.name) || a.user.localeCompare(b.user));
  return (
    <>
      {clusters.length > 0 && (
        <ScrollArea.Autosize mah="60vh" type="auto">
          <ul className={classes.list} aria-label="Clusters">
            {clusters.map((cluster) => (
              <ClusterRow key={cluster.key} cluster={cluster} current={cluster.key === current} onClose={onClose} />
            ))}
          </ul>
        </ScrollArea.Autosize>
      )}
      <div className={classes.foot}>
        <Button
          variant="subtle"
          justify="flex-start"
          fullWidth
          leftSection={<IconPlus size={15} />}
          onClick={() => {
            onClose();
            void addCluster(app);
          }}
        >
          Add a cluster…
        </Button>
      </div>
    </>
  );
}
