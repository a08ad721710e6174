import { MantineProvider } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { AppState } from '../state/app-state.ts';
import { AppProvider } from '../state/context.tsx';
import { theme } from '../theme/theme.ts';
import { useColorScheme } from '../theme/use-color-scheme.ts';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { type Commands, CommandsContext } from './commands.ts';
import { DisconnectedView } from './shell/disconnected-view.tsx';
import { Shell } from './shell/shell.tsx';

/** The whole window. */
export function App({ app, commands }: { app: AppState; commands: Commands }) {
  const colorScheme = useColorScheme(useStore(app.settings, ({ values }) => values.theme));
  const [closed, setClosed] = useState(false);
  useEffect(() => void app.closed.then(() => setClosed(true)), [app]);
  return (
    <MantineProvider theme={theme} forceColorScheme={colorScheme}>
      <AppProvider app={app}>
        <CommandsContext value={commands}>
          <ErrorBoundary what="The window">{closed ? <DisconnectedView /> : <Shell />}</ErrorBoundary>
        </CommandsContext>
      </AppProvider>
    </MantineProvider>
  );
}
