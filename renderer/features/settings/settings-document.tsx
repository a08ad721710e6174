import { Alert, Loader } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useApp } from '../../state/context.tsx';
import { useSlots } from '../../workbench/slots.tsx';
import { Appearance } from './appearance.tsx';
import { LogsSettings } from './logs-settings.tsx';
import { ProfilesSettings } from './profiles-settings.tsx';
import classes from './settings.module.css';
import { SshSettings } from './ssh-settings.tsx';
import { TerminalSettings } from './terminal-settings.tsx';
import { useSettingsAccess } from './use-settings-access.ts';

/** The Settings tab. Every change is in effect and saved at once; there is no save button. */
export default function SettingsDocument() {
  const { SettingsSections } = useSlots();
  const app = useApp();
  const access = useSettingsAccess();
  const loaded = useStore(app.settings, (state) => state.loaded);
  const screenReader = useStore(app.settings, (state) => state.screenReader);
  const problems = useStore(app.settings, (state) => state.problems);
  if (!loaded) return <Loader className={classes.loading} size="sm" aria-label="Loading settings" />;
  return (
    <div className={classes.page}>
      <div className={classes.column}>
        <h1 className={classes.heading}>Settings</h1>
        {problems.length > 0 && (
          <Alert color="orange" icon={<IconAlertTriangle size={18} aria-hidden />} title="Slipway’s data folder has a problem">
            {problems.map((problem) => (
              <div key={problem}>{problem}</div>
            ))}
          </Alert>
        )}
        <Appearance {...access} zooms={app.info.host === 'electron'} />
        <TerminalSettings {...access} screenReader={screenReader} />
        <ProfilesSettings {...access} />
        <SshSettings {...access} />
        <SettingsSections />
        <LogsSettings />
      </div>
    </div>
  );
}
