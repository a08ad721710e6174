import { lazy, Suspense } from 'react';
import { AddClusterDialog } from '../../features/login/add-cluster-dialog.tsx';
import { LoginDialog } from '../../features/login/login-dialog.tsx';
import { QuickConnect } from '../../features/quick-connect/quick-connect.tsx';
import { useDialogs } from '../../state/context.tsx';
import type { OpenDialog } from '../../state/dialogs.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useHeldKeys } from '../../ui/focus/held-keys.ts';
import { Palette } from '../commands/palette.tsx';

const ForwardDialog = lazy(() => import('../../features/gateways/forward-dialog.tsx'));

/** Draws the first dialog of the queue. What is typed while its code is loaded is held for it. */
export function DialogHost() {
  const first = useDialogs(({ queue }) => queue[0]);
  useHeldKeys(first !== undefined);
  return first && <AnyDialog key={first.id} dialog={first} />;
}

function AnyDialog({ dialog: { request, answer } }: { dialog: OpenDialog }) {
  switch (request.kind) {
    case 'confirm':
      return <ConfirmDialog {...request} onAnswer={(agreed) => answer(agreed ? 'yes' : null)} />;
    case 'add-cluster':
      return <AddClusterDialog given={request.address} onAnswer={answer} />;
    case 'login':
      return <LoginDialog cluster={request.cluster} reason={request.reason} onAnswer={answer} />;
    case 'forward':
      return (
        <Suspense fallback={null}>
          <ForwardDialog server={request.server} connection={request.connection} onClose={() => answer(null)} />
        </Suspense>
      );
    case 'quick-connect':
      return <QuickConnect onClose={() => answer(null)} />;
    case 'palette':
      return <Palette onClose={() => answer(null)} />;
  }
}
