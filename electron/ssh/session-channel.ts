import type { Channel, Protocol } from './ssh2-internals.ts';

export interface SessionEnd {
  /** Null when a signal ended the program or the transport was lost. */
  readonly code: number | null;
  readonly signal: string | null;
}

/** Terminal modes: IUTF8 on (RFC 8160), so that erasing takes whole characters; everything else as the server has it. */
const utf8Input = Buffer.from([42, 0, 0, 0, 1, 0]);

const clamp = (value: number) => Math.min(4096, Math.max(1, Math.trunc(value) || 1));

/**
 * A shell or a command on a server. Output is pushed as it arrives, stdout and stderr in the order of the wire; the server
 * may send `window` bytes beyond what `consumed` has acknowledged, and no more.
 */
export class SessionChannel {
  readonly #channel: Channel;
  readonly #protocol: Protocol;
  readonly #window: number;
  #waiting: { bytes: Buffer; isError: boolean }[] = [];
  #listener: ((bytes: Buffer, isError: boolean) => void) | null = null;
  /** Received and not consumed yet. */
  #queued = 0;
  /** What may be under way and queued; follows how fast it is consumed. */
  #allowed: number;
  #ended: SessionEnd | null = null;
  readonly #endListeners: ((end: SessionEnd) => void)[] = [];

  constructor(channel: Channel, window: number) {
    this.#channel = channel;
    this.#protocol = channel._client._protocol;
    this.#window = window;
    this.#allowed = window;
    channel.incoming.window = window;
    let end: SessionEnd = { code: null, signal: null };
    channel.on('exit', (code: number | null, signal?: string) => {
      end = { code, signal: signal ?? null };
    });
    channel.once('close', () => {
      this.#ended = end;
      for (const listener of this.#endListeners) listener(end);
    });
    channel.on('error', () => channel.close());
    channel.resume();
    channel.stderr.resume();
  }

  /** Called by the connection with each piece of output. A server that ignores the window loses its channel. */
  receive(bytes: Buffer, isError: boolean): void {
    const { incoming } = this.#channel;
    if (bytes.length > incoming.window) return this.close();
    incoming.window -= bytes.length;
    this.#queued += bytes.length;
    if (this.#listener) this.#listener(bytes, isError);
    else this.#waiting.push({ bytes, isError });
  }

  /** What the server wrote to stderr before anybody listened: the reason of a refusal (ssh-and-gateways §2.7). */
  errorText(): string {
    return Buffer.concat(this.#waiting.filter(({ isError }) => isError).map(({ bytes }) => bytes)).toString('utf8');
  }

  onData(listener: (bytes: Buffer, isError: boolean) => void): void {
    this.#listener = listener;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { bytes, isError } of waiting) listener(bytes, isError);
  }

  /**
   * Lets the server send more, once an eighth of the window has come together. While what it sent queues up here the window is no use
   * and an interrupt waits behind it: it shrinks to a quarter, and grows again when the line becomes the slower part.
   */
  consumed(bytes: number): void {
    const { incoming, outgoing } = this.#channel;
    this.#queued -= bytes;
    const change = this.#queued > this.#window / 16 ? -bytes : bytes;
    this.#allowed = Math.min(this.#window, Math.max(this.#window / 4, this.#allowed + change));
    const more = this.#allowed - this.#queued - incoming.window;
    if (more < this.#window / 8 || outgoing.state === 'closed') return;
    incoming.window += more;
    this.#protocol.channelWindowAdjust(outgoing.id, more);
  }

  write(bytes: Uint8Array): void {
    if (this.#channel.outgoing.state === 'open') this.#channel.write(bytes);
  }

  /** End of input; the program may go on writing. */
  end(): void {
    this.#channel.end();
  }

  /** Clamped to what a node takes; anything else would close the channel there (ssh-and-gateways §2.7). */
  resize(cols: number, rows: number): void {
    this.#channel.setWindow(clamp(rows), clamp(cols), 0, 0);
  }

  close(): void {
    this.#channel.close();
  }

  /** Called once, after the last output; at once when it is over already. */
  onEnd(listener: (end: SessionEnd) => void): void {
    if (this.#ended) listener(this.#ended);
    else this.#endListeners.push(listener);
  }

  /** Asks for a terminal, the environment and the program in one go, without waiting between them; false when the last is refused. */
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
