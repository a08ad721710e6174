import type http2 from 'node:http2';

/** Longest message taken from a client. */
const limit = 4 * 1024 * 1024;

/** Cuts a gRPC byte stream into messages, in place; only a message that spans chunks is copied. */
export class MessageReader {
  #rest: Buffer | null = null;

  /** The whole messages so far; throws a RangeError for one that is too long or compressed. */
  take(chunk: Buffer): Buffer[] {
    const data = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    const messages: Buffer[] = [];
    let at = 0;
    while (data.length - at >= 5) {
      const length = data.readUInt32BE(at + 1);
      if (data[at] !== 0 || length > limit) throw new RangeError('message cannot be taken');
      if (data.length - at - 5 < length) break;
      messages.push(data.subarray(at + 5, at + 5 + length));
      at += 5 + length;
    }
    this.#rest = at < data.length ? data.subarray(at) : null;
    return messages;
  }
}

/** The bytes before the payload of a `{frame {payload}}` message whose frame has this field number: gRPC prefix and both headers. */
export function frameHead(field: number, length: number): Buffer {
  const inner = 1 + varintLength(length);
  const body = 1 + varintLength(inner + length) + inner;
  const head = Buffer.allocUnsafe(5 + body);
  head[0] = 0;
  head.writeUInt32BE(body + length, 1);
  head[5] = (field << 3) | 2;
  let at = writeVarint(head, 6, inner + length);
  head[at++] = 0x0a;
  at = writeVarint(head, at, length);
  return head;
}

/** The payload of a message that holds nothing but `{frame {payload}}` in this field; null for any other shape. */
export function framePayload(message: Buffer, field: number): Buffer | null {
  if (message[0] !== ((field << 3) | 2)) return null;
  const outer = readVarint(message, 1);
  if (!outer || outer.next + outer.value !== message.length || message[outer.next] !== 0x0a) return null;
  const inner = readVarint(message, outer.next + 1);
  return inner && inner.next + inner.value === message.length ? message.subarray(inner.next) : null;
}

export const okHeaders = { ':status': 200, 'content-type': 'application/grpc' } as const;

/** Ends a stream that was not answered yet with nothing but a status. */
export function refuse(stream: http2.ServerHttp2Stream, code: number, message: string): void {
  if (stream.destroyed) return;
  stream.respond({ ...okHeaders, 'grpc-status': String(code), 'grpc-message': encodeMessage(message) }, { endStream: true });
  release(stream);
}

/** As Go's server does: a client that is still sending is told by RST_STREAM(NO_ERROR) that nobody listens any more. */
function release(stream: http2.ServerHttp2Stream): void {
  stream.resume();
  setImmediate(() => stream.close(0));
}

/** Starts an answer; `end` of the returned function closes it with a status in trailers. */
export function answer(stream: http2.ServerHttp2Stream): (code: number, message: string) => void {
  let status = { code: 0, message: '' };
  stream.respond(okHeaders, { waitForTrailers: true });
  stream.on('wantTrailers', () => {
    stream.sendTrailers({ 'grpc-status': String(status.code), ...(status.message ? { 'grpc-message': encodeMessage(status.message) } : {}) });
    release(stream);
  });
  return (code, message) => {
    status = { code, message };
    stream.end();
  };
}

function encodeMessage(message: string): string {
  return [...Buffer.from(message)]
    .map((byte) => (byte < 0x20 || byte > 0x7e || byte === 0x25 ? `%${byte.toString(16).toUpperCase().padStart(2, '0')}` : String.fromCharCode(byte)))
    .join('');
}

function varintLength(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : 4;
}

function writeVarint(target: Buffer, at: number, value: number): number {
  let rest = value;
  let next = at;
  while (rest > 0x7f) {
    target[next++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[next++] = rest;
  return next;
}

function readVarint(data: Buffer, at: number): { value: number; next: number } | null {
  let value = 0;
  for (let index = 0; index < 4; index++) {
    const byte = data[at + index];
    if (byte === undefined) return null;
    value |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) return { value, next: at + index + 1 };
  }
  return null;
}
