import type { Duplex } from 'node:stream';
import { SpdyHeaders } from './spdy-headers.ts';

const [synStream, synReply, rstStream, ping, goAway] = [1, 2, 3, 6, 7] as const;
const fin = 1;
const maxFrame = 1024 * 1024;

/** One stream that the client opened. */
export interface SpdyStream {
  readonly headers: ReadonlyMap<string, string>;
  write(bytes: Buffer): void;
  /** Nothing more comes from this side. */
  end(): void;
  /** Bytes of the client, and null at their end. What came before anybody listened is kept. */
  onData(listener: (bytes: Buffer | null) => void): void;
}

/**
 * The server's end of SPDY/3.1 as Kubernetes clients use it: the client opens streams, both write to them, nobody counts windows
 * (draft-mbelshe-httpbis-spdy-00 §2.2, §2.6).
 */
export class SpdyConnection {
  readonly #socket: Duplex;
  readonly #headers = new SpdyHeaders();
  readonly #streams = new Map<number, OpenStream>();
  readonly #onStream: (stream: SpdyStream) => void;
  #rest: Buffer = Buffer.alloc(0);
  #work: Promise<void> = Promise.resolve();

  constructor(socket: Duplex, onStream: (stream: SpdyStream) => void, onClose: () => void = () => {}) {
    this.#socket = socket;
    this.#onStream = onStream;
    socket.on('data', (bytes: Buffer) => {
      this.#work = this.#work.then(() => this.#take(bytes)).catch(() => void socket.destroy());
    });
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.end());
    socket.once('close', () => {
      for (const stream of this.#streams.values()) stream.receive(null);
      this.#headers.close();
      onClose();
    });
  }

  end(): void {
    void this.#work.then(() => this.#socket.end());
  }

  async #take(bytes: Buffer): Promise<void> {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= 8) {
      const length = this.#rest.readUIntBE(5, 3);
      if (length > maxFrame) throw new Error('a frame that is too long');
      if (this.#rest.length < 8 + length) return;
      const frame = this.#rest.subarray(0, 8 + length);
      this.#rest = this.#rest.subarray(8 + length);
      await this.#frame(frame.readUInt32BE(0), frame[4]!, frame.subarray(8));
    }
  }

  async #frame(first: number, flags: number, body: Buffer): Promise<void> {
    if (first >>> 31 === 0) {
      const stream = this.#streams.get(first);
      if (body.length > 0) stream?.receive(Buffer.from(body));
      if (flags & fin) stream?.receive(null);
      return;
    }
    switch (first & 0xffff) {
      case synStream: {
        const id = body.readUInt32BE(0) & 0x7fffffff;
        const stream = new OpenStream(await this.#headers.read(body.subarray(10)), (bytes, isLast) => this.#send(dataFrame(id, bytes, isLast)));
        this.#streams.set(id, stream);
        this.#send(controlFrame(synReply, 0, Buffer.concat([uint32(id), await this.#headers.write({})])));
        if (flags & fin) stream.receive(null);
        this.#onStream(stream);
        return;
      }
      case rstStream: {
        const id = body.readUInt32BE(0);
        this.#streams.get(id)?.receive(null);
        this.#streams.delete(id);
        return;
      }
      case ping:
        return this.#send(controlFrame(ping, 0, body));
      case goAway:
        return this.end();
    }
  }

  #send(frame: Buffer): void {
    if (this.#socket.writable) this.#socket.write(frame);
  }
}

class OpenStream implements SpdyStream {
  readonly headers: ReadonlyMap<string, string>;
  readonly #send: (bytes: Buffer, isLast: boolean) => void;
  #early: (Buffer | null)[] = [];
  #listener: ((bytes: Buffer | null) => void) | null = null;
  #isOver = false;
  #isEnded = false;

  constructor(headers: ReadonlyMap<string, string>, send: (bytes: Buffer, isLast: boolean) => void) {
    this.headers = headers;
    this.#send = send;
  }

  write(bytes: Buffer): void {
    if (!this.#isEnded) this.#send(bytes, false);
  }

  end(): void {
    if (!this.#isEnded) this.#send(Buffer.alloc(0), true);
    this.#isEnded = true;
  }

  onData(listener: (bytes: Buffer | null) => void): void {
    this.#listener = listener;
    for (const bytes of this.#early.splice(0)) listener(bytes);
  }

  receive(bytes: Buffer | null): void {
    if (this.#isOver) return;
    this.#isOver = bytes === null;
    if (this.#listener) this.#listener(bytes);
    else this.#early.push(bytes);
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

const controlFrame = (type: number, flags: number, body: Buffer) =>
  Buffer.concat([uint32(0x80030000 + type), uint32(flags * 2 ** 24 + body.length), body]);
const dataFrame = (id: number, bytes: Buffer, isLast: boolean) =>
  Buffer.concat([uint32(id), uint32((isLast ? fin : 0) * 2 ** 24 + bytes.length), bytes]);
