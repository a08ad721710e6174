import { closeSync, constants, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = constants;

/** A text file that is written line by line, at once, and set aside as `<path>.1`, `.2` … when it is full, so that it and its older parts stay bounded. */
export class RotatingFile {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #older: number;
  #file: number | null = null;
  #size = 0;

  constructor({ path, maxBytes = 4 * 1024 * 1024, older = 2 }: { path: string; maxBytes?: number; older?: number }) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#older = older;
  }

  /** Never throws: a disk that refuses must not stop the work that is being logged. */
  write(line: string): void {
    try {
      if (this.#size > 0 && this.#size + Buffer.byteLength(line) > this.#maxBytes) this.#rotate();
      if (this.#file === null) this.#open();
      this.#size += writeSync(this.#file!, line);
    } catch {
      this.close();
    }
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
    this.#size = 0;
  }

  #open(): void {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    // A pipe that nobody reads would block without O_NONBLOCK.
    this.#file = openSync(this.#path, O_WRONLY | O_APPEND | O_CREAT | (O_NONBLOCK ?? 0), 0o600);
    const found = fstatSync(this.#file);
    this.#size = found.size;
    if (!found.isFile() || this.#size > this.#maxBytes) {
      this.#rotate();
      this.#open();
    }
  }

  #rotate(): void {
    this.close();
    for (let index = this.#older; index > 0; index--) {
      try {
        renameSync(index === 1 ? this.#path : `${this.#path}.${index - 1}`, `${this.#path}.${index}`);
      } catch (caught) {
        if ((caught as NodeJS.ErrnoException).code !== 'ENOENT') throw caught;
      }
    }
  }
}
