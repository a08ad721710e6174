import { Button, Switch } from '@mantine/core';
import { useApp } from '../../state/context.tsx';
import { SettingRow } from '../../ui/setting-row.tsx';
import rows from '../../ui/setting-rows.module.css';
import { SettingsSection } from '../../ui/settings-section.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { appDocument } from '../../workbench/documents.ts';
import { useSwitch, useTelemetry } from './use-telemetry.ts';

/** The part of the Settings tab about usage events. The switch works at once. */
export default function TelemetrySettings() {
  const app = useApp();
  const state = useTelemetry();
  const { pending, change } = useSwitch();
  if (!state) return null;
  const { consent, managed, collector, collectorProblem } = state;
  return (
    <SettingsSection title="Usage events">
      <SettingRow
        id="telemetry-switch"
        label="Record usage events"
        help="Your name and the cluster’s leave only as codes. Switching off deletes what waits and the number of this installation."
        locked={managed.off ? 'Switched off by your administrator. It cannot be changed here.' : ''}
      >
        <Switch
          id="telemetry-switch"
          aria-describedby="telemetry-switch-help"
          checked={consent === 'allowed'}
          disabled={managed.off || pending}
          onChange={(event) => change(event.currentTarget.checked)}
        />
      </SettingRow>
      <div className={rows.row}>
        <div className={rows.words}>
          <div className={rows.label}>Collector</div>
          <div className={rows.help}>
            {collector === '' ? 'None is set: events stay on this computer.' : <Untrusted text={collector} most={300} wrap mono />}
            {managed.collector && ' Set by your administrator.'}
          </div>
          {collectorProblem && <div className={rows.note}>{collectorProblem}</div>}
        </div>
        <Button size="xs" variant="default" onClick={() => app.workspace.getState().open(appDocument('telemetry'))}>
          See what Slipway sends
        </Button>
      </div>
    </SettingsSection>
  );
}
