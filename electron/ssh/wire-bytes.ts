/** Bytes that are not of the form RFC 4251 §5 gives them. The message names the field, never its content. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** Reads RFC 4251 §5 values in order; every length is checked against what is there. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  bytes(count: number, what = 'bytes'): Buffer {
    if (count > this.left) throw new WireError(`${what} is cut off`);
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  byte(what = 'byte'): number {
    return this.bytes(1, what).readUInt8();
  }

  u32(what = 'number'): number {
    return this.bytes(4, what).readUInt32BE();
  }

  u64(what = 'number'): bigint {
    return this.bytes(8, what).readBigUInt64BE();
  }

  string(what = 'string'): Buffer {
    return this.bytes(this.u32(what), what);
  }

  /** UTF-8; a byte sequence that is not is an error, so that two names never look alike by replacement characters. */
  text(what = 'text'): string {
    const raw = this.string(what);
    const text = raw.toString('utf8');
    if (text.includes('\ufffd') && !Buffer.from(text).equals(raw)) throw new WireError(`${what} is not UTF-8`);
    return text;
  }

  end(what = 'value'): void {
    if (this.left > 0) throw new WireError(`${what} has trailing bytes`);
  }
}

export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

export const u64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
};

/** An RFC 4251 `string`: length and bytes. */
export const str = (value: Uint8Array | string): Buffer => {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([u32(bytes.length), bytes]);
};

/** An RFC 4251 `mpint` of an unsigned big-endian number. */
export const mpint = (value: Uint8Array): Buffer => {
  let start = 0;
  while (start < value.length && value[start] === 0) start++;
  const bare = Buffer.from(value.subarray(start));
  return str((bare[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bare]) : bare);
};

/** The unsigned big-endian number in an `mpint`, without its sign byte; negative ones are refused. */
export const unsigned = (value: Buffer, what = 'number'): Buffer => {
  if ((value[0] ?? 0) & 0x80) throw new WireError(`${what} is negative`);
  let start = 0;
  while (start < value.length && value[start] === 0) start++;
  return value.subarray(start);
};
