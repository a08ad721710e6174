import type { Document } from '../../../shared/model/document.ts';
import { useApp, useWorkspace } from '../../state/context.tsx';
import { useCommand } from '../../workbench/commands.ts';
import { showFiles, toggleFilesBelow } from '../../workbench/show-files.ts';
import { showTransfers } from '../../workbench/show-transfers.ts';

/** The files of the server that the terminal in front is on. */
export function useFilesCommands(): void {
  const app = useApp();
  const terminal = useWorkspace(({ documents, active }) =>
    documents.find((document): document is Extract<Document, { kind: 'ssh' }> => document.id === active && document.kind === 'ssh'),
  );
  useCommand('files.browse', () => terminal && showFiles(app, terminal), terminal !== undefined);
  useCommand('files.transfers', () => showTransfers(app));
  useCommand('files.beside', () => terminal && toggleFilesBelow(app, terminal), terminal !== undefined);
}
