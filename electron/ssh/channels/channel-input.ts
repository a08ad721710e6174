import { AppError } from '../../../shared/errors/app-error.ts';
import type { Channel } from '../ssh2-internals.ts';

/** The most that one message may carry, both ways: what RFC 4253 §6.1 has every program take, less the message's head. */
export const packetSize = 32 * 1024;
/** The largest window that there is (RFC 4254 §5.2). */
const largestWindow = 2 ** 32 - 1;

export const brokenRules = (): AppError =>
  new AppError('bad-response', 'The server sent more than it was allowed to, so Slipway closed the channel. Ask an administrator what runs there.');

/**
 * The bytes that the server sends on one channel of any kind. The server may send `window` bytes beyond what `consumed` has
 * acknowledged. If it ignores the window, the size of a packet or the largest window, the channel is closed through `broken`, which
 * is called once.
 */
export class ChannelInput {
  readonly #channel: Channel;
  readonly #window: number;
  readonly #broken: () => void;
  #waiting: { bytes: Buffer; isError: boolean }[] = [];
  #listener: ((bytes: Buffer, isError: boolean) => void) | null = null;
  /** Received and not consumed yet. */
  #queued = 0;
  /** How much may be in flight and queued; it adapts to how fast the input is consumed. */
  #allowed: number;
  #isOver = false;

  constructor(channel: Channel, window: number, broken: () => void) {
    this.#channel = channel;
    this.#window = window;
    this.#allowed = window;
    this.#broken = broken;
    channel.incoming.window = window;
    // ssh2's own stream gets nothing to read, but it has to flow so that it reports the end.
    channel.resume();
    channel.stderr.resume();
  }

  /** Called by the connection with each piece of output. Type 1 is text for people (stderr); other types are counted and dropped. */
  receive(bytes: Buffer, type: number | null): void {
    if (this.#isOver) return;
    const { incoming } = this.#channel;
    if (bytes.length > incoming.window || bytes.length > packetSize) return this.#break();
    incoming.window -= bytes.length;
    this.#queued += bytes.length;
    if (type !== null && type !== 1) return this.consumed(bytes.length);
    const isError = type === 1;
    if (this.#listener) this.#listener(bytes, isError);
    else this.#waiting.push({ bytes, isError });
  }

  /** Called by the connection when the server allows us to send `bytes` more; false when that exceeds the largest window. */
  mayGrow(bytes: number): boolean {
    if (this.#channel.outgoing.window + bytes <= largestWindow) return true;
    this.#break();
    return false;
  }

  /** Drops everything that still arrives. */
  stop(): void {
    this.#isOver = true;
    this.#waiting = [];
  }

  /** Text for people that came before anybody listened: the reason of a refusal (ssh-and-gateways §2.7). */
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
   * Lets the server send more, once an eighth of the window has been consumed. While output queues up here, a large window only
   * makes an interrupt wait behind it, so the window shrinks to a quarter; it grows again when the network becomes the slower part.
   */
  consumed(bytes: number): void {
    const { incoming, outgoing, _client: client } = this.#channel;
    this.#queued -= bytes;
    const change = this.#queued > this.#window / 16 ? -bytes : bytes;
    this.#allowed = Math.min(this.#window, Math.max(this.#window / 4, this.#allowed + change));
    const more = this.#allowed - this.#queued - incoming.window;
    if (more < this.#window / 8 || outgoing.state === 'closed' || this.#isOver) return;
    incoming.window += more;
    client._protocol.channelWindowAdjust(outgoing.id, more);
  }

  #break(): void {
    this.stop();
    this.#broken();
  }
}
