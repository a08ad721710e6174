import type { FrameCodec, Unframed } from './frames.ts';

/** Teleport's ping framing: a length of four bytes, big endian, and the payload; length 0 is a keep-alive (login-and-auth §4.3). */
export class PingFrames implements FrameCodec {
  readonly farewell = Buffer.alloc(0);
  #header = Buffer.alloc(0);
  #left = 0;

  encode(payload: Buffer): Buffer {
    if (payload.length === 0) return payload;
    const header = Buffer.alloc(4);
    header.writeUInt32BE(payload.length);
    return Buffer.concat([header, payload]);
  }

  decode(chunk: Buffer): Unframed {
    const data: Buffer[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#left > 0) {
        const part = chunk.subarray(at, at + this.#left);
        data.push(part);
        this.#left -= part.length;
        at += part.length;
        continue;
      }
      const part = chunk.subarray(at, at + 4 - this.#header.length);
      this.#header = Buffer.concat([this.#header, part]);
      at += part.length;
      if (this.#header.length < 4) continue;
      this.#left = this.#header.readUInt32BE();
      this.#header = Buffer.alloc(0);
    }
    return { data, replies: [], ended: false };
  }
}
