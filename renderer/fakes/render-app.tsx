import { cleanup, configure, render, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from '../shell/app.tsx';
import { createCommands } from '../workbench/commands.ts';
import { completeDom } from './complete-dom.ts';
import { createFakeApp, type FakeWorld } from './fake-app.ts';

// A busy machine takes far more than the usual second for a first render.
configure({ asyncUtilTimeout: 15_000 });

/** Draws the whole window on a made-up world, for tests in jsdom. */
export async function renderApp(world: FakeWorld = {}) {
  completeDom();
  const fake = createFakeApp(world);
  const commands = createCommands();
  const user = userEvent.setup();
  render(<App app={fake.app} commands={commands} />);
  await waitFor(() => {
    if (!commands.has('palette') || !fake.app.workspace.getState().restored) throw new Error('not there yet');
  });
  const dispose = () => {
    cleanup();
    fake.dispose();
  };
  return { ...fake, commands, user, dispose };
}
