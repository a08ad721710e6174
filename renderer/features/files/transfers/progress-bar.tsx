import classes from '../transfers.module.css';

interface Props {
  label: string;
  /** From 0 to 1; null while it is not known. */
  share: number | null;
  /** Colours it. */
  state: string;
}

export function ProgressBar({ label, share, state }: Props) {
  const percent = share === null ? undefined : Math.floor(share * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className={classes.track}
      data-state={state}
    >
      <div className={classes.bar} style={{ width: `${percent ?? 0}%` }} />
    </div>
  );
}
