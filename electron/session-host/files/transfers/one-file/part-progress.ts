import type { FileTask, PartRecord } from './file-task.ts';

/** How much of a file is there without a gap, while its pieces come in any order. */
export class ContiguousPrefix {
  #end: number;
  /** Lengths of the pieces after a gap, by where they start. */
  readonly #beyond = new Map<number, number>();

  constructor(start: number) {
    this.#end = start;
  }

  get end(): number {
    return this.#end;
  }

  add(start: number, length: number): void {
    this.#beyond.set(start, length);
    for (let next = this.#beyond.get(this.#end); next !== undefined; next = this.#beyond.get(this.#end)) {
      this.#beyond.delete(this.#end);
      this.#end += next;
    }
  }
}

/** How far a part file has grown. Each step is reported as the record from which a later attempt can go on. */
export class PartProgress {
  readonly #task: Pick<FileTask, 'size' | 'modified'>;
  readonly #prefix: ContiguousPrefix;
  readonly #onPart: ((record: PartRecord) => void) | null;

  /** `start`: bytes that are there already. `onPart`: null for a file that no later attempt can continue. */
  constructor(task: Pick<FileTask, 'size' | 'modified'>, start: number, onPart: ((record: PartRecord) => void) | null) {
    this.#task = task;
    this.#prefix = new ContiguousPrefix(start);
    this.#onPart = onPart;
  }

  /** Bytes from the start of the file without a gap. */
  get end(): number {
    return this.#prefix.end;
  }

  add(start: number, length: number): void {
    this.#prefix.add(start, length);
    this.report();
  }

  report(): void {
    const { size, modified } = this.#task;
    this.#onPart?.({ size, modified, prefix: this.#prefix.end });
  }
}
