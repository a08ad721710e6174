import { useEffect, useRef } from 'react';
import type { SshTarget } from '../../../shared/model/document.ts';
import { isCommandId } from '../../../shared/settings/keymap.ts';
import { useApp, useCurrentCluster, useWorkspace } from '../../state/context.tsx';
import { documentInFront } from '../../state/tabs.ts';
import { closeTabs } from '../../workbench/close-tabs.ts';
import { useCommand, useCommands } from '../../workbench/commands.ts';
import { appDocument, resourcesDocument, shellDocument } from '../../workbench/documents.ts';
import { addCluster } from '../../workbench/open-cluster.ts';
import { openByCommand } from '../open-by-command.ts';
import { questionsAnswered } from '../questions-answered.ts';
import { useFilesCommands } from './use-files-commands.ts';
import { useRequestCommands } from './use-request-commands.ts';
import { useTabCommands } from './use-tab-commands.ts';
import { useZoomCommands } from './use-zoom-commands.ts';

/** The commands of the whole window, whether they come from keys, the palette or menus of the OS. */
export function useShellCommands(): void {
  const app = useApp();
  const current = useCurrentCluster();
  const server = useActiveServer();
  const { ask } = app.dialogs.getState();
  const { open } = app.workspace.getState();
  useTabCommands();
  useZoomCommands();
  useRequestCommands();
  useFilesCommands();
  useCommand('quick-connect', (wanted) => openByCommand(app, wanted) || void ask({ kind: 'quick-connect' }));
  useCommand('palette', () => void ask({ kind: 'palette' }));
  useCommand('clusters.add', async (address) => {
    if (address) await questionsAnswered(app.main);
    await addCluster(app, address);
  });
  useCommand('connections', () => app.connections.setState(({ listed }) => ({ listed: !listed })));
  useCommand('forward.new', () => server && void ask({ kind: 'forward', server, connection: null }), server !== undefined);
  useCommand('tab.resources', () => (current ? open(resourcesDocument(current.key)) : void addCluster(app)));
  useCommand('tab.shell', () => open(shellDocument()));
  useCommand('tab.close', () => {
    const { active } = app.workspace.getState();
    if (active) void closeTabs(app, [active]);
  });
  useCommand('settings', () => open(appDocument('settings')));
  useCommand('telemetry', () => open(appDocument('telemetry')));
  useCommand('diagnostics', () => open(appDocument('diagnostics')));
  useCommand('logs', () =>
    app.main.call('app.open-logs', null).then(
      ({ folder }) => {
        if (app.info.host === 'browser') app.notifications.getState().notify({ tone: 'info', title: 'The logs are in', text: folder });
      },
      (caught) => app.notifications.getState().notifyError('The logs folder could not be opened', caught),
    ),
  );
  useCommandsFromMain();
}

/** The server that the document in front is on. */
function useActiveServer(): SshTarget | undefined {
  return useWorkspace((state) => {
    const document = documentInFront(state);
    return document?.kind === 'ssh' || document?.kind === 'files' ? document.target : undefined;
  });
}

/** Runs commands that menus, deep links and the OS send through a topic; commands from before the window opened are ignored. */
function useCommandsFromMain(): void {
  const { main } = useApp();
  const commands = useCommands();
  const seen = useRef<number | null>(null);
  useEffect(
    () =>
      main.subscribe('commands', ({ serial, command, argument }) => {
        const isNew = seen.current !== null && serial > seen.current;
        seen.current = serial;
        if (isNew && isCommandId(command)) commands.run(command, argument);
      }),
    [main, commands],
  );
}
