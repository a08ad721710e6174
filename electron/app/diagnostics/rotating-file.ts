import { closeSync, constants, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from '../../lib/system-calls.ts';

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
      const file = this.#file ?? this.#open();
      this.#size += writeSync(file, line);
    } catch {
      this.close();
    }
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
    this.#size = 0;
  }

  #open(): number {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    // A pipe that nobody reads would block without O_NONBLOCK.
    const file = openSync(this.#path, O_WRONLY | O_APPEND | O_CREAT | (O_NONBLOCK ?? 0), 0o600);
    this.#file = file;
    const found = fstatSync(file);
    this.#size = found.size;
    if (found.isFile() && this.#size <= this.#maxBytes) return file;
    this.#rotate();
    return this.#open();
  }

  #rotate(): void {
    this.close();
    for (let index = this.#older; index > 0; index--) {
      try {
        renameSync(index === 1 ? this.#path : `${this.#path}.${index - 1}`, `${this.#path}.${index}`);
      } catch (caught) {
        if (systemCode(caught) !== 'ENOENT') throw caught;
      }
    }
  }
}
