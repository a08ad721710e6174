import { lazy, Suspense } from 'react';
import { useApp } from '../../state/context.tsx';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { DialogHost } from './dialog-host.tsx';
import { Documents } from './documents.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { Notices } from './notices.tsx';
import { AssumedBanners, CurrentBasket } from './request-bars.tsx';
import { RequestNotices } from './request-notices.tsx';
import { SettingsProblems } from './settings-problems.tsx';
import classes from './shell.module.css';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { TransferAnnouncer } from './transfer-announcer.tsx';
import { TransferNotices } from './transfer-notices.tsx';
import { useConnectionWants } from './use-connection-wants.ts';
import { useKeymap } from './use-keymap.ts';
import { useShellCommands } from './use-shell-commands.ts';
import { useWindowTitle } from './use-window-title.ts';

const AskDrawer = lazy(() => import('../../features/requests/ask-drawer.tsx'));
const ConsentDialogs = lazy(() => import('../../features/telemetry/consent-dialogs.tsx'));

/** The frame of the window: bar with tabs, the active document, status bar, and what floats above them. */
export function Shell() {
  const app = useApp();
  useShellCommands();
  useKeymap(app.info.platform);
  useConnectionWants();
  useWindowTitle();
  return (
    <div className={classes.shell} data-platform={app.info.platform} data-host={app.info.host}>
      <TopBar />
      <div className={classes.banners}>
        <SettingsProblems />
        <AssumedBanners />
      </div>
      <main className={classes.main}>
        <Documents />
      </main>
      <CurrentBasket />
      <StatusBar />
      <DialogHost />
      <LeaveDialog />
      <Notices />
      <RequestNotices />
      <TransferNotices />
      <TransferAnnouncer />
      <ErrorBoundary what="A request for access">
        <Suspense fallback={null}>
          <AskDrawer />
        </Suspense>
      </ErrorBoundary>
      <ErrorBoundary what="A question about usage data">
        <Suspense fallback={null}>
          <ConsentDialogs />
        </Suspense>
      </ErrorBoundary>
    </div>
  );
}
