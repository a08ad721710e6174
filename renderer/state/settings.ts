import { createStore, type StoreApi } from 'zustand';
import { defaultSettings, type Settings } from '../../shared/settings/settings.ts';

/** Mirror of main's `settings` topic; defaults until it has answered. */
export interface SettingsState {
  readonly loaded: boolean;
  readonly values: Settings;
  /** Sentences about a settings file that could not be read in full. */
  readonly problems: readonly string[];
  /** Dotted names of settings that an administrator fixed. */
  readonly managed: readonly string[];
}

export type SettingsStore = StoreApi<SettingsState>;

export const createSettingsStore = (): SettingsStore => createStore(() => ({ loaded: false, values: defaultSettings, problems: [], managed: [] }));
