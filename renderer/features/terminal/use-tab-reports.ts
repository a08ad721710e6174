import { useRef } from 'react';
import type { Document } from '../../../shared/model/document.ts';
import { useApp } from '../../state/context.tsx';
import { titledFolder } from './shell-folder.ts';
import type { TerminalState } from './terminal-controller.ts';

export type TerminalDocumentData = Extract<Document, { kind: 'ssh' | 'shell' }>;

/** Puts into the tab what its terminal reports: state, title and folder. The folder of a shell on this computer is saved with the tab. */
export function useTabReports(document: TerminalDocumentData) {
  const app = useApp();
  /** The shell reports its folder itself; what its title says is less exact. */
  const reportsFolder = useRef(false);
  const { report } = app.tabStatuses.getState();
  return {
    state: (state: TerminalState) =>
      report(document.id, {
        isLive: state.phase === 'live',
        isConnecting: state.phase === 'connecting',
        isFailed: state.phase === 'ended' && state.error !== null && state.error.code !== 'cancelled',
      }),
    title: (title: string) => {
      const folder = document.kind === 'ssh' && !reportsFolder.current ? titledFolder(title, document.target.login) : null;
      report(document.id, folder === null ? { title } : { title, folder });
    },
    cwd: (cwd: string) => {
      reportsFolder.current = true;
      if (document.kind === 'shell') app.workspace.getState().update({ ...document, cwd });
      else report(document.id, { folder: cwd });
    },
  };
}
