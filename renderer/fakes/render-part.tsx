import { MantineProvider } from '@mantine/core';
import { cleanup, configure, render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { AppProvider } from '../state/context.tsx';
import { theme } from '../theme/theme.ts';
import { CommandsContext, createCommands } from '../workbench/commands.ts';
import { completeDom } from './complete-dom.ts';
import { createFakeApp, type FakeWorld } from './fake-app.ts';

// A busy machine takes far more than the usual second for a first render.
configure({ asyncUtilTimeout: 15_000 });

/** Draws a part of the window without the rest on a made-up world, without transitions: quicker than `renderApp`, for tests in jsdom. */
export function renderPart(part: ReactNode, world: FakeWorld = {}) {
  completeDom();
  const fake = createFakeApp(world);
  const commands = createCommands();
  const user = userEvent.setup();
  const around = (inside: ReactNode) => (
    <MantineProvider theme={theme} env="test">
      <AppProvider app={fake.app}>
        <CommandsContext value={commands}>{inside}</CommandsContext>
      </AppProvider>
    </MantineProvider>
  );
  const { rerender } = render(around(part));
  const dispose = () => {
    cleanup();
    fake.dispose();
  };
  return { ...fake, commands, user, again: (next: ReactNode) => rerender(around(next)), dispose };
}
