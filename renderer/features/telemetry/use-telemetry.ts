import { useEffect, useState } from 'react';
import type { RecordedEvents, TelemetryState } from '../../../shared/model/telemetry.ts';
import { useApp, useMain } from '../../state/context.tsx';

/** The state of usage events, as main reports it; null until it has. */
export function useTelemetry(): TelemetryState | null {
  const main = useMain();
  const [state, setState] = useState<TelemetryState | null>(null);
  useEffect(() => main.subscribe('telemetry', setState), [main]);
  return state;
}

/** Every event that is kept; null until main has sent them. Main reads its history when this is first used. */
export function useRecordedEvents(): RecordedEvents | null {
  const main = useMain();
  const [events, setEvents] = useState<RecordedEvents | null>(null);
  useEffect(() => main.subscribe('telemetry-events', setEvents), [main]);
  return events;
}

/** Turns usage events on or off, at once; a refusal is shown as a notice. */
export function useSwitch(): { pending: boolean; change(on: boolean): void } {
  const { main, notifications } = useApp();
  const [pending, setPending] = useState(false);
  const change = (on: boolean) => {
    setPending(true);
    main
      .call('telemetry.decide', { answer: on ? 'allow' : 'decline' })
      .catch((caught) =>
        notifications.getState().notifyError(on ? 'Usage events could not be switched on' : 'Usage events were not switched off cleanly', caught),
      )
      .finally(() => setPending(false));
  };
  return { pending, change };
}
