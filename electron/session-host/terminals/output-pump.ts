/** The side of a stream that takes bytes: never more than its credit. */
export interface ByteStream {
  readonly credit: number;
  write(bytes: Uint8Array): void;
}

/** Largest piece of one message. */
const pieceSize = 64 * 1024;
const batchMs = 4;

/**
 * Carries a program's output into a stream within its credits. After a pause the first output leaves at the end of the turn
 * it came in; while more keeps coming, it is gathered for 4 ms, and only whole pieces leave before that. `taken` tells the
 * source what has left, so that a page that stops reading stops the program.
 */
export class OutputPump {
  readonly #stream: ByteStream;
  readonly #taken: (bytes: number) => void;
  #queue: Uint8Array[] = [];
  #queued = 0;
  #isFlushing = false;
  #batch: NodeJS.Timeout | undefined;
  #drained: (() => void) | undefined;

  constructor(stream: ByteStream, taken: (bytes: number) => void) {
    this.#stream = stream;
    this.#taken = taken;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    if (this.#queued >= pieceSize) return this.#flush(pieceSize);
    if (this.#batch || this.#isFlushing) return;
    this.#isFlushing = true;
    queueMicrotask(() => {
      this.#isFlushing = false;
      this.#flush();
    });
  }

  /** To be called when credit was added. */
  credited(): void {
    if (!this.#batch) this.#flush();
    else if (this.#queued >= pieceSize) this.#flush(pieceSize);
  }

  /** Calls `drained` once everything pushed so far has left. */
  finish(drained: () => void): void {
    this.#drained = drained;
    this.#flush();
  }

  /** Drops what is left; nothing is called any more. */
  stop(): void {
    clearTimeout(this.#batch);
    this.#queue = [];
    this.#queued = 0;
    this.#drained = undefined;
  }

  /** Sends what there is, down to a rest smaller than `least`. */
  #flush(least = 1): void {
    let sent = 0;
    while (this.#queued >= least) {
      const size = Math.min(this.#queued, this.#stream.credit, pieceSize);
      if (size <= 0) break;
      this.#stream.write(this.#take(size));
      sent += size;
    }
    if (sent > 0) {
      clearTimeout(this.#batch);
      this.#batch = setTimeout(() => {
        this.#batch = undefined;
        this.#flush();
      }, batchMs);
      this.#taken(sent);
    }
    if (this.#queued > 0 || !this.#drained) return;
    const drained = this.#drained;
    this.stop();
    drained();
  }

  /** A copy of its own: a view would be sent together with the whole buffer behind it. */
  #take(size: number): Uint8Array {
    const piece = new Uint8Array(size);
    let at = 0;
    let used = 0;
    while (at < size) {
      const chunk = this.#queue[used]!;
      const part = chunk.subarray(0, size - at);
      piece.set(part, at);
      at += part.length;
      if (part.length < chunk.length) this.#queue[used] = chunk.subarray(part.length);
      else used++;
    }
    this.#queue.splice(0, used);
    this.#queued -= size;
    return piece;
  }
}
