import { Loader } from '@mantine/core';
import type { DryRun } from '../../../../shared/model/access-request.ts';
import { displayText } from '../../../ui/display-text.ts';
import { durationText } from '../../../ui/words/time-text.ts';
import { thresholdText } from '../request-words.ts';
import classes from './ask.module.css';

interface Props {
  result: DryRun | null;
  /** A newer answer is on its way. */
  busy: boolean;
  /** The cluster has reviews. */
  reviews: boolean;
}

/** What the server would grant for the request as it stands. */
export function Outcome({ result, busy, reviews }: Props) {
  if (!result && !busy) return null;
  return (
    <p className={classes.outcome} role="status" data-stale={(busy && result !== null) || undefined}>
      {result ? (
        outcomeText(result, reviews)
      ) : (
        <>
          <Loader size={12} /> Asking the cluster what it would grant…
        </>
      )}
    </p>
  );
}

function outcomeText({ thresholds, maxDuration, roles }: DryRun, reviews: boolean) {
  const needed = reviews
    ? thresholds.map((threshold) => thresholdText({ ...threshold, approvals: 0 }, thresholds.length > 1).replace(/\b0 of /, ''))
    : [];
  const facts = [
    needed.length > 0 && `needs ${needed.join('; ')}`,
    maxDuration !== null && `lasts ${durationText(maxDuration)} at most`,
    roles.length > 0 && `by ${roles.length === 1 ? 'role' : 'roles'} ${displayText(roles.join(', '), 200)}`,
  ].filter(Boolean);
  return facts.length > 0 ? <bdi>The cluster would grant it: {facts.join(', ')}.</bdi> : 'The cluster would take this request.';
}
