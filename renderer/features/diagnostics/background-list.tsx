import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { parseClusterKey } from '../../../shared/model/cluster.ts';
import type { BackgroundFailure } from '../../../shared/model/diagnostics.ts';
import { displayText } from '../../ui/display-text.ts';
import classes from './diagnostics.module.css';

const timeText = (time: number) => new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** A failure in one line: what, how often and since when. */
export function failureText({ what, cluster, failures, first, last, isFailing }: BackgroundFailure): string {
  const where = cluster === '' ? '' : ` on ${parseClusterKey(cluster).address}`;
  const times = failures === 1 ? `once, ${timeText(last)}` : `${failures} times since ${timeText(first)}, the last ${timeText(last)}`;
  return `Slipway tried ${what}${where}. It failed ${times}.${isFailing ? '' : ' It works again.'}`;
}

/** Work that Slipway does by itself, without anybody waiting, and that has failed since the start. */
export function BackgroundList({ failures }: { failures: readonly BackgroundFailure[] }) {
  if (failures.length === 0) return <p className={classes.summary}>Nothing that Slipway does by itself has failed since it was started.</p>;
  return (
    <ul className={classes.steps} aria-label="Failures in the background">
      {failures.map((failure) => (
        <li key={JSON.stringify([failure.what, failure.cluster])} className={classes.step}>
          {failure.isFailing ? (
            <IconAlertTriangle size={18} color="var(--sw-warn)" aria-label="Fails" />
          ) : (
            <IconCircleCheck size={18} color="var(--sw-ok)" aria-label="Works again" />
          )}
          <div>
            <div className={classes.name}>{displayText(failureText(failure), 600)}</div>
            <div className={classes.detail}>{displayText(failure.words, 1000)}</div>
          </div>
        </li>
      ))}
    </ul>
  );
}
