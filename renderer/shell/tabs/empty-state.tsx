import { Button } from '@mantine/core';
import { IconAnchor } from '@tabler/icons-react';
import { type CommandId, commandTable } from '../../../shared/settings/keymap.ts';
import { useApp, useClusters, useCurrentCluster } from '../../state/context.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { MessageView } from '../../ui/message-view.tsx';
import { useCommands } from '../../workbench/commands.ts';
import { keysLabel } from '../../workbench/keys.ts';
import { openCluster } from '../../workbench/open-cluster.ts';
import classes from './empty-state.module.css';

const shortcuts: readonly CommandId[] = ['quick-connect', 'tab.resources', 'tab.shell', 'clusters', 'tab.reopen', 'palette'];

/** No tab is open. */
export function EmptyState() {
  const app = useApp();
  const commands = useCommands();
  const none = useClusters().length === 0;
  const cluster = useCurrentCluster();
  return (
    <MessageView
      announce={false}
      icon={<IconAnchor size={22} stroke={1.6} />}
      title={none ? 'Welcome to Slipway' : 'No tab is open'}
      text={none ? 'Add a Teleport cluster to reach its servers, databases, Kubernetes clusters, apps and desktops.' : undefined}
    >
      {none || !cluster ? (
        <Button onClick={() => commands.run('clusters.add')}>Add a cluster</Button>
      ) : (
        <Button onClick={() => void openCluster(app, cluster)}>{cluster.status === 'signed-in' ? 'Show resources' : 'Log in'}</Button>
      )}
      <Button variant="default" onClick={() => commands.run('tab.shell')}>
        Open a local terminal
      </Button>
      <dl className={classes.shortcuts}>
        {shortcuts.map((id) => (
          <div key={id} className={classes.row}>
            <dt>{commandTable[id].title}</dt>
            <dd>
              <Kbd keys={keysLabel(id, app.info.platform)} />
            </dd>
          </div>
        ))}
      </dl>
    </MessageView>
  );
}
