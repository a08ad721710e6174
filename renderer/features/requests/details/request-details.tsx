import { ActionIcon, Button, Loader } from '@mantine/core';
import { IconAlertTriangle, IconArrowLeft, IconGhost2, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import type { ErrorData } from '../../../../shared/errors/app-error.ts';
import type { Cluster } from '../../../../shared/model/cluster.ts';
import { useRequestsOverview } from '../../../state/context.tsx';
import { serverTime } from '../../../state/requests.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { displayText } from '../../../ui/display-text.ts';
import { useFocusHome } from '../../../ui/focus/use-focus-home.ts';
import { MessageView } from '../../../ui/message-view.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { useNow } from '../../../ui/use-now.ts';
import classes from '../details.module.css';
import { wantedText } from '../request-words.ts';
import { OwnActions } from './own-actions.tsx';
import { RequestFacts } from './request-facts.tsx';
import { ReviewForm } from './review-form.tsx';
import { Standing } from './standing.tsx';
import { Thread } from './thread.tsx';
import { useRequest } from './use-request.ts';

interface Props {
  cluster: Cluster;
  id: string;
  /** It stands in the list's place: the way back is at its left. */
  back: boolean;
  onClose(): void;
}

/** One request: who, what, why, for how long; what reviewers said; and what this person can do about it. */
export function RequestDetails({ cluster, id, back, onClose }: Props) {
  const { detail, gone, error, reload } = useRequest(cluster.key, id);
  const overview = useRequestsOverview(cluster.key);
  const now = serverTime(overview, useNow(15_000));
  const title = useRef<HTMLHeadingElement>(null);
  // With each of these, buttons come and go, and the focus with them. A request that was opened by a link or in the list's place takes
  // the focus too; one beside the list leaves it there.
  const stage = detail && `${detail.request.state} ${detail.request.waiting} ${detail.request.assumed} ${gone}`;
  useFocusHome(() => title.current, { cause: stage, wanted: stage !== null });

  return (
    <section
      className={classes.pane}
      aria-label="Access request"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onClose();
      }}
    >
      <header className={classes.header}>
        {back && (
          <ActionIcon aria-label="Back to the list" onClick={onClose}>
            <IconArrowLeft size={16} />
          </ActionIcon>
        )}
        <h2 ref={title} tabIndex={-1} className={classes.title}>
          {detail ? (
            <>
              <Untrusted text={detail.request.own ? 'You' : detail.request.user} most={100} /> {detail.request.own ? 'ask' : 'asks'} for{' '}
              <Untrusted text={wantedText(detail.request)} most={160} wrap />
            </>
          ) : (
            'Access request'
          )}
        </h2>
        {detail && <Standing request={detail.request} now={now} />}
        {!back && (
          <ActionIcon aria-label="Close request" onClick={onClose}>
            <IconX size={15} />
          </ActionIcon>
        )}
      </header>
      <p className={classes.id}>
        <Untrusted text={id} most={100} mono />
        <CopyButton text={id} label="Copy request ID" />
      </p>
      {detail ? (
        <>
          {gone && (
            <p className={classes.gone} role="alert">
              This request is gone: it was withdrawn or deleted, or has run out. What you see is how it was last.
            </p>
          )}
          {error && !gone && (
            <p className={classes.gone} role="alert">
              <bdi>{displayText(error.message, 500)}</bdi> What you see may be old.
            </p>
          )}
          <RequestFacts detail={detail} now={now} offset={overview?.clockOffset ?? 0} />
          <Thread request={detail.request} now={now} offset={overview?.clockOffset ?? 0} />
          {!gone && detail.request.own && <OwnActions cluster={cluster} detail={detail} now={now} />}
          {!gone && <ReviewForm key={detail.request.state} cluster={cluster} detail={detail} onDone={reload} />}
        </>
      ) : (
        <NoRequest gone={gone} error={error} onRetry={reload} />
      )}
    </section>
  );
}

/** What stands there while a request is read, or in its place when it cannot be. */
function NoRequest({ gone, error, onRetry }: { gone: boolean; error: ErrorData | null; onRetry(): void }) {
  if (gone) {
    return (
      <MessageView
        icon={<IconGhost2 size={22} />}
        title="This request is gone"
        text="It was withdrawn or deleted, has run out, or is not yours to see."
      />
    );
  }
  if (!error) {
    return (
      <div className={classes.loading}>
        <Loader size="sm" aria-label="Loading" />
      </div>
    );
  }
  return (
    <MessageView
      tone="bad"
      icon={<IconAlertTriangle size={22} />}
      title="The request could not be read"
      text={<bdi>{displayText(error.message, 1000)}</bdi>}
    >
      <Button onClick={onRetry}>Try again</Button>
    </MessageView>
  );
}
