import { IconArrowsUpDown } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useApp } from '../../state/context.tsx';
import { filesDocument } from '../../state/documents.ts';
import classes from './status-bar.module.css';

/** How far the transfers are, wherever one is in the window; a click goes to a tab that shows them. */
export function TransfersIndicator() {
  const { transfers, workspace } = useApp();
  const { active, queued, progress } = useStore(transfers, (state) => state.totals);
  const asks = useStore(transfers, ({ order, rows }) => order.some((id) => rows[id]?.state === 'asking'));
  if (active + queued === 0) return null;
  const show = () => {
    const { documents, activate, open } = workspace.getState();
    const present = documents.find(({ kind }) => kind === 'files');
    const { order, rows } = transfers.getState();
    const target = order.map((id) => rows[id]).find((row) => row !== undefined)?.target;
    if (present) activate(present.id);
    else if (target) open(filesDocument(target));
  };
  const percent = progress === null ? '' : ` ${Math.floor(progress * 100)} %`;
  return (
    <button type="button" className={asks ? classes.linkWarn : classes.link} onClick={show}>
      <IconArrowsUpDown size={13} aria-hidden />
      {asks ? 'A transfer asks you something' : `${active + queued} ${active + queued === 1 ? 'transfer' : 'transfers'}${percent}`}
    </button>
  );
}
