import { useEffect } from 'react';
import { useApp } from '../../state/context.tsx';
import { showRequests } from '../../workbench/documents.ts';

/** In a browser there is no main process that speaks to the OS: the page tells what happened to requests. */
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
