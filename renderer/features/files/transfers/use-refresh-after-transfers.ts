import { useEffect } from 'react';
import { isFinished } from '../../../../shared/model/transfer-ends.ts';
import { useApp } from '../../../state/context.tsx';
import type { FilesController } from '../files-controller.ts';

/** Reads a pane anew when a transfer into the folder it shows has ended, and the server's when an edited file was saved there. */
export function useRefreshAfterTransfers(controller: FilesController): void {
  const { transfers } = useApp();
  useEffect(
    () =>
      transfers.subscribe((now, before) => {
        if (now.rows === before.rows && now.edits === before.edits) return;
        const sides = new Set<'local' | 'remote'>();
        for (const [id, row] of Object.entries(now.rows)) {
          const old = before.rows[id];
          if (row === old || !isFinished(row) || !old || isFinished(old)) continue;
          const side = row.direction === 'upload' ? 'remote' : 'local';
          if (side === 'remote' && row.target.node !== controller.target.node) continue;
          if (controller.panes[side].getState().path === row.folder) sides.add(side);
        }
        for (const [id, { target, savedAt }] of Object.entries(now.edits)) {
          if (savedAt !== null && savedAt !== before.edits[id]?.savedAt && target.node === controller.target.node) sides.add('remote');
        }
        for (const side of sides) if (controller.panes[side].getState().status === 'ready') void controller.panes[side].refresh();
      }),
    [transfers, controller],
  );
}
