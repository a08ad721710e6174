import { AppError } from '../../../shared/errors/app-error.ts';
import type { TerminalDown, TerminalSize } from '../../../shared/model/terminal.ts';
import { OutputPump } from './output-pump.ts';
import { RecordedOutput, type TerminalUpStream } from './recorded-output.ts';
import type { TerminalProgram } from './terminal-program.ts';

export interface TerminalWatcher {
  /** The page went away without a word while a program runs. To be kept for its next load (true), or closed. */
  lost(): boolean;
  /** Nothing is left of it: no program, and no end that a page has not been told. */
  over(): void;
}

const earlyInputLimit = 64 * 1024;

/** One open terminal: the program once there is one, its recorded output, and the page that looks on. */
export class TerminalStream {
  readonly #watcher: TerminalWatcher;
  readonly #output: RecordedOutput;
  readonly #pump: OutputPump;
  readonly #closed = new AbortController();
  #viewer: TerminalUpStream | null = null;
  #size: TerminalSize;
  #program: TerminalProgram | null = null;
  #early: Uint8Array[] = [];
  #earlyBytes = 0;
  /** The last of each kind, for a page that comes late. */
  readonly #told = new Map<TerminalDown['type'], TerminalDown>();
  #exit: TerminalDown | null = null;
  #isOver = false;

  constructor(stream: TerminalUpStream, size: TerminalSize, watcher: TerminalWatcher) {
    this.#watcher = watcher;
    this.#size = size;
    this.#output = new RecordedOutput(size);
    this.#pump = new OutputPump(this.#output, (bytes) => this.#program?.consumed(bytes));
    this.#output.onCredit = () => {
      this.#pump.credited();
      this.#tellExit();
    };
    this.#follow(stream);
    this.#output.show(stream);
  }

  /** Aborted when the page closed the terminal or its program ended. */
  get signal(): AbortSignal {
    return this.#closed.signal;
  }

  get size(): TerminalSize {
    return this.#size;
  }

  send(message: TerminalDown): void {
    if (message.type !== 'progress') this.#told.set(message.type, message);
    this.#viewer?.send(message);
  }

  /** The program has started at `startedAt`; from here on keys and output flow. */
  run(program: TerminalProgram, title: string, startedAt: TerminalSize): void {
    if (this.signal.aborted) return program.close();
    this.#program = program;
    this.send({ type: 'ready', title });
    if (startedAt !== this.#size) this.#resize();
    for (const bytes of this.#early) program.write?.(bytes);
    this.#early = [];
    program.onData((bytes) => this.#pump.push(bytes));
  }

  /** The program is over: what it wrote is shown in full, then its end. A page that is away is told when it comes back. */
  exit(code: number | null, signal: string | null, error: AppError | null): void {
    this.#pump.finish(() => {
      this.#program = null;
      this.#exit = { type: 'exit', code, signal, error: error?.toData() ?? null };
      this.#closed.abort();
      this.#tellExit();
    });
  }

  /** There will be no program. */
  fail(error: AppError): void {
    this.#viewer?.end(error);
    this.close();
  }

  /** Whether there is a program to show, or its end. */
  get canBeTaken(): boolean {
    return !this.#isOver && (this.#program !== null || this.#exit !== null);
  }

  /** Shows the program to a page that was loaded anew, in the place of the one before. */
  take(stream: TerminalUpStream): void {
    this.#viewer?.end(new AppError('cancelled', 'Another page shows this terminal now.'));
    this.#follow(stream);
    this.#output.replayTo(stream);
    for (const message of this.#told.values()) stream.send(message);
    this.#tellExit();
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#closed.abort();
    this.#pump.stop();
    this.#output.hide();
    this.#program?.close();
    this.#program = null;
    this.#watcher.over();
  }

  #follow(stream: TerminalUpStream): void {
    this.#viewer = stream;
    const current = () => this.#viewer === stream;
    stream.onData((bytes) => current() && this.#input(bytes));
    stream.onMessage((message) => {
      if (!current()) return;
      if (message.type === 'screen') return void this.#output.recorder.takeScreen(message.screen);
      this.#size = message.size;
      this.#resize();
    });
    stream.onClose((isLost) => {
      if (!current()) return;
      this.#viewer = null;
      if (!isLost || !this.canBeTaken || !this.#watcher.lost()) return this.close();
      this.#output.hide();
    });
  }

  #resize(): void {
    if (!this.#program?.resize) return;
    this.#program.resize(this.#size.cols, this.#size.rows);
    this.#output.recorder.resize(this.#size);
  }

  /** Once the page has all output. */
  #tellExit(): void {
    if (!this.#exit || !this.#viewer || this.#output.isReplaying) return;
    this.#viewer.send(this.#exit);
    this.#viewer.end();
    this.#viewer = null;
    this.close();
  }

  #input(bytes: Uint8Array): void {
    if (this.#program) return this.#program.write?.(bytes);
    this.#earlyBytes += bytes.length;
    if (this.#earlyBytes <= earlyInputLimit) this.#early.push(bytes);
  }
}
