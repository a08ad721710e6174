import { Button } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useApp } from '../../state/context.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import rows from '../../ui/setting-rows.module.css';
import { SettingsSection } from '../../ui/settings-section.tsx';
import { SwitchSetting } from './controls.tsx';
import classes from './settings.module.css';
import type { SettingsAccess } from './use-settings-access.ts';

/** What Slipway offers to other SSH programs of this computer: the agent, and a block for their configuration. */
export function SshSettings({ values, isManaged, change }: SettingsAccess) {
  const app = useApp();
  const [socket, setSocket] = useState('');
  const { notify, notifyError } = app.notifications.getState();
  useEffect(() => {
    app.main.call('ssh.agent-socket', null).then(
      ({ path }) => setSocket(path),
      () => {},
    );
  }, [app]);
  const copyConfig = async () => {
    try {
      const { text } = await app.main.call('ssh.config', null);
      await navigator.clipboard.writeText(text);
      notify({
        tone: 'success',
        title: 'Copied',
        text: 'Paste it at the end of ~/.ssh/config. Servers are then reached as host.cluster while Slipway runs.',
      });
    } catch (caught) {
      notifyError('The SSH configuration could not be copied', caught);
    }
  };
  return (
    <SettingsSection title="Other SSH programs">
      <div className={rows.row}>
        <div className={rows.words}>
          <div className={rows.label}>OpenSSH configuration</div>
          <div className={rows.help}>
            A block for <code>~/.ssh/config</code>, so that ssh, scp, VS Code and JetBrains reach the same servers through Slipway.
          </div>
        </div>
        <Button variant="default" leftSection={<IconCopy size={16} aria-hidden />} onClick={() => void copyConfig()}>
          Copy
        </Button>
      </div>
      <SwitchSetting
        name="ssh.agent"
        label="SSH agent"
        help={
          <>
            Offers the certificates of your logins to programs that you run, for logging in to servers and nothing else. Set{' '}
            <code>SSH_AUTH_SOCK</code> or <code>IdentityAgent</code> to its socket.
            {values.ssh.agent && socket !== '' && (
              <div className={classes.path}>
                <code>{socket}</code>
                <CopyButton text={socket} label="Copy path" />
              </div>
            )}
          </>
        }
        managed={isManaged('ssh.agent')}
        value={values.ssh.agent}
        onChange={(agent) => change({ ssh: { agent } })}
      />
    </SettingsSection>
  );
}
