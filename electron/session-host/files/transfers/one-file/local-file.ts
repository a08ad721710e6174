import fs from 'node:fs';
import { promisify } from 'node:util';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import { localError } from '../../file-systems/local-errors.ts';
import { systemPath } from '../../file-systems/system-path.ts';

// Callbacks under promises of our own: node:fs/promises costs several times as much per call, which counts with thousands of small files.
const calls = {
  open: promisify(fs.open),
  close: promisify(fs.close),
  read: promisify(fs.read) as unknown as (fd: number, buffer: Buffer, at: number, length: number, position: number) => Promise<{ bytesRead: number }>,
  write: promisify(fs.write) as unknown as (
    fd: number,
    buffer: Buffer,
    at: number,
    length: number,
    position: number,
  ) => Promise<{ bytesWritten: number }>,
  fstat: promisify(fs.fstat) as (fd: number) => Promise<fs.Stats>,
  fchmod: promisify(fs.fchmod),
  futimes: promisify(fs.futimes),
  fsync: promisify(fs.fsync),
  ftruncate: promisify(fs.ftruncate),
};

const noFollow = fs.constants.O_NOFOLLOW ?? 0;

/** A file of this computer by its descriptor. A link at the last place of the path is never followed. */
export class LocalFile {
  readonly #fd: number;
  readonly #path: string;
  #isClosed = false;
  #busy = 0;
  #idle: (() => void) | null = null;

  private constructor(fd: number, path: string) {
    this.#fd = fd;
    this.#path = path;
  }

  /** `create`: nothing may be there. `continue`: it has to be there. */
  static async open(path: string, purpose: 'read' | 'create' | 'continue'): Promise<LocalFile> {
    const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL } = fs.constants;
    const flags = purpose === 'read' ? O_RDONLY : purpose === 'create' ? O_WRONLY | O_CREAT | O_EXCL : O_WRONLY;
    try {
      // A source may be a link that the person chose; what is written to may not.
      return new LocalFile(await calls.open(systemPath(path), purpose === 'read' ? flags : flags | noFollow, 0o600), path);
    } catch (caught) {
      throw localError(caught, path);
    }
  }

  /** Bytes read; fewer than asked for only at the end of the file. */
  async read(buffer: Buffer, at: number, length: number, position: number): Promise<number> {
    let done = 0;
    while (done < length) {
      const { bytesRead } = await this.#told(() => calls.read(this.#fd, buffer, at + done, length - done, position + done));
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return done;
  }

  async write(buffer: Buffer, length: number, position: number): Promise<void> {
    let done = 0;
    while (done < length) done += (await this.#told(() => calls.write(this.#fd, buffer, done, length - done, position + done))).bytesWritten;
  }

  async facts(): Promise<{ size: number; modified: number }> {
    const found = await this.#told(() => calls.fstat(this.#fd));
    return { size: found.size, modified: Math.round(found.mtimeMs) };
  }

  async finish({ mode, modified, sync }: { mode: number | null; modified: number | null; sync: boolean }): Promise<void> {
    if (mode !== null && process.platform !== 'win32') await this.#told(() => calls.fchmod(this.#fd, mode));
    if (modified !== null) await this.#told(() => calls.futimes(this.#fd, modified / 1000, modified / 1000));
    if (sync) await this.#told(() => calls.fsync(this.#fd));
  }

  truncate(length: number): Promise<void> {
    return this.#told(() => calls.ftruncate(this.#fd, length));
  }

  /** Resolves when nothing is under way any more, and those who asked for it know its end. */
  async quiet(): Promise<void> {
    while (this.#busy > 0) await new Promise<void>((resolve) => (this.#idle = () => setImmediate(resolve)));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.quiet();
    await calls.close(this.#fd);
  }

  async #told<T>(action: () => Promise<T>): Promise<T> {
    // The number of a closed descriptor may be another file's by now.
    if (this.#isClosed) throw new AppError('closed', `${this.#path} is not open any more.`);
    this.#busy++;
    try {
      return await action();
    } catch (caught) {
      throw localError(caught, this.#path);
    } finally {
      if (--this.#busy === 0) this.#idle?.();
    }
  }
}
