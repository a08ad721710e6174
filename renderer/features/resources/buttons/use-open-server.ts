import { useCallback } from 'react';
import type { ClusterKey } from '../../../../shared/model/cluster.ts';
import type { Resource } from '../../../../shared/model/resource.ts';
import { useApp } from '../../../state/context.tsx';
import { sshDocument } from '../../../workbench/documents.ts';

/** Opens a terminal on a server of this cluster (or of its leaf) in a new tab. */
export function useOpenServer(cluster: ClusterKey, leaf: string): (resource: Resource, login: string) => void {
  const { workspace } = useApp();
  return useCallback(
    (resource, login) =>
      workspace.getState().open(sshDocument({ cluster, leaf, node: resource.id, hostname: resource.name, login }, 'resource_table')),
    [workspace, cluster, leaf],
  );
}
