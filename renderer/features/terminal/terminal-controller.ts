import { AppError } from '../../../shared/errors/app-error.ts';
import type { StreamHandle, StreamReader } from '../../../shared/ipc/client.ts';
import type { TerminalDown, TerminalReplay, TerminalScreen, TerminalSize, TerminalUp } from '../../../shared/model/terminal.ts';
import { type ByteSink, StreamPump } from './stream-pump.ts';

/** Opens the terminal's stream at a size. Called again for each reconnect. */
export type OpenTerminalStream = (size: TerminalSize, reader: StreamReader<TerminalDown>) => StreamHandle<TerminalUp>;

export type ConnectStep = Extract<TerminalDown, { type: 'progress' }>['step'] | 'opening';

export type TerminalState =
  | { phase: 'idle' }
  | { phase: 'connecting'; step: ConnectStep }
  /** `stalled`: the server answers nothing at the moment. */
  | { phase: 'live'; stalled: boolean }
  /** `wasLive`: the shell had started, so this is an end; otherwise it is a failure to connect. */
  | { phase: 'ended'; wasLive: boolean; code: number | null; signal: string | null; error: AppError | null };

export interface TerminalControllerOptions {
  sink: ByteSink;
  open: OpenTerminalStream;
  changed(state: TerminalState): void;
  /** Output of a new program comes next. */
  started(): void;
  /** The program was running already: its screen comes first. Nothing that the terminal says meanwhile goes out, until `replayed`. */
  replay(replay: TerminalReplay): void;
  title(title: string): void;
  cwd(cwd: string): void;
}

const encoder = new TextEncoder();
const typeAheadLimit = 4096;

/** A stream that closes without a word of its program's end: the process behind it is gone, not the server. */
const hostStopped = (cause: AppError) =>
  new AppError('closed', 'The part of Slipway that carries sessions stopped. Your logins and tabs are still here.', { cause });

/** One terminal's connection: opened, ended, opened again. Knows nothing of the screen. */
export class TerminalController {
  readonly #options: TerminalControllerOptions;
  #state: TerminalState = { phase: 'idle' };
  #handle: StreamHandle<TerminalUp> | null = null;
  #pump: StreamPump | null = null;
  #size: TerminalSize = { cols: 80, rows: 24 };
  #input = '';
  #visible = true;
  #isReplaying = false;
  #disposed = false;

  constructor(options: TerminalControllerOptions) {
    this.#options = options;
  }

  get state(): TerminalState {
    return this.#state;
  }

  /** Opens the stream unless one is open. */
  connect(size: TerminalSize): void {
    if (this.#handle || this.#disposed) return;
    this.#size = size;
    const pump = new StreamPump(this.#options.sink);
    this.#pump = pump;
    pump.setVisible(this.#visible);
    this.#isReplaying = false;
    this.#options.started();
    this.#set({ phase: 'connecting', step: 'opening' });
    const current = () => this.#pump === pump;
    const handle = this.#options.open(size, {
      data: (bytes) => current() && pump.data(bytes),
      message: (body) => current() && this.#message(body),
      end: (error) => current() && this.#ended(null, null, error?.code === 'closed' ? hostStopped(error) : error),
    });
    this.#handle = handle;
    pump.start(handle);
  }

  /** Gives up a connection that has not become a shell yet. */
  cancel(): void {
    if (this.#state.phase !== 'connecting') return;
    this.#handle?.close();
    this.#ended(null, null, new AppError('cancelled', 'Connecting was cancelled.'));
  }

  /**
   * Keys, pastes and the terminal's own answers. What comes in one turn of the event loop leaves as one message at its
   * end. What is typed while connecting, up to a few lines, waits for the shell.
   */
  input(text: string): void {
    const { phase } = this.#state;
    if (phase === 'connecting' && this.#input.length + text.length <= typeAheadLimit) this.#input += text;
    // What an old program asked has been answered before.
    if (phase !== 'live' || this.#isReplaying) return;
    if (this.#input === '') queueMicrotask(() => this.#flush());
    this.#input += text;
  }

  /** Input that is no text: mouse reports of the old encoding, one byte per character. */
  binary(text: string): void {
    if (this.#state.phase !== 'live' || this.#isReplaying) return;
    this.#flush();
    this.#handle?.write(Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff));
  }

  /** Output of a terminal that nobody looks at comes more slowly. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
    this.#pump?.setVisible(visible);
  }

  resize(size: TerminalSize): void {
    if (size.cols === this.#size.cols && size.rows === this.#size.rows) return;
    this.#size = size;
    this.#handle?.send({ type: 'resize', size });
  }

  /** A replay is on the screen: keys go out again. */
  replayed(): void {
    this.#isReplaying = false;
  }

  /** Hands over a picture of the screen, for a page that comes late. */
  keepScreen(screen: TerminalScreen): void {
    if (this.#state.phase === 'live' && !this.#isReplaying) this.#handle?.send({ type: 'screen', screen });
  }

  dispose(): void {
    this.#disposed = true;
    this.#release();
  }

  #flush(): void {
    const text = this.#input;
    this.#input = '';
    if (text !== '') this.#handle?.write(encoder.encode(text));
  }

  #message(body: TerminalDown): void {
    switch (body.type) {
      case 'progress':
        if (this.#state.phase === 'connecting') this.#set({ phase: 'connecting', step: body.step });
        return;
      case 'ready':
        if (this.#state.phase !== 'connecting') return;
        this.#set({ phase: 'live', stalled: false });
        this.#flush();
        this.#options.title(body.title);
        return;
      case 'replay':
        this.#isReplaying = true;
        this.#size = body.replay.parts.at(-1)?.size ?? this.#size;
        this.#options.replay(body.replay);
        return;
      case 'stalled':
        if (this.#state.phase === 'live') this.#set({ phase: 'live', stalled: body.stalled });
        return;
      case 'cwd':
        this.#options.cwd(body.cwd);
        return;
      case 'exit':
        this.#ended(body.code, body.signal, body.error ? AppError.fromData(body.error) : null);
        return;
    }
  }

  #ended(code: number | null, signal: string | null, error: AppError | null): void {
    const wasLive = this.#state.phase === 'live';
    this.#release();
    this.#set({ phase: 'ended', wasLive, code, signal, error });
  }

  #release(): void {
    this.#pump?.stop();
    this.#handle?.close();
    this.#pump = null;
    this.#handle = null;
    this.#input = '';
  }

  #set(state: TerminalState): void {
    this.#state = state;
    if (!this.#disposed) this.#options.changed(state);
  }
}
