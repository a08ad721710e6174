import { Button } from '@mantine/core';
import { IconLogin2, IconPlugConnectedX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { Document } from '../../../shared/model/document.ts';
import { relogin } from '../../app/with-relogin.ts';
import { useApp, useCluster } from '../../state/context.tsx';
import { displayText } from '../../ui/display-text.ts';
import { MessageView } from '../../ui/message-view.tsx';
import { RequestsPage } from './requests-page.tsx';

interface Props {
  document: Extract<Document, { kind: 'requests' }>;
  active: boolean;
}

/** A tab with a cluster's access requests, or why there are none to show. */
export default function RequestsDocument({ document, active }: Props) {
  const app = useApp();
  const loaded = useStore(app.clusters, (state) => state.loaded);
  const cluster = useCluster(document.cluster);
  if (!loaded) return null;
  if (!cluster) {
    return (
      <MessageView
        icon={<IconPlugConnectedX size={22} />}
        title="This cluster is no longer known"
        text="It was forgotten, or its profile was removed outside of Slipway. Add the cluster again to see its access requests."
      />
    );
  }
  if (cluster.status !== 'signed-in') {
    const expired = cluster.status === 'expired';
    return (
      <MessageView
        icon={<IconLogin2 size={22} />}
        title={expired ? 'Your login has expired' : `Not logged in to ${displayText(cluster.name, 100)}`}
        text={`Log in ${expired ? 'again ' : ''}to see the access requests of this cluster.`}
      >
        <Button onClick={() => void relogin(app, cluster.key, '')}>Log in</Button>
      </MessageView>
    );
  }
  return <RequestsPage document={document} cluster={cluster} active={active} />;
}
