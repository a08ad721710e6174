export { SettingsStore, type SettingsChange, type SettingsState } from './settings-store.ts';
export { StateStore } from './state-store.ts';
export { managedSettingsPath } from './managed.ts';
