import { Loader } from '@mantine/core';
import { type ComponentProps, lazy, Suspense } from 'react';

const ConnectMenu = lazy(() => import('../features/gateways/connect-menu.tsx'));

/** The menu of ways to connect to a database, Kubernetes cluster or app, for places where resources are shown. */
export function ConnectSlot(props: ComponentProps<typeof ConnectMenu>) {
  return (
    <Suspense fallback={<Loader size={14} aria-label="Loading" />}>
      <ConnectMenu {...props} />
    </Suspense>
  );
}
