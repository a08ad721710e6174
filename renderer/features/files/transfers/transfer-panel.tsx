import { ActionIcon, Button, NativeSelect } from '@mantine/core';
import { IconChevronDown, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import type { RefObject } from 'react';
import { useStore } from 'zustand';
import type { TransferAction, TransferRow } from '../../../../shared/model/files.ts';
import { isFinished } from '../../../../shared/model/transfer-ends.ts';
import { useApp } from '../../../state/context.tsx';
import { Tip } from '../../../ui/tip.tsx';
import { sizeText } from '../../../ui/words/size-text.ts';
import { durationText } from '../file-words.ts';
import classes from '../transfers.module.css';
import { TransferList } from './transfer-list.tsx';
import { movedOrder } from './transfer-order.ts';
import { actionsOf } from './transfer-words.ts';

interface Props {
  listRef: RefObject<HTMLDivElement | null>;
  onHide(): void;
  onLeave(): void;
  onOpen(row: TransferRow): void;
}

/** The queue of all servers, with what it makes in total. It goes on whatever is shown. */
export function TransferPanel({ listRef, onHide, onLeave, onOpen }: Props) {
  const app = useApp();
  const { rows, order, totals, perHost, problem } = useStore(app.transfers);
  const { notifyError } = app.notifications.getState();
  const all = order.flatMap((id) => rows[id] ?? []);
  const able = (action: TransferAction) => all.filter((row) => !isFinished(row) && actionsOf(row).includes(action)).map(({ id }) => id);
  const finished = all.filter(isFinished).map(({ id }) => id);
  const act = (ids: readonly string[], action: TransferAction) =>
    void app
      .sessionHost()
      .call('transfers.act', { ids: [...ids], action })
      .catch((caught) => notifyError('The transfer could not be changed', caught));
  const move = (ids: readonly string[], before: string | null) => {
    // Shown at once, so that the next key finds it so; what the session host says holds.
    app.transfers.setState({ order: movedOrder(order, ids, before) });
    app
      .sessionHost()
      .call('transfers.move', { ids: [...ids], before })
      .catch((caught) => notifyError('The order could not be changed', caught));
  };
  const limit = (count: number) =>
    void app
      .sessionHost()
      .call('transfers.limit', { perHost: count })
      .catch((caught) => notifyError('The limit could not be changed', caught));
  const pausable = able('pause');
  const resumable = able('resume');
  const parts = [
    `${(totals.active + totals.queued).toLocaleString('en-US')} of ${order.length.toLocaleString('en-US')} to go`,
    totals.bytesTotal > 0 && `${sizeText(totals.bytesDone)} of ${sizeText(totals.bytesTotal)}`,
    totals.speed > 0 && `${sizeText(totals.speed)}/s`,
    totals.secondsLeft !== null && `${durationText(totals.secondsLeft)} left`,
  ].filter((part) => part !== false);
  const busy = totals.active + totals.queued > 0;
  return (
    <section className={classes.panel} aria-label="Transfers">
      <header className={classes.head}>
        <h2 className={classes.title}>Transfers</h2>
        <span className={classes.totals}>{busy ? parts.join(' · ') : order.length === 0 ? 'Nothing is moved' : 'All done'}</span>
        {busy && totals.progress !== null && (
          // biome-ignore lint/a11y/useFocusableInteractive: it only shows
          <div
            role="progressbar"
            aria-label="All transfers"
            aria-valuenow={Math.floor(totals.progress * 100)}
            aria-valuemin={0}
            aria-valuemax={100}
            className={classes.track}
            data-state="running"
          >
            <div className={classes.bar} style={{ width: `${totals.progress * 100}%` }} />
          </div>
        )}
        <span className={classes.gap} />
        <NativeSelect
          size="xs"
          w={118}
          aria-label="Transfers at a time per server"
          value={String(perHost)}
          data={Array.from({ length: 8 }, (_, index) => ({ value: String(index + 1), label: `${index + 1} per server` }))}
          onChange={(event) => limit(Number(event.currentTarget.value))}
        />
        <Tip label="Pause all">
          <ActionIcon aria-label="Pause all" disabled={pausable.length === 0} onClick={() => act(pausable, 'pause')}>
            <IconPlayerPause size={15} />
          </ActionIcon>
        </Tip>
        <Tip label="Resume all">
          <ActionIcon aria-label="Resume all" disabled={resumable.length === 0} onClick={() => act(resumable, 'resume')}>
            <IconPlayerPlay size={15} />
          </ActionIcon>
        </Tip>
        <Button size="compact-xs" variant="default" disabled={finished.length === 0} onClick={() => act(finished, 'remove')}>
          Clear finished
        </Button>
        <Tip label="Hide transfers">
          <ActionIcon aria-label="Hide transfers" onClick={onHide}>
            <IconChevronDown size={15} />
          </ActionIcon>
        </Tip>
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
