import type { FrameCodec, Unframed } from './frames.ts';

const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/**
 * The client's side of WebSocket framing (RFC 6455 §5), with messages read as one byte stream. The mask key is all zeros, since
 * Teleport servers before 16.2.1 mishandle any other (login-and-auth §4.5). `decode` throws on a frame no server may send.
 */
export class WebSocketFrames implements FrameCodec {
  readonly farewell = frame(opcode.close, Buffer.from([0x03, 0xe8]));
  #header = Buffer.alloc(0);
  #opcode = 0;
  #left = 0;
  #control: Buffer | null = null;
  #isEnded = false;

  encode(payload: Buffer): Buffer {
    return payload.length === 0 ? payload : frame(opcode.binary, payload);
  }

  decode(chunk: Buffer): Unframed {
    const data: Buffer[] = [];
    const replies: Buffer[] = [];
    let at = 0;
    while (at < chunk.length && !this.#isEnded) {
      if (this.#left > 0) {
        const part = chunk.subarray(at, at + this.#left);
        if (this.#control) this.#control = Buffer.concat([this.#control, part]);
        else data.push(part);
        this.#left -= part.length;
        at += part.length;
      } else {
        const needed = headerLength(this.#header);
        const part = chunk.subarray(at, at + needed - this.#header.length);
        this.#header = Buffer.concat([this.#header, part]);
        at += part.length;
        if (this.#header.length < headerLength(this.#header)) continue;
        this.#begin(this.#header);
        this.#header = Buffer.alloc(0);
      }
      if (this.#left === 0 && this.#control) {
        if (this.#opcode === opcode.ping) replies.push(frame(opcode.pong, this.#control));
        if (this.#opcode === opcode.close) this.#isEnded = true;
        this.#control = null;
      }
    }
    return { data, replies, ended: this.#isEnded };
  }

  #begin(header: Buffer): void {
    const first = header.readUInt8(0);
    const second = header.readUInt8(1);
    const code = first & 0x0f;
    const short = second & 0x7f;
    if ((first & 0x70) !== 0) throw new Error('WebSocket frame with reserved bits');
    if ((second & 0x80) !== 0) throw new Error('WebSocket frame masked by the server');
    const control = code >= opcode.close;
    if (!Object.values(opcode).includes(code)) throw new Error('WebSocket frame of an unknown kind');
    if (control && (short > 125 || (first & 0x80) === 0)) throw new Error('WebSocket control frame too long or in pieces');
    const length = short === 126 ? BigInt(header.readUInt16BE(2)) : short === 127 ? header.readBigUInt64BE(2) : BigInt(short);
    if (length > BigInt(Number.MAX_SAFE_INTEGER)) throw new Error('WebSocket frame of impossible length');
    this.#opcode = code;
    this.#left = Number(length);
    this.#control = control ? Buffer.alloc(0) : null;
  }
}

/** Length of a header of which at least the given bytes are known; at first two. */
function headerLength(known: Buffer): number {
  if (known.length < 2) return 2;
  const short = known.readUInt8(1) & 0x7f;
  return short === 126 ? 4 : short === 127 ? 10 : 2;
}

function frame(code: number, payload: Buffer): Buffer {
  const size = payload.length < 126 ? 2 : payload.length < 65_536 ? 4 : 10;
  const header = Buffer.alloc(size + 4);
  header[0] = 0x80 | code;
  header[1] = 0x80 | (size === 2 ? payload.length : size === 4 ? 126 : 127);
  if (size === 4) header.writeUInt16BE(payload.length, 2);
  if (size === 10) header.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([header, payload]);
}
