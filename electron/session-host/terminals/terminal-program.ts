/** What runs in a terminal: a shell on a server or here, or whatever else makes output. */
export interface TerminalProgram {
  /** Output in order, from the moment of the call. */
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Lets the program write that many bytes more. */
  consumed(bytes: number): void;
  /** Keys and pastes. Left out where nothing can be typed, as in a recording. */
  write?(bytes: Uint8Array): void;
  /** Left out where the program has a size of its own. */
  resize?(cols: number, rows: number): void;
  close(): void;
}
