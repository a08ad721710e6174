/** Where the parser of a terminal stands: in text, or in the middle of a sequence. */
type State = 'text' | 'escape' | 'charset' | 'control' | 'title' | 'string';

const escapeByte = 0x1b;
const bell = 0x07;
/** First byte, in UTF-8, of the control characters U+0080 to U+009F, which begin sequences too. */
const leadOfControls = 0xc2;
/** A character that is not complete has its first byte among the last three. */
const longestIncomplete = 3;

/** Sequences that an escape or, as one character, a control of U+0080 to U+009F begins. */
const afterEscape = new Map<number, State>([
  [0x5b, 'control'], // [
  [0x5d, 'title'], // ]
  [0x50, 'string'], // P
  [0x58, 'string'], // X
  [0x5e, 'string'], // ^
  [0x5f, 'string'], // _
]);

/**
 * Finds the places in a terminal's output where it may be cut: between two sequences and between two characters, so that what
 * follows means the same to a terminal that has not seen what came before. Of broken sequences it may miss places, and never
 * takes a place inside a sequence for one.
 */
export class SequenceScanner {
  #state: State = 'text';
  /** Bytes that the character under way still needs, and its first one. */
  #needed = 0;
  #lead = 0;

  /** Whether what was scanned so far ends at such a place. */
  get isBoundary(): boolean {
    return this.#state === 'text' && this.#needed === 0;
  }

  copy(): SequenceScanner {
    const copy = new SequenceScanner();
    copy.#state = this.#state;
    copy.#needed = this.#needed;
    copy.#lead = this.#lead;
    return copy;
  }

  /** Takes in the next bytes. Returns how many of them stand before the last such place among them, or −1 when there is none. */
  scan(bytes: Buffer): number {
    let last = -1;
    let nextEscape = -1;
    let nextLead = -1;
    for (let at = 0; at < bytes.length; ) {
      if (this.isBoundary) {
        // Plain text is skipped by searches that the engine does natively: nearly all output is.
        if (nextEscape < at) nextEscape = indexOrEnd(bytes, escapeByte, at);
        if (nextLead < at) nextLead = indexOrEnd(bytes, leadOfControls, at);
        const end = Math.min(nextEscape, nextLead, bytes.length - longestIncomplete);
        if (end > at) at = end;
        if (at > 0 && !isContinuation(bytes[at] ?? 0)) last = at;
      }
      this.#step(bytes[at] ?? 0);
      at++;
      if (this.isBoundary) last = at;
    }
    return last;
  }

  /** Takes in the next bytes where only the state after them is of interest: whatever came before an escape, a sequence begins with it. */
  skip(bytes: Buffer): void {
    this.scan(bytes.subarray(Math.max(0, bytes.lastIndexOf(escapeByte))));
  }

  #step(byte: number): void {
    if (byte >= 0x80) return this.#stepInCharacter(byte);
    this.#needed = 0;
    if (byte === escapeByte) this.#state = 'escape';
    else if (byte === 0x18 || byte === 0x1a) this.#state = 'text';
    else if (byte >= 0x20 || byte === bell) this.#state = this.#after(byte);
  }

  /** The state after a character of ASCII, or after the bell, which ends a title. */
  #after(byte: number): State {
    switch (this.#state) {
      case 'escape':
        return afterEscape.get(byte) ?? (byte < 0x20 || byte === 0x7f ? 'escape' : byte < 0x30 ? 'charset' : 'text');
      case 'charset':
        return byte >= 0x30 && byte !== 0x7f ? 'text' : 'charset';
      case 'control':
        return byte >= 0x40 && byte !== 0x7f ? 'text' : 'control';
      case 'title':
        return byte === bell ? 'text' : 'title';
      default:
        return this.#state;
    }
  }

  #stepInCharacter(byte: number): void {
    if (byte >= 0xc0) {
      this.#lead = byte;
      this.#needed = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
    } else if (this.#needed > 0) {
      this.#needed--;
      // U+0080 to U+009F mean an escape and the character 0x40 below them; those that begin nothing end what is under way.
      if (this.#lead === leadOfControls && byte < 0xa0) this.#state = afterEscape.get(byte - 0x40) ?? 'text';
    }
  }
}

const isContinuation = (byte: number) => (byte & 0xc0) === 0x80;

const indexOrEnd = (bytes: Buffer, byte: number, from: number): number => {
  const index = bytes.indexOf(byte, from);
  return index < 0 ? bytes.length : index;
};
