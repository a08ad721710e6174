import { longestPacket, packetType } from './sftp-packets.ts';

/** Where the bytes of a READ's answer go: straight into the block that is being filled. */
export interface DataTarget {
  readonly buffer: Uint8Array;
  readonly at: number;
  readonly length: number;
}

export interface SftpReaderOptions {
  /** The target of the READ with this number; null when there is no such request. */
  dataTarget(id: number): DataTarget | null;
  /** `length` bytes have been put into the target. */
  onData(id: number, length: number): void;
  /** Any other packet, with the bytes after its number; for VERSION the version takes the place of the number. */
  onPacket(type: number, id: number, body: Buffer): void;
}

const dataHead = 13;

interface IncomingData {
  readonly id: number;
  readonly target: DataTarget;
  readonly length: number;
  done: number;
}

/** Cuts the bytes of an SFTP server into packets. Throws on impossible lengths and on data that was not requested. */
export class SftpReader {
  readonly #options: SftpReaderOptions;
  readonly #head = Buffer.allocUnsafe(dataHead);
  #headBytes = 0;
  #body: Buffer | null = null;
  #bodyBytes = 0;
  #data: IncomingData | null = null;

  constructor(options: SftpReaderOptions) {
    this.#options = options;
  }

  push(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#data) at += this.#takeData(this.#data, bytes, at);
      else if (this.#body) at += this.#takeBody(this.#body, bytes, at);
      else at += this.#takeHead(bytes, at);
    }
  }

  #takeHead(bytes: Buffer, at: number): number {
    const wanted = this.#headBytes < 9 ? 9 : dataHead;
    const part = Math.min(wanted - this.#headBytes, bytes.length - at);
    this.#head.set(bytes.subarray(at, at + part), this.#headBytes);
    this.#headBytes += part;
    if (this.#headBytes < wanted) return part;
    const length = this.#head.readUInt32BE(0);
    const type = this.#head.readUInt8(4);
    if (length < 5 || length > longestPacket) throw new Error(`a packet of ${length} bytes`);
    if (type === packetType.data) {
      if (wanted === dataHead) this.#startData(length);
      else if (length < 9) throw new Error('data without a length');
      return part;
    }
    this.#headBytes = 0;
    this.#body = Buffer.allocUnsafe(length - 5);
    this.#bodyBytes = 0;
    if (this.#body.length === 0) this.#finishBody(this.#body);
    return part;
  }

  #startData(packetLength: number): void {
    const id = this.#head.readUInt32BE(5);
    const length = this.#head.readUInt32BE(9);
    this.#headBytes = 0;
    if (length !== packetLength - 9) throw new Error('data whose two lengths differ');
    const target = this.#options.dataTarget(id);
    if (!target || length > target.length) throw new Error('data that was not asked for');
    this.#data = { id, target, length, done: 0 };
    if (length === 0) this.#finishData(this.#data);
  }

  #takeData(data: IncomingData, bytes: Buffer, at: number): number {
    const part = Math.min(data.length - data.done, bytes.length - at);
    data.target.buffer.set(bytes.subarray(at, at + part), data.target.at + data.done);
    data.done += part;
    if (data.done === data.length) this.#finishData(data);
    return part;
  }

  #finishData({ id, length }: IncomingData): void {
    this.#data = null;
    this.#options.onData(id, length);
  }

  #takeBody(body: Buffer, bytes: Buffer, at: number): number {
    const part = Math.min(body.length - this.#bodyBytes, bytes.length - at);
    body.set(bytes.subarray(at, at + part), this.#bodyBytes);
    this.#bodyBytes += part;
    if (this.#bodyBytes === body.length) this.#finishBody(body);
    return part;
  }

  #finishBody(body: Buffer): void {
    this.#body = null;
    this.#options.onPacket(this.#head.readUInt8(4), this.#head.readUInt32BE(5), body);
  }
}
