import { Button, Loader } from '@mantine/core';
import { IconCircleCheck, IconCircleMinus, IconCircleX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { Cluster } from '../../../shared/model/cluster.ts';
import { useMain } from '../../state/context.tsx';
import { displayText } from '../../ui/display-text.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { type StepResult, stepNames, testConnection } from './connection-steps.ts';
import classes from './diagnostics.module.css';

interface Props {
  cluster: Cluster;
  /** Another number runs the test again. */
  round: number;
  onResult(steps: readonly StepResult[]): void;
}

/** The test of one cluster's connection, step by step. It starts by itself, and can be stopped and run again. */
export function ConnectionTest({ cluster, round, onResult }: Props) {
  const main = useMain();
  const [steps, setSteps] = useState<readonly StepResult[]>([]);
  const [running, setRunning] = useState(false);
  const current = useRef<AbortController | null>(null);
  const tell = useRef(onResult);
  tell.current = onResult;

  const run = useRef((key: string) => {
    current.current?.abort();
    const mine = new AbortController();
    current.current = mine;
    setRunning(true);
    const progress = (next: readonly StepResult[]) => {
      setSteps(next);
      tell.current(next);
    };
    void testConnection(main, key, progress, mine.signal).then(() => current.current === mine && setRunning(false));
  });
  const stop = () => {
    current.current?.abort();
    current.current = null;
    setRunning(false);
    setSteps((before) =>
      before.map((one) => (one.state === 'running' || one.state === 'waiting' ? { ...one, state: 'skipped', detail: 'Stopped' } : one)),
    );
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round is the wish to run it again
  useEffect(() => {
    run.current(cluster.key);
    return () => current.current?.abort();
  }, [cluster.key, round]);

  const name = displayText(cluster.name, 100);
  return (
    <section className={classes.test} aria-label={`Connection to ${name}`}>
      <div className={classes.head}>
        <h3 className={classes.cluster}>
          <Untrusted text={cluster.name} most={100} />
          {cluster.user !== '' && <Untrusted text={cluster.user} most={80} className={classes.detail} />}
        </h3>
        {running ? (
          <Button variant="default" size="compact-xs" onClick={stop} aria-label={`Stop the test of ${name}`}>
            Stop
          </Button>
        ) : (
          <Button variant="default" size="compact-xs" onClick={() => run.current(cluster.key)} aria-label={`Test the connection to ${name} again`}>
            Test again
          </Button>
        )}
      </div>
      <ul className={classes.steps} aria-busy={running}>
        {steps.map(({ step, state, detail }) => (
          <li key={step} className={classes.step}>
            <StateIcon state={state} />
            <div>
              <div className={classes.name}>{stepNames[step]}</div>
              {detail !== '' && <div className={classes.detail}>{displayText(detail, 1000)}</div>}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function StateIcon({ state }: Pick<StepResult, 'state'>) {
  switch (state) {
    case 'ok':
      return <IconCircleCheck size={18} color="var(--sw-ok)" aria-label="Works" />;
    case 'failed':
      return <IconCircleX size={18} color="var(--sw-bad)" aria-label="Failed" />;
    case 'running':
      return <Loader size={18} aria-label="Running" />;
    default:
      return <IconCircleMinus size={18} color="var(--sw-text-faint)" aria-label={state === 'waiting' ? 'Waiting' : 'Not tried'} />;
  }
}
