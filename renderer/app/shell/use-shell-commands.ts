import { useEffect, useRef } from 'react';
import { isCommandId } from '../../../shared/settings/keymap.ts';
import { closeTabs } from '../../state/close-tabs.ts';
import { useApp, useCurrentCluster } from '../../state/context.tsx';
import { appDocument, resourcesDocument, shellDocument } from '../../state/documents.ts';
import { useCommand, useCommands } from '../commands.ts';
import { addCluster } from '../open-cluster.ts';
import { useTabCommands } from './use-tab-commands.ts';
import { useZoomCommands } from './use-zoom-commands.ts';

/** What the commands of the whole window do, whoever gives them: keys, palette, menus of the OS. */
export function useShellCommands(): void {
  const app = useApp();
  const current = useCurrentCluster();
  const { ask } = app.dialogs.getState();
  const { open } = app.workspace.getState();
  useTabCommands();
  useZoomCommands();
  useCommand('quick-connect', () => void ask({ kind: 'quick-connect' }));
  useCommand('palette', () => void ask({ kind: 'palette' }));
  useCommand('clusters.add', () => void addCluster(app));
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

/** Menus, deep links and the OS speak through a topic; what was there before the window opened is old news. */
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
