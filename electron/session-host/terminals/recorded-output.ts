import type { ServerStream } from '../../../shared/ipc/server.ts';
import type { TerminalDown, TerminalSize, TerminalUp } from '../../../shared/model/terminal.ts';
import { type ByteStream, OutputPump } from './output-pump.ts';
import { Recorder } from './recording/recorder.ts';

/** A page's stream of one terminal. */
export type TerminalUpStream = ServerStream<TerminalUp, TerminalDown>;

/**
 * Where a terminal's output goes: into the record and to the page that looks on, within its credits. While no page does, output is
 * taken for as long as all of it is kept for the next one; then the program waits. A page that comes late is sent the record first.
 */
export class RecordedOutput implements ByteStream {
  readonly recorder: Recorder;
  /** Called when there is credit again. */
  onCredit: () => void = () => {};
  #viewer: TerminalUpStream | null = null;
  #replay: OutputPump | null = null;

  constructor(size: TerminalSize) {
    this.recorder = new Recorder(size);
  }

  /** Whether the page that looks on still has to be sent what it missed. */
  get isReplaying(): boolean {
    return this.#replay !== null;
  }

  get credit(): number {
    if (!this.#viewer) return this.recorder.free;
    return this.#replay ? 0 : this.#viewer.credit;
  }

  write(bytes: Uint8Array): void {
    this.recorder.push(bytes);
    this.#viewer?.write(bytes);
  }

  /** Shows a page that opened the terminal what comes from now on. */
  show(viewer: TerminalUpStream): void {
    this.#viewer = viewer;
    viewer.onCredit(() => {
      if (this.#viewer !== viewer) return;
      if (this.#replay) this.#replay.credited();
      else this.onCredit();
    });
  }

  /** Shows a page that came late what it missed, and then what comes. */
  replayTo(viewer: TerminalUpStream): void {
    const { replay, bytes } = this.recorder.recording();
    viewer.send({ type: 'replay', replay });
    const pump = new OutputPump(viewer, () => {});
    this.#replay?.stop();
    this.#replay = pump;
    this.show(viewer);
    pump.push(bytes);
    pump.finish(() => {
      this.#replay = null;
      this.onCredit();
    });
  }

  /** Nobody looks on any more. */
  hide(): void {
    this.#replay?.stop();
    this.#replay = null;
    this.#viewer = null;
    this.onCredit();
  }
}
