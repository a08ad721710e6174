import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import type { Document } from '../../../shared/model/document.ts';
import { clusterOf } from '../../../shared/model/local-port.ts';
import { useApp, useConnections } from '../../state/context.tsx';
import { useClusterReturns } from '../../state/use-cluster-returns.ts';
import { awayCodes } from '../../ui/failure-view.tsx';
import { MessageView } from '../../ui/message-view.tsx';
import { closePane } from '../../workbench/close-tabs.ts';
import { reopen } from '../../workbench/connection-actions.ts';
import type { PaneProps } from '../../workbench/pane-props.ts';
import { GatewayPage } from './gateway-page.tsx';

/** A tab with a local connection: where it listens, how to use it, what goes through it. */
export default function GatewayDocument({ document }: Pick<PaneProps<Extract<Document, { kind: 'gateway' }>>, 'document'>) {
  const app = useApp();
  const loaded = useConnections((state) => state.loaded);
  const row = useConnections(({ rows }) => rows[document.connection]);
  // Only what the cluster or the login had caused is over: a port that is taken still is.
  useClusterReturns(row ? clusterOf(row.target) : null, '', () => {
    if (row?.state === 'failed' && row.error && [...awayCodes, 'expired'].includes(row.error.code)) void reopen(app, row);
  });
  if (row) return <GatewayPage row={row} />;
  if (!loaded) return null;
  return (
    <MessageView
      icon={<IconPlugConnectedX size={22} />}
      title="This connection was removed"
      text="Its port and settings are forgotten. Open the database, app or cluster again from its resources."
    >
      <Button onClick={() => void closePane(app, document.id)}>Close tab</Button>
    </MessageView>
  );
}
