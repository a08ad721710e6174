import { AppError } from '../../shared/errors/app-error.ts';
import { Topic } from '../../shared/ipc/server.ts';
import { type Settings, settingsSchema } from '../../shared/settings/settings.ts';
import { JsonFile, type JsonObject } from '../lib/json-file.ts';
import { leaves, mergeObjects } from '../lib/merge.ts';
import { salvage } from '../lib/salvage.ts';
import { type ManagedSettings, readManagedSettings } from './managed.ts';

type DeepPartial<T> = { [K in keyof T]?: NonNullable<T[K]> extends object ? DeepPartial<T[K]> : T[K] };
/** Any of the settings' fields; what the page may change is narrower (`settingsPatchSchema`). */
export type SettingsChange = DeepPartial<Omit<Settings, 'version'>>;

export interface SettingsState {
  values: Settings;
  problems: string[];
  managed: string[];
}

/**
 * The person's settings file under the administrator's. The file holds only what was changed from the defaults; fields that
 * this version does not know, or cannot use, stay in it as they are until they are set anew.
 */
export class SettingsStore {
  readonly topic: Topic<SettingsState>;
  readonly #file: JsonFile<JsonObject>;
  readonly #managed: ManagedSettings;
  #stored: JsonObject;
  #readProblems: string[];

  constructor({ path, managedPath }: { path: string; managedPath: string }) {
    this.#file = new JsonFile<JsonObject>({
      path,
      version: 1,
      newer: 'keep',
      check: (content) => content,
      fallback: () => ({}),
      maxBytes: 1024 * 1024,
    });
    const reading = this.#file.read();
    this.#stored = reading.value;
    this.#readProblems = reading.problem ? [reading.problem] : [];
    this.#managed = readManagedSettings(managedPath);
    this.topic = new Topic(this.#state());
  }

  get values(): Settings {
    return this.topic.get().values;
  }

  /** In effect at once; resolves when it is on the disk. Refuses (`conflict`) fields that an administrator fixed. */
  async update(change: SettingsChange): Promise<void> {
    const fixed = leaves(change).find(({ name }) => this.#managed.names.includes(name));
    if (fixed) throw new AppError('conflict', `The setting ${fixed.name} is fixed by your administrator and cannot be changed here.`);
    this.#stored = mergeObjects(this.#stored, change);
    this.topic.set(this.#state());
    await this.#file.write(this.#stored);
  }

  /** Shows sentences about other files of Slipway's beside those about the settings. */
  addProblems(problems: readonly string[]): void {
    if (problems.length === 0) return;
    this.#readProblems = [...this.#readProblems, ...problems];
    this.topic.set(this.#state());
  }

  /** Resolves when nothing is left to be written. */
  settled(): Promise<void> {
    return this.#file.settled();
  }

  #state(): SettingsState {
    const { version: _, ...stored } = this.#stored;
    const own = salvage(settingsSchema, stored) ?? { remaining: {}, dropped: ['everything in it'] };
    const problems = own.dropped.map((dropped) => `A field in settings.json cannot be used: ${dropped}. Its default is used instead.`);
    return {
      values: settingsSchema.parse(mergeObjects(own.remaining, this.#managed.fixed)),
      problems: [...this.#readProblems, ...problems, ...this.#managed.problems],
      managed: this.#managed.names,
    };
  }
}
