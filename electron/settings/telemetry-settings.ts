import type { SettingsAccess } from '../telemetry/consent.ts';
import type { SettingsStore } from './settings-store.ts';

/** The part of the settings that usage events go by. */
export function telemetrySettings(store: SettingsStore): SettingsAccess {
  return {
    get: () => {
      const { values, managed } = store.topic.get();
      return { ...values.telemetry, managed: { off: managed.includes('telemetry.consent'), collector: managed.includes('telemetry.collector') } };
    },
    update: (telemetry) => store.update({ telemetry }),
    onChange: (listener) => store.topic.onChange(listener),
  };
}
