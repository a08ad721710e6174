import { Button } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useApp } from '../../state/context.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import rows from '../../ui/setting-rows.module.css';
import { SettingsSection } from '../../ui/settings-section.tsx';
import { appDocument } from '../../workbench/documents.ts';
import classes from './settings.module.css';

export function LogsSettings() {
  const app = useApp();
  const { logsFolder, host } = app.info;
  const openFolder = () =>
    void app.main
      .call('app.open-logs', null)
      .catch((caught) => app.notifications.getState().notifyError('The logs folder could not be opened', caught));
  return (
    <SettingsSection title="When something goes wrong">
      <div className={rows.row}>
        <div className={rows.words}>
          <div className={rows.label}>Logs</div>
          <div className={rows.help}>Slipway's own log files. They hold no passwords, codes or keys.</div>
          <div className={classes.path}>
            <code>{logsFolder}</code>
            <CopyButton text={logsFolder} label="Copy path" />
          </div>
        </div>
        {host === 'electron' && (
          <Button variant="default" leftSection={<IconFolderOpen size={16} aria-hidden />} onClick={openFolder}>
            Open folder
          </Button>
        )}
      </div>
      <div className={rows.row}>
        <div className={rows.words}>
          <div className={rows.label}>Diagnostics</div>
          <div className={rows.help}>Checks this installation and makes a report that you can copy.</div>
        </div>
        <Button variant="default" onClick={() => app.workspace.getState().open(appDocument('diagnostics'))}>
          Open diagnostics
        </Button>
      </div>
    </SettingsSection>
  );
}
