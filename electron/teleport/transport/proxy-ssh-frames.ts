// gRPC messages of ProxySSH, written and read in place (ssh-and-gateways §1.1, §1.3): a few bytes around each payload.

/** Payload per message: with its prefix it fits one HTTP/2 frame of 16,384 bytes. */
export const payloadSize = 16371;
const largestMessage = 4 * 1024 * 1024 + 64;
/** Field numbers of the frames in ProxySSHRequest and ProxySSHResponse. */
export const frameFields = { ssh: 2, agent: 3 } as const;
export type FrameKind = keyof typeof frameFields;

/** The bytes are no gRPC message of this call, or a larger one than gRPC allows. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

const varintSize = (value: number) => (value < 0x80 ? 1 : value < 0x4000 ? 2 : 3);

function writeVarint(target: Buffer, value: number, at: number): number {
  let rest = value;
  let position = at;
  while (rest > 0x7f) {
    target[position++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[position++] = rest;
  return position;
}

const headSize = (payload: number) => {
  const frame = 1 + varintSize(payload) + payload;
  return 5 + 1 + varintSize(frame) + 1 + varintSize(payload);
};

function writeHead(target: Buffer, field: number, payload: number, start: number): number {
  const frame = 1 + varintSize(payload) + payload;
  target[start] = 0;
  target.writeUInt32BE(1 + varintSize(frame) + frame, start + 1);
  target[start + 5] = (field << 3) | 2;
  const at = writeVarint(target, frame, start + 6);
  target[at] = 0x0a;
  return writeVarint(target, payload, at + 1);
}

/**
 * One buffer of gRPC messages that carry `chunks` in order, in memory of so many bytes from `allocate`. Nothing at all for no bytes: an empty payload
 * would end the call.
 */
export function encodeFrames(kind: FrameKind, chunks: readonly Uint8Array[], allocate: (size: number) => Buffer = Buffer.allocUnsafe): Buffer {
  const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const full = Math.floor(total / payloadSize);
  const rest = total % payloadSize;
  const target = allocate(total + full * headSize(payloadSize) + (rest ? headSize(rest) : 0));
  let at = 0;
  let left = total;
  let room = 0;
  for (const chunk of chunks) {
    for (let from = 0; from < chunk.length; ) {
      if (room === 0) {
        room = Math.min(left, payloadSize);
        at = writeHead(target, frameFields[kind], room, at);
      }
      const count = Math.min(room, chunk.length - from);
      target.set(chunk.subarray(from, from + count), at);
      at += count;
      from += count;
      room -= count;
      left -= count;
    }
  }
  return target;
}

const field = (number: number, value: Uint8Array | string): Buffer => {
  const bytes = Buffer.from(value);
  const head = Buffer.alloc(1 + varintSize(bytes.length));
  head[0] = (number << 3) | 2;
  writeVarint(head, bytes.length, 1);
  return Buffer.concat([head, bytes]);
};

/** The first message of the call: where to dial. */
export function encodeDialTarget(hostPort: string, cluster: string): Buffer {
  const message = field(1, Buffer.concat([field(1, hostPort), field(2, cluster)]));
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** Cuts what arrives into messages and hands on their payloads as views of the input; copies only a message cut across chunks. */
export class FrameReader {
  readonly #take: (kind: FrameKind | 'details', payload: Buffer) => void;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #wanted = 5;

  constructor(take: (kind: FrameKind | 'details', payload: Buffer) => void) {
    this.#take = take;
  }

  /** Throws a FrameError for bytes that are no such messages; the reader cannot be used afterwards. */
  push(chunk: Buffer): void {
    let bytes = chunk;
    if (this.#keptBytes > 0) {
      this.#kept.push(chunk);
      this.#keptBytes += chunk.length;
      if (this.#keptBytes < this.#wanted) return;
      bytes = Buffer.concat(this.#kept, this.#keptBytes);
      this.#kept = [];
      this.#keptBytes = 0;
    }
    let at = 0;
    this.#wanted = 5;
    while (bytes.length - at >= 5) {
      if (bytes[at] !== 0) throw new FrameError('compressed message');
      const length = bytes.readUInt32BE(at + 1);
      if (length > largestMessage) throw new FrameError('message too large');
      if (bytes.length - at - 5 < length) {
        this.#wanted = 5 + length;
        break;
      }
      this.#read(bytes.subarray(at + 5, at + 5 + length));
      at += 5 + length;
    }
    if (at < bytes.length) {
      this.#kept = [bytes.subarray(at)];
      this.#keptBytes = bytes.length - at;
    }
  }

  #read(message: Buffer): void {
    if (message.length === 0) return this.#take('details', message);
    eachField(message, (number, value) => {
      if (number === 1) this.#take('details', value);
      if (number !== frameFields.ssh && number !== frameFields.agent) return;
      const kind = number === frameFields.ssh ? 'ssh' : 'agent';
      eachField(value, (inner, payload) => {
        if (inner === 1) this.#take(kind, payload);
      });
    });
  }
}

/** Calls `take` with each length-delimited field; others are skipped. */
function eachField(message: Buffer, take: (number: number, value: Buffer) => void): void {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = message[at++];
      if (byte === undefined) throw new FrameError('message cut off');
      if (shift < 49) value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new FrameError('number too long');
  };
  const skip = (count: number) => {
    if (count > message.length - at) throw new FrameError('message cut off');
    at += count;
    return message.subarray(at - count, at);
  };
  while (at < message.length) {
    const tag = varint();
    const type = tag & 7;
    if (type === 2) take(Math.floor(tag / 8), skip(varint()));
    else if (type === 0) varint();
    else if (type === 1) skip(8);
    else if (type === 5) skip(4);
    else throw new FrameError('unknown wire type');
  }
}
