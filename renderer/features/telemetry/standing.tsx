import { Switch } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { TelemetryState } from '../../../shared/model/telemetry.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import classes from './telemetry.module.css';
import { useSwitch } from './use-telemetry.ts';

/** Whether usage events are on, where they go, and what prevents it. */
export function Standing({ state }: { state: TelemetryState }) {
  const { pending, change } = useSwitch();
  const { consent, managed, collector, collectorProblem, waiting, droppedByLimit, problem, installationId } = state;
  const counts = [`${waiting} waiting`, ...(droppedByLimit > 0 ? [`${droppedByLimit} dropped because too many waited`] : [])];
  return (
    <div className={classes.standing}>
      <Switch
        label="Record usage events"
        checked={consent === 'allowed'}
        disabled={managed.off || pending}
        onChange={(event) => change(event.currentTarget.checked)}
      />
      {managed.off && <span className={classes.managed}>Switched off by your administrator</span>}
      <span className={classes.fact}>
        Collector: {collector === '' ? <span>none is set, events stay on this computer</span> : <Untrusted text={collector} most={200} mono />}
        {managed.collector && ' (set by your administrator)'}
      </span>
      {consent === 'allowed' && <span className={classes.fact}>{counts.join(', ')}</span>}
      {installationId && (
        <span className={classes.fact}>
          This installation: <code>{installationId}</code>
        </span>
      )}
      {(collectorProblem ?? problem) && (
        <span className={classes.problem} role="status">
          <IconAlertTriangle size={14} aria-hidden />
          {collectorProblem ?? `Not sent yet: ${problem}. Slipway tries again by itself.`}
        </span>
      )}
    </div>
  );
}
