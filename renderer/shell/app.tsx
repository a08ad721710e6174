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
