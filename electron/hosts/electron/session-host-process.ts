import { MessageChannelMain, type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import { heapGrowth } from '../heap-growth.ts';

export interface SessionHostProcessOptions {
  /** The bundle of electron/session-host.ts. */
  modulePath: string;
  logsFolder: string;
  dataFolder: string;
  /** Serves the session host's questions to main. */
  serveTickets(port: MessagePortMain): void;
  /** A new process took the place of one that ended: pages need new ports to it. */
  onReplaced(): void;
  note(what: string, detail: string): void;
}

/** A single crash is repaired before anybody notices. */
const firstDelayMs = 100;
/** Where it crashes at every start, it is tried rarely enough to leave the computer usable. */
const longestDelayMs = 10_000;
/** After a run of this length the next end counts as a single crash again. */
const steadyMs = 30_000;

/**
 * Runs the session host as a process of its own and starts it again when it ends, with longer and longer pauses when it keeps
 * ending.
 */
export class SessionHostProcess {
  readonly #options: SessionHostProcessOptions;
  #child: UtilityProcess | null = null;
  #waiting: MessagePortMain[] = [];
  #delay = firstDelayMs;
  #isClosed = false;

  constructor(options: SessionHostProcessOptions) {
    this.#options = options;
  }

  start(): void {
    const { modulePath, logsFolder, dataFolder, serveTickets } = this.#options;
    const started = Date.now();
    const child = utilityProcess.fork(modulePath, [logsFolder, dataFolder], {
      serviceName: 'Slipway session host',
      execArgv: [`--js-flags=${heapGrowth}`],
    });
    this.#child = child;
    const { port1, port2 } = new MessageChannelMain();
    child.postMessage({ type: 'tickets' }, [port2]);
    serveTickets(port1);
    for (const port of this.#waiting.splice(0)) this.connect(port);
    child.once('exit', (code) => this.#ended(code, Date.now() - started));
  }

  /** Gives the session host the far end of a page's port, at once or when it is there. */
  connect(port: MessagePortMain): void {
    if (this.#child) this.#child.postMessage({ type: 'page' }, [port]);
    else this.#waiting.push(port);
  }

  close(): void {
    this.#isClosed = true;
    this.#child?.kill();
  }

  #ended(code: number, lived: number): void {
    this.#child = null;
    if (this.#isClosed) return;
    this.#options.note('the session host ended', `code ${code} after ${lived} ms`);
    this.#delay = lived > steadyMs ? firstDelayMs : Math.min(this.#delay * 3, longestDelayMs);
    setTimeout(() => {
      if (this.#isClosed) return;
      this.start();
      this.#options.onReplaced();
    }, this.#delay);
  }
}
