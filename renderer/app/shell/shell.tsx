import { lazy, Suspense } from 'react';
import { useApp } from '../../state/context.tsx';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { DialogHost } from './dialog-host.tsx';
import { Documents } from './documents.tsx';
import { Notices } from './notices.tsx';
import { SettingsProblems } from './settings-problems.tsx';
import classes from './shell.module.css';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { useKeymap } from './use-keymap.ts';
import { useShellCommands } from './use-shell-commands.ts';
import { useWindow } from './use-window.ts';

const ConsentDialogs = lazy(() => import('../../features/telemetry/consent-dialogs.tsx'));

/** The frame of the window: bar with tabs, the active document, status bar, and what floats above them. */
export function Shell() {
  const app = useApp();
  useShellCommands();
  useKeymap(app.info.platform);
  useWindow();
  return (
    <div className={classes.shell} data-platform={app.info.platform} data-host={app.info.host}>
      <TopBar />
      <SettingsProblems />
      <main className={classes.main}>
        <Documents />
      </main>
      <StatusBar />
      <DialogHost />
      <Notices />
      <ErrorBoundary what="A question about usage data">
        <Suspense fallback={null}>
          <ConsentDialogs />
        </Suspense>
      </ErrorBoundary>
    </div>
  );
}
