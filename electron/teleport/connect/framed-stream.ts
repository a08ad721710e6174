import { Duplex } from 'node:stream';
import type { FrameCodec } from './frames.ts';

/** The byte stream that `codec` carries on `raw`. Closing it closes `raw`; a broken frame destroys both with the error. */
export class FramedStream extends Duplex {
  readonly #raw: Duplex;
  readonly #codec: FrameCodec;
  #isEnded = false;

  constructor(raw: Duplex, codec: FrameCodec) {
    super();
    // The TLS connection inside cannot be half closed.
    this.once('end', () => this.destroy());
    this.#raw = raw;
    this.#codec = codec;
    raw.on('data', (chunk: Buffer) => this.#receive(chunk));
    raw.once('end', () => this.#end());
    raw.once('close', () => this.destroy());
    raw.on('error', (error) => this.destroy(error));
  }

  #receive(chunk: Buffer): void {
    try {
      const { data, replies, ended } = this.#codec.decode(chunk);
      for (const reply of replies) if (this.#raw.writable) this.#raw.write(reply);
      let roomy = true;
      if (!this.#isEnded) for (const piece of data) roomy = this.push(piece);
      if (!roomy) this.#raw.pause();
      if (ended) this.#end();
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  #end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.push(null);
  }

  override _read(): void {
    this.#raw.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#raw.write(this.#codec.encode(chunk), (error) => done(error));
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#raw.end(this.#codec.farewell, () => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#raw.destroy();
    done(error);
  }
}
