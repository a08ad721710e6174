import type { TerminalReplay, TerminalScreen, TerminalSize } from '../../../../shared/model/terminal.ts';
import { OutputRing } from './output-ring.ts';
import { SequenceScanner } from './sequence-scanner.ts';

/**
 * Bytes of output that are kept of a terminal. A page has at most 256 KB that it was sent and has not worked off (its window of
 * credits), so twice that lets a screen that it hands over join on to what is kept, however fast the output is. It is also some
 * 6,000 lines of 80 characters, more than the scrollback that a terminal has by default.
 */
export const recordedBytes = 512 * 1024;
/** Sizes that are kept: a window that is dragged for ten seconds while a program prints changes some hundred times. */
const mostSizes = 256;

/** What a viewer who comes late has to be shown, and the bytes that follow it. */
export interface Recording {
  readonly replay: TerminalReplay;
  readonly bytes: Buffer;
}

/**
 * Records a terminal's output for viewers who come late: the page's own picture of the screen at one position, as it handed it
 * over, and all bytes since; or, where there is no such picture, the last bytes there were. It understands no more of the output
 * than where it may be cut, and there is no second terminal behind it.
 */
export class Recorder {
  readonly #ring: OutputRing;
  /** What came before the ring, as far as it tells where the ring may be cut. */
  #before = new SequenceScanner();
  #position = 0;
  #screen: TerminalScreen | null = null;
  /** In order of position. The first is the size at the ring's beginning. */
  #sizes: { at: number; size: TerminalSize }[];

  constructor(size: TerminalSize, most = recordedBytes) {
    this.#ring = new OutputRing(most);
    this.#sizes = [{ at: 0, size }];
  }

  /** Bytes that can be recorded before any is lost to a late viewer. */
  get free(): number {
    return this.#ring.free;
  }

  /** Bytes of output since the program's start. */
  get position(): number {
    return this.#position;
  }

  push(bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0; ) {
      const piece = rest.subarray(0, this.#ring.free + this.#ring.length);
      const over = piece.length - this.#ring.free;
      if (over > 0) {
        this.#screen = null;
        this.#forget(over);
      }
      this.#ring.push(piece);
      this.#position += piece.length;
      rest = rest.subarray(piece.length);
    }
  }

  /** The program has another size from here on. */
  resize(size: TerminalSize): void {
    if (this.#sizes.at(-1)?.at === this.#position) this.#sizes.pop();
    this.#sizes.push({ at: this.#position, size });
    if (this.#sizes.length > mostSizes) this.#sizes.splice(0, 1);
  }

  /**
   * Takes the page's picture of the screen after `at` bytes, in the place of those bytes. A page that is wrong about its
   * position, or late, is not believed: false.
   */
  takeScreen(screen: TerminalScreen): boolean {
    const start = this.#position - this.#ring.length;
    if (screen.at < start || screen.at > this.#position) return false;
    // A sequence that is not complete is not on the screen: its beginning is kept for the bytes that follow.
    const scanner = this.#before.copy();
    const isWhole = scanner.isBoundary;
    let scanned = 0;
    let boundary = -1;
    for (const piece of this.#ring.peek(screen.at - start)) {
      const last = scanner.scan(piece);
      if (last >= 0) boundary = scanned + last;
      scanned += piece.length;
    }
    if (boundary < 0 && !isWhole) return false;
    this.#forget(Math.max(0, boundary));
    this.#screen = screen;
    return true;
  }

  /** From the last screen on; without one, from the first place where what is kept may be cut. */
  recording(): Recording {
    const kept = Buffer.concat(this.#ring.peek(this.#ring.length));
    const bytes = kept.subarray(this.#screen ? 0 : firstBoundary(kept, this.#before));
    const at = this.#position - bytes.length;
    const parts = this.#sizes.map(({ at: from, size }, index) => {
      const until = this.#sizes[index + 1]?.at ?? this.#position;
      return { size, bytes: Math.max(0, until - (index === 0 ? at : Math.max(from, at))) };
    });
    return { replay: { at, screen: this.#screen, parts }, bytes };
  }

  #forget(count: number): void {
    for (const piece of this.#ring.peek(count)) this.#before.skip(piece);
    this.#ring.drop(count);
    const start = this.#position - this.#ring.length;
    while ((this.#sizes[1]?.at ?? Number.POSITIVE_INFINITY) <= start) this.#sizes.shift();
  }
}

function firstBoundary(bytes: Buffer, before: SequenceScanner): number {
  const scanner = before.copy();
  let at = 0;
  while (at < bytes.length && !scanner.isBoundary) scanner.scan(bytes.subarray(at, ++at));
  return at;
}
