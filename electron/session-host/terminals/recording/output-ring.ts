const firstCapacity = 4 * 1024;

/** The last bytes of a stream, up to a number. It takes memory as it needs it, from 4 KB on, and never more than `most` bytes. */
export class OutputRing {
  readonly #most: number;
  #buffer = Buffer.alloc(0);
  #first = 0;
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get length(): number {
    return this.#length;
  }

  /** Bytes that go in before any has to go out. */
  get free(): number {
    return this.#most - this.#length;
  }

  /** Adds at most `free` bytes. */
  push(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#buffer.length) this.#grow(this.#length + bytes.length);
    const at = (this.#first + this.#length) % this.#buffer.length;
    const untilEnd = Math.min(bytes.length, this.#buffer.length - at);
    this.#buffer.set(bytes.subarray(0, untilEnd), at);
    this.#buffer.set(bytes.subarray(untilEnd), 0);
    this.#length += bytes.length;
  }

  /** The first `count` bytes, in one or two pieces that are good until the next change. */
  peek(count: number): Buffer[] {
    const untilEnd = Math.min(count, this.#buffer.length - this.#first);
    return [this.#buffer.subarray(this.#first, this.#first + untilEnd), this.#buffer.subarray(0, count - untilEnd)];
  }

  /** Forgets the first `count` bytes. Without any left, the memory is given back. */
  drop(count: number): void {
    this.#length -= count;
    this.#first = this.#length === 0 ? 0 : (this.#first + count) % this.#buffer.length;
    if (this.#length === 0 && this.#buffer.length > firstCapacity) this.#buffer = Buffer.alloc(0);
  }

  #grow(wanted: number): void {
    let capacity = Math.max(firstCapacity, this.#buffer.length);
    while (capacity < wanted) capacity *= 2;
    const grown = Buffer.alloc(Math.min(capacity, this.#most));
    Buffer.concat(this.peek(this.#length)).copy(grown);
    this.#buffer = grown;
    this.#first = 0;
  }
}
