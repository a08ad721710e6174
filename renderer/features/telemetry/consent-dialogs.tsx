import { useDialogs } from '../../state/context.tsx';
import { ConsentDialog } from './consent-dialog.tsx';
import { JobRoleDialog } from './job-role-dialog.tsx';
import { useTelemetry } from './use-telemetry.ts';

/**
 * Asks the questions about usage events. Main says which one is open, and it stays open until it is answered. While another dialog
 * is on screen, this one is hidden with its typed text, and comes back.
 */
export default function ConsentDialogs() {
  const state = useTelemetry();
  const aside = useDialogs(({ queue }) => queue.length > 0);
  if (state?.ask === 'consent') return <ConsentDialog collector={state.collectorProblem ? '' : state.collector} opened={!aside} />;
  if (state?.ask === 'job-role') return <JobRoleDialog opened={!aside} />;
  return null;
}
