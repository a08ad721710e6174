import { Loader } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { Slots } from '../workbench/slots.tsx';

const ConnectMenu = lazy(() => import('../features/gateways/connect-menu.tsx'));
const TelemetrySection = lazy(() => import('../features/telemetry/settings-section.tsx'));

export const slots: Slots = {
  ConnectMenu: (props) => (
    <Suspense fallback={<Loader size={14} aria-label="Loading" />}>
      <ConnectMenu {...props} />
    </Suspense>
  ),
  SettingsSections: () => (
    <Suspense fallback={null}>
      <TelemetrySection />
    </Suspense>
  ),
};
