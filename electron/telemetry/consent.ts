import { AppError } from '../../shared/errors/app-error.ts';

export interface TelemetrySettings {
  /** The person's own answer; absent until given. */
  consent?: 'allowed' | 'declined' | undefined;
  /** Address from the managed file, else from the settings; empty when neither sets it. */
  collector: string;
  jobRoleAsked: boolean;
  /** What the managed file fixed: usage events switched off for good, and the collector's address. */
  managed: { off: boolean; collector: boolean };
}

/** The settings that usage events need. `update` rejects with an AppError when they cannot be saved. */
export interface SettingsAccess {
  get(): TelemetrySettings;
  update(change: { consent?: 'allowed' | 'declined'; jobRoleAsked?: boolean }): Promise<void>;
  onChange(listener: () => void): () => void;
}

/** The one place that knows whether usage events may be recorded, and which question is open. */
export class Consent {
  readonly #settings: SettingsAccess;
  /** Set while a refusal is not on disk yet, or cannot be saved; it still counts for this run. */
  #isDeclined = false;
  #putAway = false;

  constructor(settings: SettingsAccess) {
    this.#settings = settings;
  }

  get allowed(): boolean {
    return this.state === 'allowed';
  }

  get state(): 'undecided' | 'allowed' | 'declined' {
    const { consent, managed } = this.#settings.get();
    return this.#isDeclined || managed.off ? 'declined' : (consent ?? 'undecided');
  }

  /** The open question. Nothing that an administrator has decided is asked, and nothing twice in a run. */
  get ask(): 'consent' | 'job-role' | null {
    if (this.state === 'undecided') return this.#putAway ? null : 'consent';
    return this.allowed && !this.#settings.get().jobRoleAsked ? 'job-role' : null;
  }

  /** Leaves the question open until the next start. */
  putAway(): void {
    this.#putAway = true;
  }

  /** Takes effect once it is saved. */
  async allow(): Promise<void> {
    if (this.#settings.get().managed.off)
      throw new AppError('access-denied', 'Usage events are switched off by your organization. They cannot be switched on here.');
    await this.#settings.update({ consent: 'allowed' });
    this.#isDeclined = false;
  }

  /** Takes effect at once, whether or not it can be saved. */
  decline(): void {
    this.#isDeclined = true;
  }

  saveRefusal(): Promise<void> {
    return this.#settings.update({ consent: 'declined' });
  }

  async jobRoleAsked(): Promise<void> {
    await this.#settings.update({ jobRoleAsked: true });
  }
}
