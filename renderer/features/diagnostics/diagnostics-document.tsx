import { Alert, Button, Loader } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconCopy, IconRefresh } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { BackgroundFailure } from '../../../shared/model/diagnostics.ts';
import { useApp, useClusters } from '../../state/context.tsx';
import { BackgroundList } from './background-list.tsx';
import type { StepResult } from './connection-steps.ts';
import { ConnectionTest } from './connection-test.tsx';
import classes from './diagnostics.module.css';
import { type DiagnosticStep, facts, report } from './report.ts';

type Result = { kind: 'running' } | { kind: 'done'; steps: readonly DiagnosticStep[] } | { kind: 'failed'; error: AppError };

/** The Diagnostics tab: where the app runs, the self-test's steps, and both as text to copy. */
export default function DiagnosticsDocument() {
  const { main, info, notifications } = useApp();
  const [result, setResult] = useState<Result>({ kind: 'running' });
  const clusters = useClusters();
  const [round, setRound] = useState(0);
  const [failures, setFailures] = useState<readonly BackgroundFailure[]>([]);
  const tests = useRef(new Map<string, readonly StepResult[]>());
  useEffect(() => main.subscribe('background', setFailures), [main]);

  const run = useCallback(
    (signal?: AbortSignal) => {
      setResult({ kind: 'running' });
      main.call('app.diagnostics', null, signal ? { signal } : {}).then(
        ({ steps }) => setResult({ kind: 'done', steps }),
        (caught) => {
          if (!signal?.aborted) setResult({ kind: 'failed', error: AppError.from(caught) });
        },
      );
    },
    [main],
  );
  useEffect(() => {
    const controller = new AbortController();
    run(controller.signal);
    return () => controller.abort();
  }, [run]);

  const steps = result.kind === 'done' ? result.steps : [];
  const { notify } = notifications.getState();
  const copy = () =>
    void navigator.clipboard
      .writeText(report(info, steps, { failures, tests: clusters.map(({ key, name }) => ({ name, steps: tests.current.get(key) ?? [] })) }))
      .then(
        () => notify({ tone: 'success', title: 'Report copied', text: 'Paste it where you describe the problem.' }),
        () => notify({ tone: 'error', title: 'Clipboard', text: 'The clipboard could not be written. Select the text on the page instead.' }),
      );
  const failed = steps.filter(({ ok }) => !ok).length;
  return (
    <div className={classes.page}>
      <div className={classes.column}>
        <div className={classes.head}>
          <h1 className={classes.heading}>Diagnostics</h1>
          <Button variant="default" size="xs" leftSection={<IconCopy size={14} aria-hidden />} disabled={result.kind === 'running'} onClick={copy}>
            Copy report
          </Button>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconRefresh size={14} aria-hidden />}
            loading={result.kind === 'running'}
            onClick={() => {
              setRound(round + 1);
              run();
            }}
          >
            Check again
          </Button>
        </div>
        <h2 className={classes.title}>Checks</h2>
        <div role="status" className={classes.summary}>
          {result.kind === 'running' && (
            <>
              <Loader size="xs" /> Checking…
            </>
          )}
          {result.kind === 'done' && (failed === 0 ? 'Everything that Slipway needs is there.' : `${failed} of ${steps.length} checks failed.`)}
        </div>
        {result.kind === 'failed' && (
          <Alert color="red" icon={<IconAlertTriangle size={18} aria-hidden />} title="The checks could not be run">
            {result.error.message}
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
