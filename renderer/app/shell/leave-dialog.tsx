import { useEffect, useRef, useState } from 'react';
import { useApp } from '../../state/context.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';

/**
 * What happens when the window is about to go: tabs are saved, and while sessions run in it the person is asked, unless the
 * settings say not to. The browser asks in its own words; in Electron the window stays open until this dialog is answered.
 */
export function LeaveDialog() {
  const app = useApp();
  const agreed = useRef(false);
  const [live, setLive] = useState(0);
  useEffect(() => {
    const leave = (event: BeforeUnloadEvent) => {
      app.flush();
      const running = Object.values(app.liveSessions.getState().sessions).filter((session) => session.live).length;
      if (running === 0 || agreed.current || !app.settings.getState().values.terminal.confirmClose) return;
      event.preventDefault();
      if (app.info.host === 'electron') setLive(running);
    };
    window.addEventListener('beforeunload', leave);
    window.addEventListener('pagehide', app.flush);
    return () => {
      window.removeEventListener('beforeunload', leave);
      window.removeEventListener('pagehide', app.flush);
    };
  }, [app]);
  if (live === 0) return null;
  const answer = (yes: boolean) => {
    setLive(0);
    if (!yes) return;
    agreed.current = true;
    window.close();
  };
  return (
    <ConfirmDialog
      title={live === 1 ? 'A session is still running' : `${live} sessions are still running`}
      text={live === 1 ? 'Closing Slipway ends the program that runs in it.' : 'Closing Slipway ends the programs that run in them.'}
      action="Close Slipway"
      danger
      onAnswer={answer}
    />
  );
}
