import { Duplex } from 'node:stream';

/**
 * Ping framing (login-and-auth §4.3): a big-endian length before each piece of data, and a length of zero every `interval` milliseconds as
 * a sign of life.
 */
export class PingFraming extends Duplex {
  readonly #inner: Duplex;
  #pending: Buffer = Buffer.alloc(0);

  constructor(inner: Duplex, interval: number) {
    super();
    this.#inner = inner;
    const timer = setInterval(() => inner.write(Buffer.alloc(4)), interval).unref();
    inner.on('data', (data: Buffer) => this.#take(data));
    inner.on('end', () => this.push(null));
    inner.on('error', (error) => this.destroy(error));
    inner.on('close', () => {
      clearInterval(timer);
      this.destroy();
    });
  }

  #take(data: Buffer): void {
    this.#pending = this.#pending.length === 0 ? data : Buffer.concat([this.#pending, data]);
    while (this.#pending.length >= 4) {
      const length = this.#pending.readUInt32BE(0);
      if (length > 1024 * 1024) {
        this.destroy(new Error('frame is too large'));
        return;
      }
      if (this.#pending.length < 4 + length) return;
      const frame = this.#pending.subarray(4, 4 + length);
      this.#pending = this.#pending.subarray(4 + length);
      if (length > 0 && !this.push(frame)) this.#inner.pause();
    }
  }

  override _read(): void {
    this.#inner.resume();
  }

  override _write(data: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    this.#inner.write(head);
    this.#inner.write(data, done);
  }

  override _final(done: () => void): void {
    this.#inner.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#inner.destroy();
    done(error);
  }
}
