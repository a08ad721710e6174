/** What takes a terminal's bytes: xterm, or a fake. `parsed` is called once the bytes have been worked off. */
export interface ByteSink {
  write(bytes: Uint8Array, parsed: () => void): void;
}

/** The half of a stream handle that gives credits. */
export interface CreditGiver {
  grant(bytes: number): void;
}

/** Bytes a server may have under way to one terminal at most. */
export const creditWindow = 256 * 1024;
const leastWindow = 32 * 1024;
/** Milliseconds that output may wait to be parsed; Ctrl+C waits behind it. The window follows how fast the sink takes what comes. */
export const longestWait = 30;
/** A terminal nobody looks at leaves the page and the line to the one that is looked at: this much, then a pause. */
export const hiddenWindow = 64 * 1024;
export const hiddenPause = 16;

/**
 * xterm looks at its clock between pieces only, and a byte of output may cost nanoseconds (text) or a millisecond (a reset of the
 * terminal). So pieces become smaller while one takes longer than `longestPiece` milliseconds, and larger again after it.
 */
export const largestPiece = 16 * 1024;
export const leastPiece = 128;
export const longestPiece = 8;

/**
 * Carries one stream's bytes into a sink and gives back as credits what the sink has parsed: in quarters of the window
 * while output keeps coming, at once when nothing is left to parse.
 */
export class StreamPump {
  readonly #sink: ByteSink;
  readonly #now: () => number;
  #giver: CreditGiver | null = null;
  #window = creditWindow;
  #visible = true;
  #pause: ReturnType<typeof setTimeout> | undefined;
  /** Granted and not parsed yet. */
  #underWay = 0;
  #unparsed = 0;
  /** Arrived, and not given to the sink yet, which gets a piece at a time. */
  readonly #queue: { bytes: Uint8Array; arrived: number }[] = [];
  #piece = largestPiece;
  #writing = false;

  constructor(sink: ByteSink, now = () => performance.now()) {
    this.#sink = sink;
    this.#now = now;
  }

  /** Grants the first window. Nothing arrives before it. */
  start(giver: CreditGiver): void {
    this.#giver = giver;
    this.#grant();
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible) this.#grant();
  }

  data(bytes: Uint8Array): void {
    this.#unparsed += bytes.length;
    this.#queue.push({ bytes, arrived: this.#now() });
    if (!this.#writing) this.#writeNext();
  }

  /** After this no credit is given any more; what has come is still shown, before anything that is written to the sink from now on. */
  stop(): void {
    clearTimeout(this.#pause);
    this.#giver = null;
    for (const { bytes } of this.#queue.splice(0))
      for (let at = 0; at < bytes.length; at += largestPiece) this.#sink.write(bytes.subarray(at, at + largestPiece), () => {});
  }

  #writeNext(): void {
    const next = this.#queue[0];
    this.#writing = next !== undefined;
    if (!next) return;
    const piece = next.bytes.subarray(0, this.#piece);
    if (piece.length === next.bytes.length) this.#queue.shift();
    else next.bytes = next.bytes.subarray(piece.length);
    const began = this.#now();
    this.#sink.write(piece, () => {
      const now = this.#now();
      if (now - began > longestPiece) this.#piece = Math.max(leastPiece, this.#piece / 2);
      else this.#piece = Math.min(largestPiece, this.#piece * 2);
      this.#parsed(piece.length, now - next.arrived);
      this.#writeNext();
    });
  }

  #parsed(bytes: number, waited: number): void {
    this.#unparsed -= bytes;
    this.#underWay -= bytes;
    const fitting = Math.min(creditWindow, Math.max(leastWindow, (this.#window * longestWait) / Math.max(1, waited)));
    this.#window += Math.round((fitting - this.#window) / 8);
    if (this.#visible) return this.#grant();
    this.#pause ??= setTimeout(() => this.#grant(), hiddenPause);
  }

  #grant(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    const window = this.#visible ? this.#window : Math.min(this.#window, hiddenWindow);
    const owed = window - this.#underWay;
    if (this.#giver === null || owed <= 0 || (owed < window / 4 && this.#unparsed > 0)) return;
    this.#underWay += owed;
    this.#giver.grant(owed);
  }
}
