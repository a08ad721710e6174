import type { AppError } from '../../../shared/errors/app-error.ts';
import type { Channel, Protocol } from '../ssh2-internals.ts';
import { brokenRules, ChannelInput } from './channel-input.ts';

export interface SessionEnd {
  /** Null when a signal ended the program or the transport was lost. */
  readonly code: number | null;
  readonly signal: string | null;
  /** Set when Slipway ended it, because the server broke the rules. */
  readonly error: AppError | null;
}

/** Terminal modes: IUTF8 on (RFC 8160), so that erasing takes whole characters; everything else as the server has it. */
const utf8Input = Buffer.from([42, 0, 0, 0, 1, 0]);

const clamp = (value: number) => Math.min(4096, Math.max(1, Math.trunc(value) || 1));

/**
 * A shell or a command on a server. Output is pushed as it arrives, stdout and stderr in the order of the wire, within the
 * window of its input.
 */
export class SessionChannel {
  readonly #channel: Channel;
  readonly #protocol: Protocol;
  readonly input: ChannelInput;
  readonly #sent: () => void;
  #ended: SessionEnd | null = null;
  readonly #endListeners: ((end: SessionEnd) => void)[] = [];

  /** `sent` is called with each input. */
  constructor(channel: Channel, window: number, sent: () => void) {
    this.#channel = channel;
    this.#sent = sent;
    this.#protocol = channel._client._protocol;
    this.input = new ChannelInput(channel, window, () => {
      channel.close();
      // A server that breaks the rules may never confirm the close.
      this.#end({ code: null, signal: null, error: brokenRules() });
    });
    let end: SessionEnd = { code: null, signal: null, error: null };
    channel.on('exit', (code: number | null, signal?: string) => {
      end = { code, signal: signal ?? null, error: null };
    });
    channel.once('close', () => this.#end(end));
    channel.on('error', () => channel.close());
  }

  errorText(): string {
    return this.input.errorText();
  }

  onData(listener: (bytes: Buffer, isError: boolean) => void): void {
    this.input.onData(listener);
  }

  /** Lets the server send that many bytes more. */
  consumed(bytes: number): void {
    this.input.consumed(bytes);
  }

  write(bytes: Uint8Array): void {
    if (this.#channel.outgoing.state !== 'open') return;
    this.#channel.write(bytes);
    this.#sent();
  }

  /** End of input; the program may go on writing. */
  end(): void {
    this.#channel.end();
  }

  /** Clamped to the sizes that a node takes; at any other it would close the channel (ssh-and-gateways §2.7). */
  resize(cols: number, rows: number): void {
    this.#channel.setWindow(clamp(rows), clamp(cols), 0, 0);
  }

  close(): void {
    this.#channel.close();
  }

  /** Called once, after the last output; called at once if the end has already come. */
  onEnd(listener: (end: SessionEnd) => void): void {
    if (this.#ended) listener(this.#ended);
    else this.#endListeners.push(listener);
  }

  #end(end: SessionEnd): void {
    if (this.#ended) return;
    this.#ended = end;
    for (const listener of this.#endListeners) listener(end);
  }

  /** Requests a terminal, the environment and the program without waiting between them; false when the last one is refused. */
  start(request: SessionRequest): Promise<boolean> {
    const { outgoing, _callbacks: callbacks } = this.#channel;
    const answer = () => new Promise<boolean>((resolve) => callbacks.push((failed) => resolve(!failed)));
    for (const [name, value] of Object.entries(request.env ?? {})) this.#protocol.env(outgoing.id, name, value, false);
    const { pty } = request;
    const hasTerminal = pty ? answer() : Promise.resolve(true);
    if (pty) this.#protocol.pty(outgoing.id, clamp(pty.rows), clamp(pty.cols), 0, 0, pty.term, utf8Input, true);
    this.#channel.subtype = request.subsystem !== undefined ? 'subsystem' : request.command === undefined ? 'shell' : 'exec';
    const started = answer();
    if (request.subsystem !== undefined) this.#protocol.subsystem(outgoing.id, request.subsystem, true);
    else if (request.command === undefined) this.#protocol.shell(outgoing.id, true);
    else this.#protocol.exec(outgoing.id, request.command, true);
    return Promise.all([hasTerminal, started]).then((answers) => answers.every(Boolean));
  }
}

export interface SessionRequest {
  env?: Readonly<Record<string, string>>;
  pty?: { term: string; cols: number; rows: number };
  /** Without it and without a subsystem, the login's shell. */
  command?: string;
  subsystem?: string;
}
