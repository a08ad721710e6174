import type { Document } from '../../../shared/model/document.ts';
import { documentsIn } from '../../../shared/model/pane-tree.ts';
import { useApp, useWorkspace } from '../../state/context.tsx';
import { activeTab, focusedDocument } from '../../state/tabs.ts';
import type { WorkspaceState } from '../../state/workspace.ts';
import { useCommand } from '../../workbench/commands.ts';
import { showFiles, toggleFilesBelow } from '../../workbench/show-files.ts';
import { showTransfers } from '../../workbench/show-transfers.ts';

/** The terminal on a server that has the keyboard, else the first one of the tab in front. */
function terminalInFront(state: WorkspaceState): Extract<Document, { kind: 'ssh' }> | undefined {
  const tab = activeTab(state);
  if (!tab) return undefined;
  return [focusedDocument(tab), ...documentsIn(tab.root)].find((document) => document.kind === 'ssh');
}

/** The files of the server that the terminal in front is on. */
export function useFilesCommands(): void {
  const app = useApp();
  const terminal = useWorkspace(terminalInFront);
  useCommand('files.browse', () => terminal && showFiles(app, terminal), terminal !== undefined);
  useCommand('files.transfers', () => showTransfers(app));
  useCommand('files.beside', () => terminal && toggleFilesBelow(app, terminal), terminal !== undefined);
}
