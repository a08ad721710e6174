import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useApp, useCurrentCluster } from '../../state/context.tsx';

/** Keeps the browser window's own affairs: its title, its zoom where no Electron does it, and the question before it closes. */
export function useWindow(): void {
  const app = useApp();
  const cluster = useCurrentCluster();
  const zoom = useStore(app.settings, ({ values }) => values.zoom);
  useEffect(() => {
    document.title = cluster ? `${cluster.name} – Slipway` : 'Slipway';
  }, [cluster]);
  useEffect(() => {
    if (app.info.host === 'browser') document.documentElement.style.zoom = String(zoom);
  }, [app, zoom]);
  useEffect(() => {
    if (app.info.host !== 'browser') return;
    const ask = (event: BeforeUnloadEvent) => {
      const live = Object.values(app.liveSessions.getState().sessions).some((session) => session.live);
      if (live && app.settings.getState().values.terminal.confirmClose) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [app]);
}
