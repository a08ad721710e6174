import { useEffect } from 'react';
import { TransferEnds } from '../../../shared/model/transfer-ends.ts';
import { useApp } from '../../state/context.tsx';
import { showTransfers } from '../../workbench/show-transfers.ts';

/** Shows notices of ended transfers in the browser host, where no main process can use the OS for that. */
export function TransferNotices(): null {
  const app = useApp();
  useEffect(() => {
    if (app.info.host !== 'browser') return;
    const ends = new TransferEnds({
      isWatched: () => document.hasFocus(),
      tell: ({ title, body }) =>
        app.notifications.getState().notify({ tone: 'info', title, text: body, action: { label: 'Show transfers', run: () => showTransfers(app) } }),
    });
    return app.transfers.subscribe((now, before) => {
      if (now.rows !== before.rows) ends.update(now);
    });
  }, [app]);
  return null;
}
