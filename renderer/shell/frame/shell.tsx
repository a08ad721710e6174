import { lazy, Suspense, useEffect } from 'react';
import { useApp } from '../../state/context.tsx';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { keepFocus } from '../../ui/focus/keep-focus.ts';
import { useKeymap } from '../commands/use-keymap.ts';
import { useShellCommands } from '../commands/use-shell-commands.ts';
import { Notices } from '../notices/notices.tsx';
import { AssumedBanners, CurrentBasket } from '../notices/request-bars.tsx';
import { RequestNotices } from '../notices/request-notices.tsx';
import { SettingsProblems } from '../notices/settings-problems.tsx';
import { TransferAnnouncer } from '../notices/transfer-announcer.tsx';
import { TransferNotices } from '../notices/transfer-notices.tsx';
import { useQuestions } from '../notices/use-questions.ts';
import classes from '../shell.module.css';
import { Documents } from '../tabs/documents.tsx';
import { DialogHost } from './dialog-host.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { useWindowTitle } from './use-window-title.ts';

const AskDrawer = lazy(() => import('../../features/requests/ask/ask-drawer.tsx'));
const ConsentDialogs = lazy(() => import('../../features/telemetry/consent-dialogs.tsx'));

/** The frame of the window: bar with tabs, the active document, status bar, and what floats above them. */
export function Shell() {
  const app = useApp();
  useShellCommands();
  useKeymap(app.info.platform);
  useQuestions();
  useWindowTitle();
  useEffect(keepFocus, []);
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
