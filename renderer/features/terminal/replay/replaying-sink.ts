import type { Terminal } from '@xterm/xterm';
import type { TerminalReplay, TerminalSize } from '../../../../shared/model/terminal.ts';
import type { ByteSink } from '../stream-pump.ts';

interface SinkEvents {
  /** That many bytes of output were drawn, after all of a replay. */
  parsed(bytes: number): void;
  /** All of a replay was drawn. */
  replayed(): void;
}

/** The part of xterm that draws output. */
export type Drawn = Pick<Terminal, 'write' | 'resize' | 'reset' | 'cols' | 'rows'>;

/**
 * Draws a terminal's output and counts it. What a page missed while it was loaded is drawn first, each part at the size that it
 * was written for; a resize of xterm does not wait for what is written, so a part waits for the one before it.
 */
export class ReplayingSink implements ByteSink {
  readonly #terminal: Drawn;
  readonly #events: SinkEvents;
  #position = 0;
  /** Counts programs: what one wrote may still be drawn when the next begins. */
  #program = 0;
  #parts: { size: TerminalSize; bytes: number }[] = [];
  #isReplaying = false;
  /** What came while a replay is drawn. */
  #waiting: { bytes: Uint8Array; parsed: () => void }[] = [];
  #isWriting = false;

  constructor(terminal: Drawn, events: SinkEvents) {
    this.#terminal = terminal;
    this.#events = events;
  }

  /** Bytes of the program's output that are on the screen. */
  get position(): number {
    return this.#position;
  }

  get isReplaying(): boolean {
    return this.#isReplaying;
  }

  /** Output of a new program follows. */
  restart(): void {
    this.#program++;
    this.#position = 0;
  }

  /** Clears the terminal. What is written from now on are the parts of the replay, and then the program's output. */
  replay({ at, screen, parts }: TerminalReplay): void {
    this.#isReplaying = true;
    this.#isWriting = true;
    this.#position = at;
    this.#parts = parts.map((part) => ({ ...part }));
    this.#terminal.write('', () => {
      this.#terminal.reset();
      if (screen) this.#resize(screen.size);
      this.#terminal.write(screen?.text ?? '', () => this.#next());
    });
  }

  write(bytes: Uint8Array, parsed: () => void): void {
    if (this.#isReplaying) {
      this.#waiting.push({ bytes, parsed });
      if (!this.#isWriting) this.#next();
      return;
    }
    const program = this.#program;
    this.#terminal.write(bytes, () => {
      if (program === this.#program) this.#position += bytes.length;
      this.#events.parsed(bytes.length);
      parsed();
    });
  }

  #next(): void {
    while (this.#parts[0]?.bytes === 0) this.#resize(this.#parts.shift()?.size);
    const part = this.#parts[0];
    if (!part) return this.#finish();
    const next = this.#waiting[0];
    this.#isWriting = next !== undefined;
    if (!next) return;
    this.#resize(part.size);
    const piece = next.bytes.subarray(0, part.bytes);
    this.#terminal.write(piece, () => {
      this.#position += piece.length;
      part.bytes -= piece.length;
      next.bytes = next.bytes.subarray(piece.length);
      if (next.bytes.length === 0) {
        this.#waiting.shift();
        next.parsed();
      }
      this.#next();
    });
  }

  #finish(): void {
    this.#isReplaying = false;
    this.#isWriting = false;
    for (const { bytes, parsed } of this.#waiting.splice(0)) this.write(bytes, parsed);
    this.#events.replayed();
  }

  #resize(size: TerminalSize | undefined): void {
    if (size && (size.cols !== this.#terminal.cols || size.rows !== this.#terminal.rows)) this.#terminal.resize(size.cols, size.rows);
  }
}
