import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { diskReason } from './disk-error.ts';
import { freeNameBeside, keepAside } from './keep-aside.ts';
import { decodeUtf8, isTooDeep, readPlainFile, UnreadableFile } from './read-file.ts';
import { replaceFile, sweepTemporaries } from './replace-file.ts';

export type JsonObject = Record<string, unknown>;

export const isJsonObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

export interface JsonFileOptions<T> {
  path: string;
  /** Version of the format that this program writes; the file's field `version`. */
  version: number;
  /** Turns the file's content into a value; throws when nothing of it can be used. Migrates older versions. */
  check(content: JsonObject): T;
  /** The value when there is no file, or none that can be used. */
  fallback(): T;
  /** What becomes of a file of a newer version: it is set `aside` (the default), or its version stays because unknown fields do. */
  newer?: 'aside' | 'keep';
  /** Files larger than this are not read. Default 8 MiB. */
  maxBytes?: number;
}

export interface JsonReading<T> {
  value: T;
  source: 'file' | 'backup' | 'none';
  /** A sentence for people when the file could not be used. */
  problem: string | null;
}

/**
 * One value in one JSON file of this user's (mode 0600), or in the file that a link in its place points to. A write goes beside the file, is flushed
 * and renamed over it, then the same goes to `<path>.bak`, the last good copy, which is read when the file is cut off or spoilt. Nothing of a
 * person's is lost by a write: what could not be read is kept as `<name>.broken.json`, a file of a newer version as `<name>.v<N>.json`.
 */
export class JsonFile<T extends object> {
  readonly #options: Required<JsonFileOptions<T>>;
  #keepAs: string | null = null;
  #fileVersion = 0;
  #next: { value: () => T; done: Promise<void> } | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: JsonFileOptions<T>) {
    this.#options = { maxBytes: 8 * 1024 * 1024, newer: 'aside', ...options };
  }

  /** Reads at once: such files are small, and they are wanted before anything else can go on. Never throws. */
  read(): JsonReading<T> {
    const { path, fallback, version, newer } = this.#options;
    sweepTemporaries(dirname(path));
    this.#keepAs = null;
    const file = this.#load(path);
    const name = basename(path);
    if (file.state === 'good') {
      this.#fileVersion = file.version;
      if (file.version <= version) return { value: file.value, source: 'file', problem: null };
      if (newer === 'aside') this.#keepAs = freeNameBeside(path, `.v${file.version}`);
      const kept = this.#keepAs ? `the file as it is will be kept as ${basename(this.#keepAs)}` : 'the rest is kept in it';
      return {
        value: file.value,
        source: 'file',
        problem: `${name} was written by a newer Slipway. What this one understands of it is used; ${kept}.`,
      };
    }
    const backup = this.#load(`${path}.bak`);
    if (file.state === 'bad') {
      this.#keepAs = freeNameBeside(path, '.broken');
      if (backup.state === 'good') {
        const problem = `${name} could not be read (${file.reason}). The last good copy is used; the damaged file is kept as ${basename(this.#keepAs)}.`;
        return { value: backup.value, source: 'backup', problem };
      }
      const problem = `${name} could not be read (${file.reason}), and there is no good copy of it. Slipway starts with defaults; the damaged file is kept as ${basename(this.#keepAs)}.`;
      return { value: fallback(), source: 'none', problem };
    }
    if (backup.state === 'good') return { value: backup.value, source: 'backup', problem: `${name} was missing. The last good copy is used.` };
    return { value: fallback(), source: 'none', problem: null };
  }

  /** The next write keeps the present content of the file as `<name><mark>.json`, because not all of it could be used. Returns the name that it gets. */
  keep(mark: string): string {
    this.#keepAs ??= freeNameBeside(this.#options.path, mark);
    return basename(this.#keepAs);
  }

  /** The version in the file, 0 when there was no file. */
  get fileVersion(): number {
    return this.#fileVersion;
  }

  /**
   * Resolves when this value, or a later one, is on the disk. Values that were overtaken while waiting are not written. A function is asked for the value
   * right before it is written.
   */
  write(given: T | (() => T)): Promise<void> {
    const value = typeof given === 'function' ? given : () => given;
    if (this.#next) {
      this.#next.value = value;
      return this.#next.done;
    }
    const next = { value, done: Promise.resolve() };
    next.done = this.#writing.then(() => {
      this.#next = null;
      return this.#store(next.value());
    });
    this.#next = next;
    this.#writing = next.done.catch(() => {}); // the caller of `write` gets the failure
    return next.done;
  }

  /** Resolves when everything is written. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  /** Copies the file to the last good copy; used for files that people edit too, after a reading that succeeded. Never fails. */
  backUp(): Promise<void> {
    const { path, maxBytes } = this.#options;
    this.#writing = this.#writing.then(async () => {
      const bytes = readPlainFile(path, maxBytes);
      const isGood = loadJson(path, maxBytes).state === 'good';
      if (bytes && isGood && !readPlainFile(`${path}.bak`, maxBytes)?.equals(bytes)) await replaceFile(`${path}.bak`, bytes);
    });
    this.#writing = this.#writing.catch(() => {}); // the earlier copy stays
    return this.#writing;
  }

  async #store(value: T): Promise<void> {
    const { path, version } = this.#options;
    const text = `${JSON.stringify({ version, ...value }, null, 2)}\n`;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      if (this.#keepAs) await keepAside(path, this.#keepAs);
      this.#keepAs = null;
      await replaceFile(path, text);
      await replaceFile(`${path}.bak`, text);
    } catch (cause) {
      // Loaded on demand, because the window's place is read with this class before anything else is loaded.
      const { AppError } = await import('../../shared/errors/app-error.ts');
      throw new AppError('disk', `${path} could not be saved: ${diskReason(cause)}. The change holds until Slipway is closed.`, {
        cause,
        details: { path },
      });
    }
  }

  #load(path: string): { state: 'missing' } | { state: 'bad'; reason: string } | { state: 'good'; value: T; version: number } {
    const loaded = loadJson(path, this.#options.maxBytes);
    if (loaded.state !== 'good') return loaded;
    const version = loaded.content.version;
    try {
      return { state: 'good', value: this.#options.check(loaded.content), version: typeof version === 'number' ? version : 0 };
    } catch (caught) {
      return { state: 'bad', reason: (caught as Error).message };
    }
  }
}

/** The JSON object that stands in a plain file of at most `maxBytes`, or the reason, worded to follow "could not be read:", why there is none. */
export function loadJson(
  path: string,
  maxBytes: number,
): { state: 'missing' } | { state: 'bad'; reason: string } | { state: 'good'; content: JsonObject } {
  try {
    const bytes = readPlainFile(path, maxBytes);
    if (bytes === null) return { state: 'missing' };
    const content: unknown = JSON.parse(decodeUtf8(bytes));
    if (!isJsonObject(content)) return { state: 'bad', reason: 'it does not hold a JSON object' };
    if (isTooDeep(content)) return { state: 'bad', reason: 'its objects are nested too deeply' };
    return { state: 'good', content };
  } catch (caught) {
    if (caught instanceof UnreadableFile) return { state: 'bad', reason: caught.message };
    return { state: 'bad', reason: caught instanceof SyntaxError ? 'it is cut off or not JSON' : diskReason(caught) };
  }
}
