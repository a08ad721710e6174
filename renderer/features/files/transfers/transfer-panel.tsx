import { ActionIcon, Button, NativeSelect } from '@mantine/core';
import { IconChevronDown, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import type { ReactNode, RefObject } from 'react';
import { useStore } from 'zustand';
import type { TransferAction, TransferRow, Transfers } from '../../../../shared/model/files.ts';
import { isFinished } from '../../../../shared/model/transfer-ends.ts';
import { useApp } from '../../../state/context.tsx';
import { Tip } from '../../../ui/tip.tsx';
import { sizeText } from '../../../ui/words/size-text.ts';
import { durationText } from '../file-words.ts';
import classes from '../transfers.module.css';
import { ProgressBar } from './progress-bar.tsx';
import { TransferList } from './transfer-list.tsx';
import { actionsOf } from './transfer-words.ts';
import { useTransferCalls } from './use-transfer-calls.ts';

interface Props {
  listRef: RefObject<HTMLDivElement | null>;
  onHide(): void;
  onLeave(): void;
  onOpen(row: TransferRow): void;
}

const limits = Array.from({ length: 8 }, (_, index) => ({ value: String(index + 1), label: `${index + 1} per server` }));

/** The queue of all servers, with what it makes in total. It goes on whatever is shown. */
export function TransferPanel({ listRef, onHide, onLeave, onOpen }: Props) {
  const { transfers } = useApp();
  const { rows, order, totals, perHost, problem } = useStore(transfers);
  const { act, move, limit } = useTransferCalls();
  const all = order.flatMap((id) => rows[id] ?? []);
  const able = (action: TransferAction) => all.filter((row) => !isFinished(row) && actionsOf(row).includes(action)).map(({ id }) => id);
  const finished = all.filter(isFinished).map(({ id }) => id);
  const pausable = able('pause');
  const resumable = able('resume');
  const isBusy = totals.active + totals.queued > 0;
  return (
    <section className={classes.panel} aria-label="Transfers">
      <header className={classes.head}>
        <h2 className={classes.title}>Transfers</h2>
        <span className={classes.totals}>{isBusy ? totalsText(totals, order.length) : order.length === 0 ? 'Nothing is moved' : 'All done'}</span>
        {isBusy && totals.progress !== null && <ProgressBar label="All transfers" share={totals.progress} state="running" />}
        <span className={classes.gap} />
        <NativeSelect
          size="xs"
          w={118}
          aria-label="Transfers at a time per server"
          value={String(perHost)}
          data={limits}
          onChange={(event) => limit(Number(event.currentTarget.value))}
        />
        <HeadAction label="Pause all" disabled={pausable.length === 0} onClick={() => act(pausable, 'pause')}>
          <IconPlayerPause size={15} />
        </HeadAction>
        <HeadAction label="Resume all" disabled={resumable.length === 0} onClick={() => act(resumable, 'resume')}>
          <IconPlayerPlay size={15} />
        </HeadAction>
        <Button size="compact-xs" variant="default" disabled={finished.length === 0} onClick={() => act(finished, 'remove')}>
          Clear finished
        </Button>
        <HeadAction label="Hide transfers" onClick={onHide}>
          <IconChevronDown size={15} />
        </HeadAction>
      </header>
      {problem && (
        <p role="status" className={classes.problem}>
          {problem}
        </p>
      )}
      <TransferList listRef={listRef} onAct={act} onMove={move} onLeave={onLeave} onOpen={onOpen} />
    </section>
  );
}

function totalsText({ active, queued, bytesDone, bytesTotal, speed, secondsLeft }: Transfers['totals'], count: number): string {
  const parts = [
    `${(active + queued).toLocaleString('en-US')} of ${count.toLocaleString('en-US')} to go`,
    bytesTotal > 0 && `${sizeText(bytesDone)} of ${sizeText(bytesTotal)}`,
    speed > 0 && `${sizeText(speed)}/s`,
    secondsLeft !== null && `${durationText(secondsLeft)} left`,
  ];
  return parts.filter((part) => part !== false).join(' · ');
}

function HeadAction({ label, disabled, onClick, children }: { label: string; disabled?: boolean; onClick(): void; children: ReactNode }) {
  return (
    <Tip label={label}>
      <ActionIcon aria-label={label} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tip>
  );
}
