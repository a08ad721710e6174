import { useEffect, useRef, useState } from 'react';
import { useApp } from '../../state/context.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';

/**
 * What happens when the window is about to go: tabs are saved, and while sessions run in it the person is asked, unless the
 * settings say not to, and always while an edited file is not saved on its server. The browser asks in its own words; in Electron
 * the window stays open until this dialog is answered.
 */
export function LeaveDialog() {
  const app = useApp();
  const agreed = useRef(false);
  const [ends, setEnds] = useState({ live: 0, unsaved: 0 });
  useEffect(() => {
    const leave = (event: BeforeUnloadEvent) => {
      app.flush();
      const asks = app.settings.getState().values.terminal.confirmClose;
      const live = asks ? Object.values(app.liveSessions.getState().sessions).filter((session) => session.live).length : 0;
      const unsaved = Object.values(app.transfers.getState().edits).filter(({ state }) => state !== 'open' && state !== 'fetching').length;
      if ((live === 0 && unsaved === 0) || agreed.current) return;
      event.preventDefault();
      if (app.info.host === 'electron') setEnds({ live, unsaved });
    };
    window.addEventListener('beforeunload', leave);
    window.addEventListener('pagehide', app.flush);
    return () => {
      window.removeEventListener('beforeunload', leave);
      window.removeEventListener('pagehide', app.flush);
    };
  }, [app]);
  const { live, unsaved } = ends;
  if (live === 0 && unsaved === 0) return null;
  const answer = (yes: boolean) => {
    setEnds({ live: 0, unsaved: 0 });
    if (!yes) return;
    agreed.current = true;
    window.close();
  };
  return (
    <ConfirmDialog
      title={unsaved > 0 ? unsavedTitle(unsaved) : live === 1 ? 'A session is still running' : `${live} sessions are still running`}
      text={[
        unsaved > 0 && 'What you saved last is only in the local copy. Slipway shows it again at the next start.',
        live > 0 &&
          (live === 1 ? 'Closing Slipway ends the program that runs in a session.' : 'Closing Slipway ends the programs that run in sessions.'),
      ]
        .filter(Boolean)
        .join(' ')}
      action="Close Slipway"
      danger
      onAnswer={answer}
    />
  );
}

const unsavedTitle = (count: number) =>
  count === 1 ? 'An edited file is not saved on its server' : `${count} edited files are not saved on their servers`;
