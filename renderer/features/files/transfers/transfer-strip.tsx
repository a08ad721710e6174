import { useStore } from 'zustand';
import { useApp } from '../../../state/context.tsx';
import { sizeText } from '../../../ui/words/size-text.ts';
import { durationText } from '../file-words.ts';
import classes from '../transfers.module.css';

/** The queue in one line, while its list is hidden. */
export function TransferStrip({ onShow }: { onShow(): void }) {
  const { transfers } = useApp();
  const totals = useStore(transfers, (state) => state.totals);
  const count = useStore(transfers, (state) => state.order.length);
  const left = totals.active + totals.queued;
  const text =
    left === 0
      ? count === 0
        ? 'no transfers'
        : `${count.toLocaleString('en-US')} done`
      : [
          `${left.toLocaleString('en-US')} to go`,
          totals.speed > 0 && `${sizeText(totals.speed)}/s`,
          totals.secondsLeft !== null && `${durationText(totals.secondsLeft)} left`,
        ]
          .filter((part) => part !== false)
          .join(' · ');
  return (
    <button type="button" className={classes.strip} onClick={onShow} aria-expanded={false}>
      <strong>Transfers</strong>
      <span>{text}</span>
      {left > 0 && totals.progress !== null && (
        <span className={classes.track} data-state="running">
          <span className={classes.bar} style={{ display: 'block', width: `${totals.progress * 100}%` }} />
        </span>
      )}
    </button>
  );
}
