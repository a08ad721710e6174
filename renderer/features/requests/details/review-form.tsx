import { Button, Select } from '@mantine/core';
import { IconCheck, IconStar, IconX } from '@tabler/icons-react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { AccessRequestDetail } from '../../../../shared/model/access-request.ts';
import type { Cluster } from '../../../../shared/model/cluster.ts';
import { useApp } from '../../../state/context.tsx';
import { displayText } from '../../../ui/display-text.ts';
import { ReasonField, reasonTooLong } from '../ask/reason-field.tsx';
import { Refusal } from '../ask/refusal.tsx';
import { StartField } from '../ask/start-field.tsx';
import classes from '../details.module.css';
import { type Decision, useReview } from './use-review.ts';

interface Props {
  cluster: Cluster;
  detail: AccessRequestDetail;
  /** Something was decided, or refused because somebody else had. */
  onDone(): void;
}

/** The place of a reviewer: approve, deny or promote, with a message and another start; or why this request cannot be reviewed. */
export function ReviewForm(props: Props) {
  const { reviewBlocked, request } = props.detail;
  if (reviewBlocked !== '') return <p className={classes.hint}>{reviewBlocked}</p>;
  return request.waiting ? <OpenReview {...props} /> : null;
}

function OpenReview({ cluster, detail, onDone }: Props) {
  const { request, promotions } = detail;
  const { reason, start, list, keep, overview, error, busy, sending, send } = useReview(cluster, detail, onDone);
  const blocked = busy || reasonTooLong(reason);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (blocked || (event.altKey && list === '')) return;
    void send(event.shiftKey ? 'deny' : event.altKey ? 'promote' : 'approve');
  };
  const button = { sending, blocked, onSend: (decision: Decision) => void send(decision) };
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
        <DecisionButton decision="approve" icon={<IconCheck size={15} />} {...button}>
          Approve
        </DecisionButton>
        <DecisionButton decision="deny" icon={<IconX size={15} />} {...button}>
          Deny
        </DecisionButton>
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
          <DecisionButton decision="promote" icon={<IconStar size={15} />} {...button} blocked={blocked || list === ''}>
            Promote
          </DecisionButton>
        </div>
      )}
      <Refusal error={error} />
    </section>
  );
}

/** The keys beside Control and Enter, and how the button looks. */
const decisions = {
  approve: { keys: [], look: {} },
  deny: { keys: ['Shift'], look: { color: 'red.8', variant: 'outline' } },
  promote: { keys: ['Alt'], look: { variant: 'default' } },
} as const;

interface ButtonProps {
  decision: Decision;
  icon: ReactNode;
  /** The decision that is on its way. */
  sending: Decision | null;
  blocked: boolean;
  onSend(decision: Decision): void;
  children: string;
}

function DecisionButton({ decision, icon, sending, blocked, onSend, children }: ButtonProps) {
  const { platform } = useApp().info;
  const { keys, look } = decisions[decision];
  const shown = platform === 'darwin' ? ['Command', ...keys, 'Enter'].map((key) => (key === 'Alt' ? 'Option' : key)) : ['Ctrl', ...keys, 'Enter'];
  return (
    <Button
      {...look}
      leftSection={icon}
      loading={sending === decision}
      disabled={blocked}
      aria-keyshortcuts={['Control', ...keys, 'Enter'].join('+')}
      title={shown.join('+')}
      onClick={() => onSend(decision)}
    >
      {children}
    </Button>
  );
}
