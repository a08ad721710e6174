import { Button, Switch } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useApp } from '../../state/context.tsx';
import { appDocument } from '../../state/documents.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import classes from './settings-section.module.css';
import { useSwitch, useTelemetry } from './use-telemetry.ts';

/** The part of the Settings tab about usage events. The switch works at once. */
export default function TelemetrySettings() {
  const app = useApp();
  const state = useTelemetry();
  const { pending, change } = useSwitch();
  if (!state) return null;
  const { consent, managed, collector, collectorProblem } = state;
  return (
    <section className={classes.section} aria-label="Usage events">
      <h2 className={classes.title}>Usage events</h2>
      <div className={classes.rows}>
        <div className={classes.row}>
          <div className={classes.words}>
            <label className={classes.label} htmlFor="telemetry-switch">
              Record usage events
            </label>
            <div className={classes.help} id="telemetry-switch-help">
              Your name and the cluster’s leave only as codes. Switching off deletes what waits and the number of this installation.
            </div>
            {managed.off && (
              <div className={classes.managed}>
                <IconLock size={13} aria-hidden /> Switched off by your administrator. It cannot be changed here.
              </div>
            )}
          </div>
          <Switch
            id="telemetry-switch"
            aria-describedby="telemetry-switch-help"
            checked={consent === 'allowed'}
            disabled={managed.off || pending}
            onChange={(event) => change(event.currentTarget.checked)}
          />
        </div>
        <div className={classes.row}>
          <div className={classes.words}>
            <div className={classes.label}>Collector</div>
            <div className={classes.help}>
              {collector === '' ? 'None is set: events stay on this computer.' : <Untrusted text={collector} most={300} wrap mono />}
              {managed.collector && ' Set by your administrator.'}
            </div>
            {collectorProblem && <div className={classes.managed}>{collectorProblem}</div>}
          </div>
          <Button size="xs" variant="default" onClick={() => app.workspace.getState().open(appDocument('telemetry'))}>
            See what Slipway sends
          </Button>
        </div>
      </div>
    </section>
  );
}
