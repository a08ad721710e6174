import '@mantine/core/styles.css';
import '../theme/base.css';
import { createRoot } from 'react-dom/client';
import * as z from 'zod';
import { createAppState } from '../state/app-state.ts';
import { createCommands } from '../workbench/commands.ts';
import { App } from './app.tsx';
import { connect } from './connect.ts';
import { NotAdmittedView } from './not-admitted-view.tsx';

/** Connects to the app behind the window and draws it into `root`. */
export async function boot(root: HTMLElement): Promise<void> {
  // The page's security policy forbids code made from text, which zod would otherwise try.
  z.config({ jitless: true });
  try {
    const app = createAppState(await connect());
    createRoot(root).render(<App app={app} commands={createCommands()} />);
  } catch (error) {
    createRoot(root).render(<NotAdmittedView error={error} />);
  }
}
