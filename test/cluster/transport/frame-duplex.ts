import type http2 from 'node:http2';
import { Duplex } from 'node:stream';
import { frameHead } from './grpc-frames.ts';

/** Of one message; a gRPC peer takes no more than 4 MiB. */
const longest = 1024 * 1024;

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
    for (let from = 0; from < chunk.length; from += longest) {
      const piece = chunk.subarray(from, from + longest);
      this.#stream.write(frameHead(this.#field, piece.length));
      this.#stream.write(piece, from + longest < chunk.length ? undefined : done);
    }
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
