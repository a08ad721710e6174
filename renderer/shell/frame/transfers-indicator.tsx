import { IconArrowsUpDown } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useApp } from '../../state/context.tsx';
import { showTransfers } from '../../workbench/show-transfers.ts';
import classes from './status-bar.module.css';

/** The progress of transfers, shown wherever the person is; a click goes to a tab that shows them. */
export function TransfersIndicator() {
  const app = useApp();
  const { transfers } = app;
  const { active, queued, progress } = useStore(transfers, (state) => state.totals);
  const asks = useStore(transfers, ({ order, rows }) => order.some((id) => rows[id]?.state === 'asking'));
  if (active + queued === 0) return null;
  const percent = progress === null ? '' : ` ${Math.floor(progress * 100)} %`;
  return (
    <button type="button" className={asks ? classes.linkWarn : classes.link} onClick={() => showTransfers(app)}>
      <IconArrowsUpDown size={13} aria-hidden />
      {asks
        ? 'A transfer asks you something'
        : `${(active + queued).toLocaleString('en-US')} ${active + queued === 1 ? 'transfer' : 'transfers'}${percent}`}
    </button>
  );
}
