/** What takes a terminal's bytes: xterm, or a fake. `parsed` is called once the bytes have been worked off. */
export interface ByteSink {
  write(bytes: Uint8Array, parsed: () => void): void;
}

/** The half of a stream handle that gives credits. */
export interface CreditGiver {
  grant(bytes: number): void;
}

/** Bytes a server may have under way to one terminal. More makes Ctrl+C wait behind old output; less makes throughput wait for grants. */
export const creditWindow = 256 * 1024;

/** xterm looks at its clock between pieces only: a larger one full of costly sequences would hold the page too long. */
const largestPiece = 32 * 1024;

/**
 * Carries one stream's bytes into a sink and gives back as credits what the sink has parsed: in quarters of the window
 * while output keeps coming, at once when nothing is left to parse.
 */
export class StreamPump {
  readonly #sink: ByteSink;
  readonly #window: number;
  #giver: CreditGiver | null = null;
  #unparsed = 0;
  #owed = 0;

  constructor(sink: ByteSink, window = creditWindow) {
    this.#sink = sink;
    this.#window = window;
  }

  /** Grants the first window. Nothing arrives before it. */
  start(giver: CreditGiver): void {
    this.#giver = giver;
    giver.grant(this.#window);
  }

  data(bytes: Uint8Array): void {
    this.#unparsed += bytes.length;
    for (let offset = 0; offset < bytes.length; offset += largestPiece) {
      const piece = bytes.subarray(offset, offset + largestPiece);
      this.#sink.write(piece, () => this.#parsed(piece.length));
    }
  }

  /** After this no credit is given any more; what is already in the sink is still shown. */
  stop(): void {
    this.#giver = null;
  }

  #parsed(bytes: number): void {
    this.#unparsed -= bytes;
    this.#owed += bytes;
    if (this.#giver === null || (this.#owed < this.#window / 4 && this.#unparsed > 0)) return;
    const grant = this.#owed;
    this.#owed = 0;
    this.#giver.grant(grant);
  }
}
