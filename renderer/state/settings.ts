import { createStore, type StoreApi } from 'zustand';
import { defaultSettings, type Settings } from '../../shared/settings/settings.ts';

/** Mirror of main's `settings` and `screen-reader` topics; defaults until it has answered. */
export interface SettingsState {
  readonly loaded: boolean;
  readonly values: Settings;
  /** Sentences about a settings file that could not be read in full. */
  readonly problems: readonly string[];
  /** Dotted names of settings that an administrator fixed. */
  readonly managed: readonly string[];
  /** The operating system says that a screen reader is in use. */
  readonly screenReader: boolean;
}

export type SettingsStore = StoreApi<SettingsState>;

export const createSettingsStore = (screenReader = false): SettingsStore =>
  createStore(() => ({ loaded: false, values: defaultSettings, problems: [], managed: [], screenReader }));
