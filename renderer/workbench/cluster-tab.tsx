import { Button } from '@mantine/core';
import { IconLogin2, IconPlugConnectedX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { Cluster, ClusterKey } from '../../shared/model/cluster.ts';
import { useApp, useCluster } from '../state/context.tsx';
import { displayText } from '../ui/display-text.ts';
import { MessageView } from '../ui/message-view.tsx';
import { relogin } from './with-relogin.ts';

interface Props {
  cluster: ClusterKey;
  /** What the tab shows of it, in words. */
  what: string;
  /** Whether content that was read stays visible when the login ends. */
  outlivesLogin: boolean;
  children(cluster: Cluster): ReactNode;
}

/** A tab with content of a cluster, or the reason why there is none. */
export function ClusterTab({ cluster: key, what, outlivesLogin, children }: Props) {
  const app = useApp();
  const loaded = useStore(app.clusters, (state) => state.loaded);
  const cluster = useCluster(key);
  if (!loaded) return null;
  if (!cluster) {
    return (
      <MessageView
        icon={<IconPlugConnectedX size={22} />}
        title="This cluster is no longer known"
        text={`It was forgotten, or its profile was removed outside of Slipway. Add the cluster again to see its ${what}.`}
      />
    );
  }
  const expired = cluster.status === 'expired';
  if (cluster.status === 'signed-out' || (expired && !outlivesLogin)) {
    return (
      <MessageView
        icon={<IconLogin2 size={22} />}
        title={expired ? 'Your login has expired' : `Not logged in to ${displayText(cluster.name, 100)}`}
        text={`Log in ${expired ? 'again ' : ''}to see the ${what} of this cluster.`}
      >
        <Button onClick={() => void relogin(app, cluster.key, '')}>Log in</Button>
      </MessageView>
    );
  }
  return children(cluster);
}
