import { IconCheck, IconClock, IconPlus, IconStar, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { AccessRequest, RequestReview } from '../../../../shared/model/access-request.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { UntrustedBlock } from '../../../ui/untrusted-block.tsx';
import { agoText, momentText } from '../../../ui/words/time-text.ts';
import classes from '../details.module.css';
import { thresholdText } from '../request-words.ts';

const verbs = { approved: 'approved', denied: 'denied', promoted: 'promoted', pending: 'commented' } as const;
const signs = { approved: IconCheck, denied: IconX, promoted: IconStar, pending: IconClock } as const;

interface Props {
  request: AccessRequest;
  /** The server's time. */
  now: number;
  offset: number;
}

/** What happened to a request, oldest first, and how far it is from being decided. */
export function Thread({ request, now, offset }: Props) {
  const { created, reviews, resolveReason, state, thresholds, accessList } = request;
  const lastSaidIt = reviews.some((review) => review.reason === resolveReason);
  return (
    <section className={classes.section} aria-label="Reviews">
      <h3>Reviews</h3>
      {state === 'pending' && thresholds.length > 0 && (
        <ul className={classes.thresholds}>
          {thresholds.map((threshold, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: thresholds need no names
            <li key={index}>
              <Meter have={threshold.approvals} need={threshold.approve} />
              {thresholdText(threshold, thresholds.length > 1)}
              {threshold.denials > 0 && (
                <span className={classes.dim}>{`${threshold.denials} of ${threshold.deny} ${threshold.deny === 1 ? 'denial' : 'denials'}`}</span>
              )}
            </li>
          ))}
        </ul>
      )}
      <ol className={classes.thread}>
        <Entry sign={<IconPlus size={13} />} tone="quiet" time={created} now={now}>
          <Untrusted text={request.own ? 'You' : request.user} most={100} className={classes.who} /> asked
        </Entry>
        {reviews.map((review, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: reviews are only ever added
          <Review key={index} review={review} now={now} offset={offset} />
        ))}
        {state !== 'pending' && (
          <Entry sign={<Sign state={state} />} tone={state} time={null} now={now} reason={lastSaidIt ? '' : resolveReason}>
            {state === 'promoted' ? (
              <>
                Promoted to long-term access
                {accessList !== '' && (
                  <>
                    {' '}
                    by the list <Untrusted text={accessList} most={100} className={classes.who} />
                  </>
                )}
              </>
            ) : state === 'approved' ? (
              'Approved'
            ) : (
              'Denied'
            )}
          </Entry>
        )}
      </ol>
    </section>
  );
}

function Review({
  review: { author, state, reason, created, assumeStart, accessList },
  now,
  offset,
}: {
  review: RequestReview;
  now: number;
  offset: number;
}) {
  return (
    <Entry sign={<Sign state={state} />} tone={state} time={created} now={now} reason={reason}>
      <Untrusted text={author} most={100} className={classes.who} /> {verbs[state]}
      {accessList !== '' && (
        <>
          {' '}
          to <Untrusted text={accessList} most={100} className={classes.who} />
        </>
      )}
      {assumeStart !== null && <span className={classes.dim}>, from {momentText(assumeStart - offset, now - offset)}</span>}
    </Entry>
  );
}

interface EntryProps {
  sign: ReactNode;
  tone: string;
  time: number | null;
  now: number;
  reason?: string;
  children: ReactNode;
}

function Entry({ sign, tone, time, now, reason = '', children }: EntryProps) {
  return (
    <li className={classes.entry}>
      <span className={classes.sign} data-tone={tone} aria-hidden>
        {sign}
      </span>
      <div className={classes.said}>
        <div>
          {children}
          {time !== null && <span className={classes.when}>{agoText(time, now)}</span>}
        </div>
        {reason !== '' && (
          <div className={classes.quote}>
            <UntrustedBlock text={reason} />
          </div>
        )}
      </div>
    </li>
  );
}

function Sign({ state }: { state: keyof typeof signs }) {
  const Icon = signs[state];
  return <Icon size={13} />;
}

function Meter({ have, need }: { have: number; need: number }) {
  const steps = Math.min(need, 12);
  return (
    <span className={classes.meter} aria-hidden>
      {Array.from({ length: steps }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps are all alike
        <span key={index} data-done={index < have || undefined} />
      ))}
    </span>
  );
}
