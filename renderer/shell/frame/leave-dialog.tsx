import { useEffect, useRef, useState } from 'react';
import type { AppState } from '../../state/app-state.ts';
import { useApp } from '../../state/context.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { isHeld, leaveText, leaveTitle, type RunningWork } from './leave-words.ts';

const nothing: RunningWork = { terminals: 0, connections: 0, unsaved: 0 };

/** The work that closing the window would end or hide, as far as the settings want it to be asked about. */
function runningWork(app: AppState): RunningWork {
  const asks = app.settings.getState().values.terminal.confirmClose;
  const count = (rows: readonly boolean[]) => rows.filter(Boolean).length;
  return {
    terminals: asks ? count(Object.values(app.tabStatuses.getState().statuses).map(({ isLive: live }) => live)) : 0,
    connections: asks
      ? count(Object.values(app.connections.getState().rows).map(({ state, target }) => state === 'open' && target.kind !== 'ssh'))
      : 0,
    unsaved: count(Object.values(app.transfers.getState().edits).map(({ state }) => state !== 'open' && state !== 'fetching')),
  };
}

/**
 * Acts when the window is about to close: saves the tabs and, while sessions run or local connections are open, asks the person,
 * unless the settings say not to; it always asks while an edited file is not saved on its server. A browser asks in its own words;
 * in Electron the window stays open until this dialog is answered.
 */
export function LeaveDialog() {
  const app = useApp();
  const agreed = useRef(false);
  const [ends, setEnds] = useState(nothing);
  useEffect(() => {
    const leave = (event: BeforeUnloadEvent) => {
      app.flush();
      const now = runningWork(app);
      if (!isHeld(now) || agreed.current) return;
      event.preventDefault();
      if (app.info.host === 'electron') setEnds(now);
    };
    window.addEventListener('beforeunload', leave);
    window.addEventListener('pagehide', app.flush);
    return () => {
      window.removeEventListener('beforeunload', leave);
      window.removeEventListener('pagehide', app.flush);
    };
  }, [app]);
  if (!isHeld(ends)) return null;
  const answer = (yes: boolean) => {
    setEnds(nothing);
    if (!yes) return;
    agreed.current = true;
    window.close();
  };
  return <ConfirmDialog title={leaveTitle(ends)} text={leaveText(ends)} action="Close Slipway" danger onAnswer={answer} />;
}
