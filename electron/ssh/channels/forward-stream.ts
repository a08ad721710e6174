import { Duplex } from 'node:stream';
import type { Channel } from '../ssh2-internals.ts';
import { brokenRules, ChannelInput } from './channel-input.ts';
import type { SendGate } from './send-gate.ts';

/** As for commands: enough for a line of 160 Mbit/s with a round trip of 100 ms. */
export const forwardWindow = 2 * 1024 * 1024;
/** Longer reasons of a server do not fit into a sentence that people read. */
const longestRefusal = 1000;

/**
 * A forwarded connection. Bytes that its reader does not take stay on the server, apart from one window; bytes that the connection
 * to the server does not take stay with the writer. It is destroyed with an error when the server breaks the rules.
 */
export class ForwardStream extends Duplex {
  readonly input: ChannelInput;
  readonly #channel: Channel;
  readonly #gate: SendGate;
  #unread: Buffer[] = [];
  #isWanted = false;
  #hasEnded = false;
  #written: (() => void) | null = null;
  #refusal = '';

  constructor(channel: Channel, gate: SendGate) {
    super();
    this.#channel = channel;
    this.#gate = gate;
    this.input = new ChannelInput(channel, forwardWindow, () => this.destroy(brokenRules()));
    this.input.onData((bytes, isError) => {
      if (isError) {
        this.input.consumed(bytes.length);
        if (this.#refusal.length < longestRefusal) this.#refusal += bytes.toString();
        return;
      }
      this.#unread.push(bytes);
      this.#pass();
    });
    // The server may break the rules before anybody listens here; `errored` keeps the error then.
    this.on('error', () => {});
    channel.on('error', () => channel.close());
    channel.once('end', () => {
      this.#hasEnded = true;
      this.#pass();
    });
    channel.once('close', () => {
      this.#settle();
      this.end();
    });
  }

  /** Text of the server for people, such as why it cannot reach the target (ssh-and-gateways §2.7). */
  get refusal(): string {
    return this.#refusal;
  }

  override _read(): void {
    this.#isWanted = true;
    this.#pass();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.#channel.outgoing.state !== 'open') return done();
    this.#written = done;
    this.#channel.write(bytes, () => this.#gate.pass(() => this.#settle()));
  }

  override _final(done: () => void): void {
    this.#channel.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.input.stop();
    this.#unread = [];
    this.#settle();
    this.#channel.close();
    done(error);
  }

  /** Completes the write in progress: its bytes have left, or never will. */
  #settle(): void {
    const written = this.#written;
    this.#written = null;
    written?.();
  }

  #pass(): void {
    while (this.#isWanted) {
      const bytes = this.#unread.shift();
      if (!bytes) break;
      this.#isWanted = false;
      const isRoomy = this.push(bytes);
      this.#isWanted ||= isRoomy;
      this.input.consumed(bytes.length);
    }
    if (!this.#hasEnded || this.#unread.length > 0 || this.readableEnded) return;
    this.#hasEnded = false;
    this.push(null);
  }
}
