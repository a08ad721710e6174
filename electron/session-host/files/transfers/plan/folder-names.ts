import { type MemoryBound, textBytes } from '../../file-systems/memory-bound.ts';

/** What a set of strings needs for one more, besides the text. */
const setEntryBytes = 32;

/** The names that one folder of a plan uses, while it is read. */
export class FolderNames {
  readonly #bound: MemoryBound;
  readonly #names = new Set<string>();
  #bytes = 0;

  constructor(bound: MemoryBound) {
    this.#bound = bound;
  }

  /** False when the name is used already. */
  add(name: string): boolean {
    if (this.#names.has(name)) return false;
    const bytes = setEntryBytes + textBytes(name);
    this.#bound.take(bytes);
    this.#bytes += bytes;
    this.#names.add(name);
    return true;
  }

  free(): void {
    this.#names.clear();
    this.#bound.give(this.#bytes);
  }
}
