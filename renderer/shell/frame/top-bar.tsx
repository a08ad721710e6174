import { ActionIcon, Menu, UnstyledButton } from '@mantine/core';
import { IconBolt, IconMenu2 } from '@tabler/icons-react';
import { Fragment } from 'react';
import type { CommandId } from '../../../shared/settings/keymap.ts';
import { commandTable } from '../../../shared/settings/keymap.ts';
import { ClusterSwitcher } from '../../features/clusters/cluster-switcher.tsx';
import { RequestsButton } from '../../features/requests/requests-button.tsx';
import { useApp } from '../../state/context.tsx';
import { leaveFocus } from '../../ui/focus/leave-focus.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { Tip } from '../../ui/tip.tsx';
import { useCommands } from '../../workbench/commands.ts';
import { keysLabel } from '../../workbench/keys.ts';
import { TabBar } from '../tabs/tab-bar.tsx';
import classes from './top-bar.module.css';

const menu: readonly (readonly CommandId[])[] = [
  ['tab.shell', 'tab.resources', 'tab.reopen'],
  ['requests.open', 'requests.ask'],
  ['clusters.add', 'connections', 'palette'],
  ['settings', 'telemetry', 'diagnostics', 'logs'],
];

/** The one bar of the window: cluster, tabs, connect, menu. */
export function TopBar() {
  const { info } = useApp();
  const commands = useCommands();
  const connectKeys = keysLabel('quick-connect', info.platform);
  return (
    <header className={classes.bar} onMouseDown={leaveFocus}>
      <ClusterSwitcher />
      <TabBar />
      <RequestsButton />
      <Tip label="Connect to a server by user@host">
        <UnstyledButton
          className={classes.connect}
          onClick={() => commands.run('quick-connect')}
          aria-label="Connect to a server"
          aria-keyshortcuts={connectKeys}
        >
          <IconBolt size={14} aria-hidden />
          <span className={classes.connectText}>Connect…</span>
          <span className={classes.connectText}>
            <Kbd keys={connectKeys} />
          </span>
        </UnstyledButton>
      </Tip>
      <Menu position="bottom-end" width={290}>
        <Menu.Target>
          <ActionIcon aria-label="Menu">
            <IconMenu2 size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {menu.map((group, index) => (
            <Fragment key={group[0]}>
              {index > 0 && <Menu.Divider />}
              {group.map((id) => (
                <Menu.Item key={id} rightSection={<Kbd keys={keysLabel(id, info.platform)} />} onClick={() => commands.run(id)}>
                  {commandTable[id].title}
                </Menu.Item>
              ))}
            </Fragment>
          ))}
        </Menu.Dropdown>
      </Menu>
    </header>
  );
}
