import type { SettingsAccess, TelemetrySettings } from '../consent.ts';

/** Settings that live as long as the test. `refuse` makes saving fail. */
export class SettingsInMemory implements SettingsAccess {
  values: TelemetrySettings;
  refuse: Error | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(values: Partial<TelemetrySettings> = {}) {
    this.values = { collector: '', jobRoleAsked: false, managed: { off: false, collector: false }, ...values };
  }

  get(): TelemetrySettings {
    return this.values;
  }

  async update(change: { consent?: 'allowed' | 'declined'; jobRoleAsked?: boolean }): Promise<void> {
    if (this.refuse) throw this.refuse;
    this.change(change);
  }

  /** As if the file had been edited. */
  change(change: Partial<TelemetrySettings>): void {
    this.values = { ...this.values, ...change };
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
