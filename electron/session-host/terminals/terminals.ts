import type { OpenTerminal } from '../../../shared/model/terminal.ts';
import type { StartTerminal } from './programs/index.ts';
import type { TerminalUpStream } from './recorded-output.ts';
import { TerminalStream } from './terminal-stream.ts';

/** Time that a page has to come back for its programs: a reload takes a second or two, a person's answer to “has crashed” some more. */
export const keptMs = 30_000;
/** Programs that wait for their pages at most, the tabs of a full window. Each holds up to 512 KB of output and a screen of 1 MB. */
export const mostKept = 40;

interface Kept {
  readonly page: string;
  readonly tab: string;
  readonly terminal: TerminalStream;
  /** Runs while no page looks on. */
  timer: NodeJS.Timeout | undefined;
}

/** All open terminals, and those whose page was lost a moment ago. */
export class Terminals {
  readonly #start: StartTerminal;
  readonly #open = new Set<TerminalStream>();
  /** Terminals of pages that can come back for them, by page and tab. */
  readonly #kept = new Map<string, Kept>();

  constructor(start: StartTerminal) {
    this.#start = start;
  }

  /** Opens a terminal on a page's stream: the one that the page left behind when it was loaded anew, or a new one whose program is started. */
  open(params: OpenTerminal, stream: TerminalUpStream): void {
    const key = params.keep && keyOf(params.keep);
    const left = key === undefined ? undefined : this.#kept.get(key);
    if (left?.terminal.canBeTaken) {
      clearTimeout(left.timer);
      left.timer = undefined;
      return left.terminal.take(stream);
    }
    const terminal: TerminalStream = new TerminalStream(stream, params.size, {
      lost: () => key !== undefined && this.#keep(key, terminal),
      over: () => this.#forget(terminal, key),
    });
    this.#open.add(terminal);
    if (params.keep && key !== undefined) this.#kept.set(key, { ...params.keep, terminal, timer: undefined });
    void this.#start(params, terminal);
  }

  /** Tabs of a page whose programs run. */
  kept(page: string): string[] {
    return [...this.#kept.values()].filter((one) => one.page === page && one.terminal.canBeTaken).map(({ tab }) => tab);
  }

  close(): void {
    for (const terminal of this.#open) terminal.close();
  }

  #keep(key: string, terminal: TerminalStream): boolean {
    const kept = this.#kept.get(key);
    const waiting = [...this.#kept.values()].filter(({ timer }) => timer !== undefined).length;
    if (kept?.terminal !== terminal || waiting >= mostKept) return false;
    kept.timer = setTimeout(() => terminal.close(), keptMs);
    return true;
  }

  #forget(terminal: TerminalStream, key: string | undefined): void {
    this.#open.delete(terminal);
    const kept = key === undefined ? undefined : this.#kept.get(key);
    if (key === undefined || kept?.terminal !== terminal) return;
    clearTimeout(kept.timer);
    this.#kept.delete(key);
  }
}

const keyOf = ({ page, tab }: { page: string; tab: string }) => `${page} ${tab}`;
