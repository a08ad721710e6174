import { Button, Select } from '@mantine/core';
import { IconCheck, IconStar, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import { useStore } from 'zustand';
import type { AccessRequestDetail } from '../../../../shared/model/access-request.ts';
import type { Cluster, ClusterKey } from '../../../../shared/model/cluster.ts';
import { useApp, useRequestsOverview } from '../../../state/context.tsx';
import { keepReview, type ReviewDraft, reviewDraft, serverTime } from '../../../state/requests.ts';
import { displayText } from '../../../ui/display-text.ts';
import { useTask } from '../../../ui/use-task.ts';
import { withRelogin } from '../../../workbench/with-relogin.ts';
import { ReasonField, reasonTooLong } from '../ask/reason-field.tsx';
import { Refusal } from '../ask/refusal.tsx';
import { StartField } from '../ask/start-field.tsx';
import classes from '../details.module.css';

interface Props {
  cluster: Cluster;
  detail: AccessRequestDetail;
  /** Something was decided, or refused because somebody else had. */
  onDone(): void;
}

type Decision = 'approve' | 'deny' | 'promote';
const verdicts = { approve: 'approved', deny: 'denied', promote: 'promoted' } as const;

/** The place of a reviewer: approve, deny or promote, with words and another start. Why not, where it cannot be. */
export function ReviewForm({ cluster, detail: { request, promotions, reviewBlocked }, onDone }: Props) {
  const app = useApp();
  const overview = useRequestsOverview(cluster.key);
  const { reason, start, accessList } = useStore(app.requests, (state) => reviewDraft(state, cluster.key, request.id));
  const keep = (change: Partial<ReviewDraft> | null) => keepReview(app.requests, cluster.key, request.id, change);
  const list = promotions.some(({ name }) => name === accessList) ? accessList : (promotions[0]?.name ?? '');
  const { busy, error, run } = useTask();
  const [doing, setDoing] = useState<Decision>('approve');
  if (reviewBlocked !== '') return <p className={classes.hint}>{reviewBlocked}</p>;
  if (!request.waiting) return null;

  const { id } = request;
  const send = async (decision: Decision) => {
    const action = (use: ClusterKey): Promise<unknown> =>
      decision === 'promote'
        ? app.main.call('requests.promote', { cluster: use, id, accessList: list, reason })
        : app.main.call('requests.review', {
            cluster: use,
            id,
            decision,
            reason,
            assumeStart: decision === 'approve' && start !== null && overview?.features.startTimes ? serverTime(overview, start) : null,
          });
    setDoing(decision);
    await run(async () => {
      await withRelogin(app, cluster.key, 'to send your review', action);
      keep(null);
      app.notifications
        .getState()
        .notify({ tone: 'success', title: 'Review sent', text: `You ${verdicts[decision]} the request of ${displayText(request.user, 100)}.` });
    });
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (blocked || (event.altKey && list === '')) return;
    void send(event.shiftKey ? 'deny' : event.altKey ? 'promote' : 'approve');
  };
  const blocked = busy || reasonTooLong(reason);
  const modifier = app.info.platform === 'darwin' ? 'Command' : 'Ctrl';
  return (
    <section className={classes.review} aria-label="Your review" onKeyDown={onKeyDown}>
      <ReasonField label="Message (optional)" compact value={reason} onChange={(text) => keep({ reason: text })} />
      <div className={classes.reviewRow}>
        {overview?.features.startTimes && (
          <StartField
            label="Access starts"
            compact
            unchanged={request.assumeStart === null ? 'Starts at once, as asked' : 'Starts when it was asked for'}
            value={start}
            overview={overview}
            latest={request.expires}
            onChange={(time) => keep({ start: time })}
          />
        )}
        <Button
          leftSection={<IconCheck size={15} />}
          loading={busy && doing === 'approve'}
          disabled={blocked}
          aria-keyshortcuts="Control+Enter"
          title={`${modifier}+Enter`}
          onClick={() => void send('approve')}
        >
          Approve
        </Button>
        <Button
          color="red.8"
          variant="outline"
          leftSection={<IconX size={15} />}
          loading={busy && doing === 'deny'}
          disabled={blocked}
          aria-keyshortcuts="Control+Shift+Enter"
          title={`${modifier}+Shift+Enter`}
          onClick={() => void send('deny')}
        >
          Deny
        </Button>
      </div>
      {promotions.length > 0 && (
        <div className={classes.reviewRow}>
          <Select
            aria-label="Access list for long-term access"
            data={promotions.map(({ name, title }) => ({ value: name, label: `For long: ${displayText(title || name, 100)}` }))}
            value={list}
            onChange={(value) => keep({ accessList: value ?? '' })}
            allowDeselect={false}
          />
          <Button
            variant="default"
            leftSection={<IconStar size={15} />}
            loading={busy && doing === 'promote'}
            disabled={blocked || list === ''}
            aria-keyshortcuts="Control+Alt+Enter"
            title={`${modifier}+${app.info.platform === 'darwin' ? 'Option' : 'Alt'}+Enter`}
            onClick={() => void send('promote')}
          >
            Promote
          </Button>
        </div>
      )}
      <Refusal error={error} />
    </section>
  );
}
