import { AppError } from '../../../shared/errors/app-error.ts';
import type { Channel } from '../ssh2-internals.ts';

/** The most that one message may carry, both ways: what RFC 4253 §6.1 has every program take, less the message's head. */
export const packetSize = 32 * 1024;
/** The largest window that there is (RFC 4254 §5.2). */
const largestWindow = 2 ** 32 - 1;

export const brokenRules = (): AppError =>
  new AppError('bad-response', 'The server sent more than it was allowed to, so Slipway closed the channel. Ask an administrator what runs there.');

/**
 * What the server sends on one channel, of whatever kind. It may send `window` bytes beyond what `consumed` has acknowledged, and no more: a server that
 * ignores the window, the size of a packet or the largest window loses the channel, by `broken`, which is called once.
 */
export class ChannelInput {
  readonly #channel: Channel;
  readonly #window: number;
  readonly #broken: () => void;
  #waiting: { bytes: Buffer; isError: boolean }[] = [];
  #listener: ((bytes: Buffer, isError: boolean) => void) | null = null;
  /** Received and not consumed yet. */
  #queued = 0;
  /** What may be under way and queued; follows how fast it is consumed. */
  #allowed: number;
  #isOver = false;

  constructor(channel: Channel, window: number, broken: () => void) {
    this.#channel = channel;
    this.#window = window;
    this.#allowed = window;
    this.#broken = broken;
    channel.incoming.window = window;
    // ssh2's own stream gets nothing to read; it has to flow all the same, so that it tells the end.
    channel.resume();
    channel.stderr.resume();
  }

  /** Called by the connection with each piece of output. Text for people has type 1; what has another type is counted and dropped. */
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

  /** Called by the connection when the server is about to let us send `bytes` more; false when that cannot be. */
  mayGrow(bytes: number): boolean {
    if (this.#channel.outgoing.window + bytes <= largestWindow) return true;
    this.#break();
    return false;
  }

  /** Nothing more is taken: what still arrives is dropped. */
  stop(): void {
    this.#isOver = true;
    this.#waiting = [];
  }

  /** What came as text for people before anybody listened: the reason of a refusal (ssh-and-gateways §2.7). */
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
