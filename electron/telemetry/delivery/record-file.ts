import * as nodeFiles from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { freeName } from '../../lib/keep-aside.ts';
import { decodeUtf8, isTooDeep, readPlainFile, UnreadableFile } from '../../lib/read-file.ts';
import { replaceFile, sweepTemporaries } from '../../lib/replace-file.ts';
import { systemCode } from '../../lib/system-calls.ts';

export type Files = Pick<typeof nodeFiles, 'appendFile' | 'mkdir' | 'readdir' | 'rename' | 'rm'> & { replaceFile: typeof replaceFile };

export interface RecordFileOptions {
  path: string;
  /** What to write when the file is made anew: facts for the first line, and the records. */
  header(): Record<string, unknown>;
  records(): Iterable<object>;
  /** Notes for the log; never given content. */
  note(message: string): void;
  files?: Files;
}

export interface RecordFileContent {
  header: Record<string, unknown>;
  records: unknown[];
}

const version = 1;
/** Small files are not rewritten for a few stale records. */
const slack = 256 * 1024;
/** Far above the bounds of outbox and history; a larger file was not written by Slipway. */
const maxBytes = 16 * 1024 * 1024;

/**
 * A file of JSON lines that is appended to, and rewritten (beside it, then renamed over it) once half of it is stale. The first line says
 * the format's version. A line that was cut off or spoilt is skipped. A file of which nothing can be read is kept as `<path>.damaged`, one of a newer
 * version as `<path>.v<N>`.
 * Writing never throws: what could not be written is written again, whole, with the next change.
 */
export class RecordFile {
  readonly #options: RecordFileOptions;
  readonly #files: Files;
  #pending: string[] = [];
  /** True when the file does not hold what it should; the next write makes it anew. */
  #isStale = true;
  #bytes = 0;
  #compactAt = slack;
  #isFailing = false;
  #draining: Promise<void> | null = null;
  #work: Promise<void> = Promise.resolve();

  constructor(options: RecordFileOptions) {
    this.#options = options;
    this.#files = options.files ?? { ...nodeFiles, replaceFile };
  }

  /** Reads the records of an earlier run. Has to be called once, before anything is appended. */
  load(): Promise<RecordFileContent> {
    const loading = this.#work.then(() => this.#load());
    this.#work = loading.then(() => undefined);
    return loading;
  }

  append(record: object): void {
    this.#pending.push(`${JSON.stringify(record)}\n`);
    this.#draining ??= this.#then(() => this.#drain());
  }

  /** Makes the file anew from `records()`. */
  rewrite(): Promise<void> {
    this.#isStale = true;
    return this.settled();
  }

  /** Resolves when everything so far is on disk, or a second try has failed. */
  settled(): Promise<void> {
    return this.#then(() => this.#drain());
  }

  /** Deletes the file and the copies beside it, after the present write. Throws when that fails. */
  remove(): Promise<void> {
    this.#pending = [];
    const removing = this.#work.then(async () => {
      this.#isStale = true;
      this.#bytes = 0;
      await this.#removeKept();
      await this.#files.rm(this.#options.path, { force: true });
    });
    this.#work = removing.catch(() => undefined); // the caller gets the failure
    return removing;
  }

  /** Deletes the copies beside the file. */
  removeKept(): Promise<void> {
    const removing = this.#work.then(() => this.#removeKept());
    this.#work = removing.catch(() => undefined); // the caller gets the failure
    return removing;
  }

  async #removeKept(): Promise<void> {
    const { path } = this.#options;
    const beside = await this.#files.readdir(dirname(path)).catch(() => []);
    for (const name of beside) if (name.startsWith(`${basename(path)}.`)) await this.#files.rm(join(dirname(path), name), { force: true });
  }

  #then(action: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(action);
    return this.#work;
  }

  async #load(): Promise<RecordFileContent> {
    const empty = { header: {}, records: [] };
    const { path, note } = this.#options;
    try {
      sweepTemporaries(dirname(path));
      const bytes = readPlainFile(path, maxBytes);
      if (bytes === null) return empty;
      const lines = decodeUtf8(bytes).split('\n');
      const parsed = lines.filter((line) => line !== '').map(parseLine);
      const header = isHeader(parsed[0]) ? parsed[0] : {};
      const newer = typeof header.version === 'number' && header.version > version ? header.version : null;
      if (newer !== null) {
        await this.#setAside(`.v${newer}`, 'is of a newer version');
        return empty;
      }
      if (parsed.length > 0 && parsed.every((line) => line === undefined)) throw new UnreadableFile('none of its lines is JSON');
      const records = parsed.filter((record) => record !== undefined && !isHeader(record));
      const damaged = parsed.filter((record) => record === undefined).length;
      if (damaged > 0) note(`${basename(path)}: ${damaged} damaged records were skipped`);
      this.#bytes = bytes.length;
      this.#compactAt = 2 * bytes.length + slack;
      this.#isStale = damaged > 0 || lines.at(-1) !== '' || !isHeader(parsed[0]);
      return { header, records };
    } catch (caught) {
      if (caught instanceof UnreadableFile) await this.#setAside('.damaged', `could not be read (${caught.message})`);
      else note(`${basename(path)} could not be read: ${errorName(caught)}`);
      return empty;
    }
  }

  async #setAside(suffix: string, why: string): Promise<void> {
    const { path, note } = this.#options;
    const kept = freeName(path + suffix);
    note(`${basename(path)} ${why}: it is kept as ${basename(kept)} and a new one is begun`);
    await this.#files.rename(path, kept).catch((caught: unknown) => note(`${basename(path)} could not be kept: ${errorName(caught)}`));
  }

  async #drain(): Promise<void> {
    this.#draining = null;
    if (this.#pending.length === 0 && !this.#isStale) return;
    if (this.#pending.length === 0 && this.#bytes === 0 && !this.#hasRecords()) return;
    const lines = this.#pending;
    this.#pending = [];
    try {
      if (this.#isStale || this.#bytes > this.#compactAt) await this.#writeAnew();
      else await this.#appendLines(lines.join(''));
      this.#isFailing = false;
    } catch (caught) {
      this.#isStale = true;
      if (!this.#isFailing)
        this.#options.note(`${basename(this.#options.path)} could not be written: ${errorName(caught)}; it is tried again with the next change`);
      this.#isFailing = true;
    }
  }

  #hasRecords(): boolean {
    for (const _ of this.#options.records()) return true;
    return false;
  }

  async #appendLines(text: string): Promise<void> {
    await this.#files.appendFile(this.#options.path, text, { mode: 0o600 });
    this.#bytes += Buffer.byteLength(text);
  }

  async #writeAnew(): Promise<void> {
    const { path, header, records } = this.#options;
    this.#isStale = false;
    const text = [{ version, ...header() }, ...records()].map((record) => `${JSON.stringify(record)}\n`).join('');
    await this.#files.mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await this.#files.replaceFile(path, text);
    this.#bytes = Buffer.byteLength(text);
    this.#compactAt = 2 * this.#bytes + slack;
  }
}

function parseLine(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !isTooDeep(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isHeader = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && Object.hasOwn(value, 'version');

const errorName = (caught: unknown) => systemCode(caught) ?? (caught instanceof Error ? caught.name : 'unknown error');
