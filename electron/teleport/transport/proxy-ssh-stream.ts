import { type ClientHttp2Stream, constants } from 'node:http2';
import { Duplex } from 'node:stream';
import { AppError } from '../../../shared/errors/app-error.ts';
import { free } from '../../../shared/lib/memory.ts';
import { encodeFrames, type FrameKind, FrameReader } from './proxy-ssh-frames.ts';

/** Writes of one turn are sent together up to this size; larger ones save no more system calls. */
const gatherLimit = 256 * 1024;
const blockSize = gatherLimit + 64 * 1024;

export interface ProxySshStreamOptions {
  /** Why the call ended, as a sentence; null for status OK. Called once, when the call is over. */
  outcome(): AppError | null;
  onDetails(): void;
  onAgent(payload: Buffer): void;
  onEnd(): void;
}

/**
 * The bytes of one ProxySSH call as a Duplex. Writes of one turn of the event loop go out as one, because small system calls and
 * TLS records are what costs (ssh-and-gateways §12.2). Both directions stop when the other side does.
 */
export class ProxySshStream extends Duplex {
  bytesRead = 0;
  bytesWritten = 0;
  readonly #call: ClientHttp2Stream;
  readonly #options: ProxySshStreamOptions;
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  #flushing: NodeJS.Immediate | undefined;
  #isBlocked = false;
  /** Memory of large completed writes, reused for the next ones. */
  readonly #blocks: Buffer[] = [];
  #afterDrain: (() => void) | undefined;

  constructor(call: ClientHttp2Stream, options: ProxySshStreamOptions) {
    super({ allowHalfOpen: false, readableHighWaterMark: gatherLimit, writableHighWaterMark: gatherLimit });
    this.#call = call;
    this.#options = options;
    const reader = new FrameReader((kind, payload) => this.#take(kind, payload));
    call.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch (cause) {
        this.destroy(
          new AppError('bad-response', 'The cluster answered in a way that Slipway does not understand. It may be newer than Slipway knows.', {
            cause,
          }),
        );
      }
    });
    call.on('drain', () => {
      this.#isBlocked = false;
      const resume = this.#afterDrain;
      this.#afterDrain = undefined;
      resume?.();
    });
    call.on('error', () => {});
    call.on('close', () => this.#finish());
    call.on('end', () => setImmediate(() => this.#finish()));
  }

  /** Sends an ssh-agent answer. */
  writeAgent(bytes: Uint8Array): void {
    this.#send('agent', [bytes]);
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.bytesWritten += chunk.length;
    this.#gathered.push(chunk);
    this.#gatheredBytes += chunk.length;
    if (this.#gatheredBytes >= gatherLimit) this.#flush();
    else this.#flushing ??= setImmediate(() => this.#flush());
    if (this.#isBlocked) this.#afterDrain = done;
    else done();
  }

  override _read(): void {
    if (this.#call.isPaused()) this.#call.resume();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#flush();
    this.#call.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearImmediate(this.#flushing);
    this.#gathered = [];
    if (!this.#call.closed) this.#call.close(constants.NGHTTP2_CANCEL);
    this.#options.onEnd();
    done(error);
  }

  #take(kind: FrameKind | 'details', payload: Buffer): void {
    if (this.destroyed || this.readableEnded) return;
    if (kind === 'details') return this.#options.onDetails();
    if (payload.length === 0) return;
    if (kind === 'agent') return this.#options.onAgent(payload);
    this.bytesRead += payload.length;
    if (!this.push(payload)) this.#call.pause();
  }

  #flush(): void {
    clearImmediate(this.#flushing);
    this.#flushing = undefined;
    const chunks = this.#gathered;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    this.#send('ssh', chunks);
  }

  #send(kind: FrameKind, chunks: Uint8Array[]): void {
    let block: Buffer | undefined;
    const bytes = encodeFrames(kind, chunks, (size) => {
      if (size < blockSize / 16 || size > blockSize) return Buffer.allocUnsafe(size);
      block = this.#blocks.pop() ?? Buffer.allocUnsafeSlow(blockSize);
      return block.subarray(0, size);
    });
    for (const chunk of chunks) free(chunk);
    if (bytes.length === 0 || !this.#call.writable) return;
    const isRoomLeft = this.#call.write(bytes, () => block && this.#blocks.push(block));
    if (!isRoomLeft) this.#isBlocked = true;
  }

  #finish(): void {
    if (this.destroyed || this.readableEnded) return;
    const error = this.#options.outcome();
    if (error) this.destroy(error);
    else {
      this.push(null);
      // Reads on, because the reader may have stopped.
      this.resume();
    }
  }
}
