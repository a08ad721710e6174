import { Alert, Button, Loader } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconCopy, IconRefresh } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { AppError } from '../../../shared/errors/app-error.ts';
import type { BackgroundFailure } from '../../../shared/model/diagnostics.ts';
import { useApp, useClusters } from '../../state/context.tsx';
import { useTask } from '../../ui/use-task.ts';
import { BackgroundList } from './background-list.tsx';
import type { StepResult } from './connection-steps.ts';
import { ConnectionTest } from './connection-test.tsx';
import classes from './diagnostics.module.css';
import { type DiagnosticStep, facts, report } from './report.ts';

/** The Diagnostics tab: where the app runs, the self-test's steps, and both as text to copy. */
export default function DiagnosticsDocument() {
  const { main, info, notifications } = useApp();
  const checks = useChecks();
  const clusters = useClusters();
  const [round, setRound] = useState(0);
  const [failures, setFailures] = useState<readonly BackgroundFailure[]>([]);
  const tests = useRef(new Map<string, readonly StepResult[]>());
  useEffect(() => main.subscribe('background', setFailures), [main]);

  const { notify } = notifications.getState();
  const copy = () =>
    void navigator.clipboard
      .writeText(report(info, checks.steps, { failures, tests: clusters.map(({ key, name }) => ({ name, steps: tests.current.get(key) ?? [] })) }))
      .then(
        () => notify({ tone: 'success', title: 'Report copied', text: 'Paste it where you describe the problem.' }),
        () => notify({ tone: 'error', title: 'Clipboard', text: 'The clipboard could not be written. Select the text on the page instead.' }),
      );
  return (
    <div className={classes.page}>
      <div className={classes.column}>
        <div className={classes.head}>
          <h1 className={classes.heading}>Diagnostics</h1>
          <Button variant="default" size="xs" leftSection={<IconCopy size={14} aria-hidden />} disabled={checks.busy} onClick={copy}>
            Copy report
          </Button>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconRefresh size={14} aria-hidden />}
            loading={checks.busy}
            onClick={() => {
              setRound(round + 1);
              checks.run();
            }}
          >
            Check again
          </Button>
        </div>
        <h2 className={classes.title}>Checks</h2>
        <Checks {...checks} />
        {clusters.length > 0 && <h2 className={classes.title}>Connections to clusters</h2>}
        {clusters.map((cluster) => (
          <ConnectionTest key={cluster.key} cluster={cluster} round={round} onResult={(steps) => tests.current.set(cluster.key, steps)} />
        ))}
        <h2 className={classes.title}>Work in the background</h2>
        <BackgroundList failures={failures} />
        <h2 className={classes.title}>This installation</h2>
        <dl className={classes.facts}>
          {facts(info).map(([name, value]) => (
            <div key={name} className={classes.fact}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  );
}

/** The self-test, run when the tab is opened and whenever somebody asks for it. */
function useChecks() {
  const { main } = useApp();
  const [steps, setSteps] = useState<readonly DiagnosticStep[] | null>(null);
  const { busy, error, run } = useTask();
  const check = useCallback(() => {
    setSteps(null);
    void run(async (signal) => {
      const result = await main.call('app.diagnostics', null, { signal });
      if (!signal.aborted) setSteps(result.steps);
    });
  }, [main, run]);
  useEffect(check, [check]);
  return { steps: steps ?? [], busy: busy || (steps === null && error === null), error, run: check };
}

function Checks({ steps, busy, error }: { steps: readonly DiagnosticStep[]; busy: boolean; error: AppError | null }) {
  const failed = steps.filter(({ ok }) => !ok).length;
  const isDone = !busy && !error;
  return (
    <>
      <div role="status" className={classes.summary}>
        {busy && (
          <>
            <Loader size="xs" /> Checking…
          </>
        )}
        {isDone && (failed === 0 ? 'Everything that Slipway needs is there.' : `${failed} of ${steps.length} checks failed.`)}
      </div>
      {error && (
        <Alert color="red" icon={<IconAlertTriangle size={18} aria-hidden />} title="The checks could not be run">
          {error.message}
        </Alert>
      )}
      {steps.length > 0 && (
        <ul className={classes.steps}>
          {steps.map(({ name, ok, detail }) => (
            <li key={name} className={classes.step}>
              {ok ? (
                <IconCircleCheck size={18} color="var(--sw-ok)" aria-label="Works" />
              ) : (
                <IconCircleX size={18} color="var(--sw-bad)" aria-label="Failed" />
              )}
              <div>
                <div className={classes.name}>{name}</div>
                {detail && <div className={classes.detail}>{detail}</div>}
              </div>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
