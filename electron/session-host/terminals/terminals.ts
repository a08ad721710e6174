import type { OpenTerminal } from '../../../shared/model/terminal.ts';
import type { StartTerminal } from './programs/index.ts';
import { TerminalStream, type TerminalUpStream } from './terminal-stream.ts';

/** All open terminals. */
export class Terminals {
  readonly #start: StartTerminal;
  readonly #open = new Set<TerminalStream>();

  constructor(start: StartTerminal) {
    this.#start = start;
  }

  /** Opens a terminal on a page's stream and starts its program. */
  open(params: OpenTerminal, stream: TerminalUpStream): void {
    const terminal = new TerminalStream(stream, params.size);
    this.#open.add(terminal);
    terminal.signal.addEventListener('abort', () => this.#open.delete(terminal), { once: true });
    void this.#start(params, terminal);
  }

  close(): void {
    for (const terminal of this.#open) terminal.close();
  }
}
