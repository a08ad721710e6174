import type http2 from 'node:http2';
import { Duplex } from 'node:stream';
import { frameHead } from './grpc-frames.ts';

/** The bytes inside the `{frame {payload}}` messages of a gRPC stream, as a stream of its own. */
export class FrameDuplex extends Duplex {
  readonly #stream: http2.ServerHttp2Stream;
  readonly #field: number;

  constructor(stream: http2.ServerHttp2Stream, field: number) {
    super();
    this.#stream = stream;
    this.#field = field;
    stream.on('close', () => this.destroy());
  }

  /** Hands in what the other side sent. */
  receive(payload: Buffer): void {
    if (!this.push(payload)) this.#stream.pause();
  }

  override _read(): void {
    this.#stream.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#stream.cork();
    this.#stream.write(frameHead(this.#field, chunk.length));
    this.#stream.write(chunk, done);
    this.#stream.uncork();
  }

  override _final(done: () => void): void {
    done();
    this.emit('finished-writing');
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#stream.destroyed) this.emit('finished-writing');
    done(error);
  }
}
