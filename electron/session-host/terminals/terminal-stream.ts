import type { AppError } from '../../../shared/errors/app-error.ts';
import type { ServerStream } from '../../../shared/ipc/server.ts';
import type { TerminalDown, TerminalSize, TerminalUp } from '../../../shared/model/terminal.ts';
import { OutputPump } from './output-pump.ts';

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

export type TerminalUpStream = ServerStream<TerminalUp, TerminalDown>;

const earlyInputLimit = 64 * 1024;

/** One open terminal as the page sees it: its stream, the size it wants, and the program once there is one. */
export class TerminalStream {
  readonly #stream: TerminalUpStream;
  readonly #pump: OutputPump;
  readonly #closed = new AbortController();
  #size: TerminalSize;
  #program: TerminalProgram | null = null;
  #early: Uint8Array[] = [];
  #earlyBytes = 0;

  constructor(stream: TerminalUpStream, size: TerminalSize) {
    this.#stream = stream;
    this.#size = size;
    this.#pump = new OutputPump(stream, (bytes) => this.#program?.consumed(bytes));
    stream.onCredit(() => this.#pump.credited());
    stream.onData((bytes) => this.#input(bytes));
    stream.onMessage(({ size: wanted }) => {
      this.#size = wanted;
      this.#program?.resize?.(wanted.cols, wanted.rows);
    });
    stream.onClose(() => this.close());
  }

  /** Aborted when the page closed the terminal. */
  get signal(): AbortSignal {
    return this.#closed.signal;
  }

  get size(): TerminalSize {
    return this.#size;
  }

  send(message: TerminalDown): void {
    this.#stream.send(message);
  }

  /** The program has started at `startedAt`; from here on keys and output flow. */
  run(program: TerminalProgram, title: string, startedAt: TerminalSize): void {
    if (this.signal.aborted) return program.close();
    this.#program = program;
    this.send({ type: 'ready', title });
    if (startedAt !== this.#size) program.resize?.(this.#size.cols, this.#size.rows);
    for (const bytes of this.#early) program.write?.(bytes);
    this.#early = [];
    program.onData((bytes) => this.#pump.push(bytes));
  }

  /** The program is over: what it wrote is shown in full, then its end. */
  exit(code: number | null, signal: string | null, error: AppError | null): void {
    this.#pump.finish(() => {
      this.#program = null;
      this.send({ type: 'exit', code, signal, error: error?.toData() ?? null });
      this.#stream.end();
      this.#closed.abort();
    });
  }

  /** There will be no program. */
  fail(error: AppError): void {
    this.#stream.end(error);
    this.close();
  }

  close(): void {
    this.#closed.abort();
    this.#pump.stop();
    this.#program?.close();
    this.#program = null;
  }

  #input(bytes: Uint8Array): void {
    if (this.#program) return this.#program.write?.(bytes);
    this.#earlyBytes += bytes.length;
    if (this.#earlyBytes <= earlyInputLimit) this.#early.push(bytes);
  }
}
