import { Button } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useApp } from '../../state/context.tsx';
import { appDocument } from '../../state/documents.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Section } from './section.tsx';
import classes from './settings.module.css';

export function LogsSettings() {
  const app = useApp();
  const { logsFolder, host } = app.info;
  const openFolder = () =>
    void app.main
      .call('app.open-logs', null)
      .catch((caught) => app.notifications.getState().notifyError('The logs folder could not be opened', caught));
  return (
    <Section title="When something goes wrong">
      <div className={classes.row}>
        <div className={classes.words}>
          <div className={classes.label}>Logs</div>
          <div className={classes.help}>Slipway's own log files. They hold no passwords, codes or keys.</div>
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
      <div className={classes.row}>
        <div className={classes.words}>
          <div className={classes.label}>Diagnostics</div>
          <div className={classes.help}>Checks this installation and makes a report that you can copy.</div>
        </div>
        <Button variant="default" onClick={() => app.workspace.getState().open(appDocument('diagnostics'))}>
          Open diagnostics
        </Button>
      </div>
    </Section>
  );
}
