/*
 * The window. `boot` connects to main and the session host (`connect.ts`: ports from the preload, or WebSockets in the browser
 * host), makes the state and draws `App`. `Shell` is the frame: the bar with tabs, the panes of the active tab, the status bar, and
 * above them the dialogs and notices. `panes/document-view.tsx` loads the view of each kind of document when it is first shown.
 * `commands/` says what each command of the key table does. The shell knows all features; features know only what is below them and
 * never each other, and `slots.tsx` hands one feature's components to another.
 */
import { MantineProvider } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { AppState } from '../state/app-state.ts';
import { AppProvider } from '../state/context.tsx';
import { theme } from '../theme/theme.ts';
import { useColorScheme } from '../theme/use-color-scheme.ts';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { type Commands, CommandsContext } from '../workbench/commands.ts';
import { SlotsContext } from '../workbench/slots.tsx';
import { Shell } from './frame/shell.tsx';
import { slots } from './slots.tsx';
import { DisconnectedView } from './tabs/disconnected-view.tsx';

/** The whole window. */
export function App({ app, commands }: { app: AppState; commands: Commands }) {
  const colorScheme = useColorScheme(useStore(app.settings, ({ values }) => values.theme));
  const [closed, setClosed] = useState(false);
  useEffect(() => void app.closed.then(() => setClosed(true)), [app]);
  return (
    <MantineProvider theme={theme} forceColorScheme={colorScheme}>
      <AppProvider app={app}>
        <CommandsContext value={commands}>
          <SlotsContext value={slots}>
            <ErrorBoundary what="The window">{closed ? <DisconnectedView /> : <Shell />}</ErrorBoundary>
          </SlotsContext>
        </CommandsContext>
      </AppProvider>
    </MantineProvider>
  );
}
