import { useDialogs } from '../../state/context.tsx';
import { ConsentDialog } from './consent-dialog.tsx';
import { JobRoleDialog } from './job-role-dialog.tsx';
import { useTelemetry } from './use-telemetry.ts';

/**
 * The questions about usage events. Main says which one is open; it stays open until it is answered. While another dialog is on
 * screen it steps aside, with what was typed, and comes back.
 */
export default function ConsentDialogs() {
  const state = useTelemetry();
  const aside = useDialogs(({ queue }) => queue.length > 0);
  if (state?.ask === 'consent') return <ConsentDialog collector={state.collectorProblem ? '' : state.collector} opened={!aside} />;
  if (state?.ask === 'job-role') return <JobRoleDialog opened={!aside} />;
  return null;
}
