import { useEffect } from 'react';
import { useApp } from '../../state/context.tsx';
import { showRequests } from '../../workbench/documents.ts';

/** Shows notices about requests in the browser host, where no main process can use the OS for that. */
export function RequestNotices(): null {
  const app = useApp();
  useEffect(() => {
    if (app.info.host !== 'browser') return;
    let seen: number | null = null;
    return app.main.subscribe('request-notices', (notices) => {
      const last = notices.at(-1)?.serial ?? 0;
      const fresh = seen === null ? [] : notices.filter(({ serial }) => serial > (seen ?? 0));
      seen = last;
      for (const { title, body, cluster, request } of fresh) {
        const action = { label: 'Show', run: () => showRequests(app, cluster, { scope: 'all', request }) };
        app.notifications.getState().notify({ tone: 'info', title, text: body, action });
      }
    });
  }, [app]);
  return null;
}
