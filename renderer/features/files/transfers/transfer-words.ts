import type { TransferAction, TransferRow } from '../../../../shared/model/files.ts';
import { sizeText } from '../../../ui/words/size-text.ts';
import { countText, durationText } from '../file-words.ts';

/** How much of it is done, from 0 to 1; null when that cannot be told. Items count where the bytes say nothing. */
export function progressOf({ bytes, items, state }: Pick<TransferRow, 'bytes' | 'items' | 'state'>): number | null {
  if (state === 'done') return 1;
  if (bytes.total === null || items.total === null) return null;
  if (bytes.total > 0) return Math.min(1, bytes.done / bytes.total);
  return items.total > 0 ? Math.min(1, items.done / items.total) : null;
}

const isFolderful = ({ items }: TransferRow) => (items.total ?? items.done) > 1;

/** One line on how it stands, in words. `now`: milliseconds since the epoch. */
export function statusText(row: TransferRow, now: number): string {
  const { state, bytes, items, speed, secondsLeft } = row;
  const left = row.skipped > 0 ? `, ${row.skipped.toLocaleString('en-US')} skipped` : '';
  const failures = row.failures > 0 ? `, ${row.failures.toLocaleString('en-US')} failed` : '';
  switch (state) {
    case 'queued':
      return 'Waits for its turn';
    case 'counting':
      return `Counting… ${countText(items.total ?? items.done, 'file')}`;
    case 'asking':
      return 'Waits for your answer';
    case 'waiting': {
      const again = row.retryAt === null ? '' : ` Trying again in ${durationText((row.retryAt - now) / 1000)}.`;
      return `Connection lost.${again}`;
    }
    case 'paused':
      return row.error?.message ?? `Paused at ${amount(row)}`;
    case 'failed':
      return row.error?.message ?? 'Failed';
    case 'cancelled':
      return 'Cancelled';
    case 'done':
      // What was skipped counts as done, also by its bytes.
      if (row.skipped >= items.done && row.skipped > 0) return `${countText(row.skipped, 'file')} skipped${failures}`;
      if (row.skipped > 0) return `${countText(items.done - row.skipped, 'file')}${left}${failures}`;
      return `${isFolderful(row) ? `${countText(items.done, 'file')}, ` : ''}${sizeText(bytes.done)}${failures}`;
    case 'running': {
      const rate = speed === null ? '' : ` · ${sizeText(speed)}/s`;
      const time = secondsLeft === null ? '' : ` · ${durationText(secondsLeft)} left`;
      return `${amount(row)}${rate}${time}${failures}`;
    }
  }
}

function amount({ bytes, items }: TransferRow): string {
  const size = bytes.total === null ? sizeText(bytes.done) : `${sizeText(bytes.done)} of ${sizeText(bytes.total)}`;
  return items.total !== null && items.total > 1 ? `${items.done.toLocaleString('en-US')} of ${countText(items.total, 'file')}, ${size}` : size;
}

export const actionNames: Record<TransferAction, string> = {
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  retry: 'Try again',
  remove: 'Take out of the list',
};

const fitting: Record<TransferRow['state'], readonly TransferAction[]> = {
  queued: ['pause', 'cancel'],
  counting: ['pause', 'cancel'],
  running: ['pause', 'cancel'],
  asking: ['cancel'],
  waiting: ['retry', 'pause', 'cancel'],
  paused: ['resume', 'cancel'],
  done: ['remove'],
  failed: ['retry', 'remove'],
  cancelled: ['retry', 'remove'],
};

/** What can be done with a transfer now, the likeliest first. */
export function actionsOf({ state, failures }: Pick<TransferRow, 'state' | 'failures'>): readonly TransferAction[] {
  return state === 'done' && failures > 0 ? ['retry', 'remove'] : fitting[state];
}
