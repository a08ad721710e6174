import { lazy, Suspense } from 'react';

const TelemetrySection = lazy(() => import('../features/telemetry/settings-section.tsx'));

/** Sections of the Settings tab that other features bring. */
export function SettingsSlots() {
  return (
    <Suspense fallback={null}>
      <TelemetrySection />
    </Suspense>
  );
}
