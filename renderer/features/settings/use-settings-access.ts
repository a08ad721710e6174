import { useStore } from 'zustand';
import type { Settings, SettingsPatch } from '../../../shared/settings/settings.ts';
import { useApp } from '../../state/context.tsx';

export interface SettingsAccess {
  readonly values: Settings;
  /** The dotted name is fixed by an administrator. */
  isManaged(name: string): boolean;
  /** In effect at once; a refusal is shown as a notice. */
  change(patch: SettingsPatch): void;
}

export function useSettingsAccess(): SettingsAccess {
  const app = useApp();
  const values = useStore(app.settings, (state) => state.values);
  const managed = useStore(app.settings, (state) => state.managed);
  return {
    values,
    isManaged: (name) => managed.includes(name),
    change: (patch) =>
      void app.main
        .call('settings.update', patch)
        .catch((caught) => app.notifications.getState().notifyError('The setting could not be saved', caught)),
  };
}
