/*
 * Slipway's own files. `SettingsStore` is settings.json under the administrator's file (`managed.ts`); `StateStore` holds the open
 * tabs; `window-state.ts` the window's place. All are `JsonFile`s (electron/lib): versioned, written beside and renamed, with a
 * last good copy. A file that cannot be read never stops the app: defaults are used, the file is kept, and a sentence in `problems`
 * tells the person.
 */
import { unwatchFile, watchFile } from 'node:fs';
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

/** How often the file is checked for changes by hand. A person who saves it sees the effect without waiting. */
const lookEveryMs = 1000;
/** Sentences about single fields are shown in one list; a damaged file could have any number of them. */
const mostProblems = 20;

/**
 * The person's settings file under the administrator's. The file holds only what was changed from the defaults; fields that
 * this version does not know, or cannot use, stay in it as they are until they are set anew. What somebody writes into it by hand while the app runs is in
 * effect within seconds, and what is changed in the app is put into the file as it stands then, field by field.
 */
export class SettingsStore {
  readonly topic: Topic<SettingsState>;
  readonly #file: JsonFile<JsonObject>;
  readonly #managed: ManagedSettings;
  readonly #path: string;
  /** The file's content as last read, with changes that may not be written yet. */
  #content: JsonObject;
  #unsaved: JsonObject = {};
  #fileProblem: string | null;
  #otherProblems: string[] = [];

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
    this.#path = path;
    this.#content = reading.value;
    this.#fileProblem = reading.problem;
    this.#managed = readManagedSettings(managedPath);
    this.topic = new Topic(this.#state());
    if (reading.source === 'file') void this.#file.backUp();
    watchFile(path, { interval: lookEveryMs, persistent: false }, this.#onFileChange);
  }

  get values(): Settings {
    return this.topic.get().values;
  }

  /** In effect at once; resolves when it is on the disk. Refuses (`conflict`) fields that an administrator fixed. */
  async update(change: SettingsChange): Promise<void> {
    const fixed = leaves(change).find(({ name }) => this.#managed.names.includes(name));
    if (fixed) throw new AppError('conflict', `The setting ${fixed.name} is fixed by your administrator and cannot be changed here.`);
    this.#readAgain();
    this.#unsaved = mergeObjects(this.#unsaved, change);
    this.#publish();
    let saved = this.#unsaved;
    await this.#file.write(() => {
      this.#readAgain();
      saved = this.#unsaved;
      this.#content = { version: 1, ...this.#stored() };
      return this.#content;
    });
    if (saved === this.#unsaved) this.#unsaved = {};
  }

  /** Adds sentences about Slipway's other files to those about the settings. */
  addProblems(problems: readonly string[]): void {
    if (problems.length === 0) return;
    this.#otherProblems = [...this.#otherProblems, ...problems];
    this.#publish();
  }

  /** Stops checking the file; resolves when everything is written. */
  close(): Promise<void> {
    unwatchFile(this.#path, this.#onFileChange);
    return this.#file.settled();
  }

  readonly #onFileChange = () => {
    if (this.#readAgain()) void this.#file.backUp();
    this.#publish();
  };

  /** Reads changes that somebody else has written; returns whether there were any. A file that cannot be read changes nothing. */
  #readAgain(): boolean {
    const { value, source, problem } = this.#file.read();
    if (source !== 'file') {
      this.#fileProblem = problem ?? this.#fileProblem;
      return false;
    }
    if (JSON.stringify(value) === JSON.stringify(this.#content)) return false;
    this.#content = value;
    this.#fileProblem = problem;
    return true;
  }

  #publish(): void {
    const state = this.#state();
    if (JSON.stringify(state) !== JSON.stringify(this.topic.get())) this.topic.set(state);
  }

  #stored(): JsonObject {
    return mergeObjects(this.#content, this.#unsaved);
  }

  #state(): SettingsState {
    const { version: _, ...stored } = this.#stored();
    const own = salvage(settingsSchema, stored) ?? { remaining: {}, dropped: ['everything in it'] };
    const problems = own.dropped
      .slice(0, mostProblems)
      .map((dropped) => `A field in settings.json cannot be used: ${dropped}. Its default is used instead.`);
    return {
      values: settingsSchema.parse(mergeObjects(own.remaining, this.#managed.fixed)),
      problems: [...(this.#fileProblem ? [this.#fileProblem] : []), ...this.#otherProblems, ...problems, ...this.#managed.problems],
      managed: this.#managed.names,
    };
  }
}
