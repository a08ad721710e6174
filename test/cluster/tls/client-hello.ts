/** The fields by which a proxy chooses a route: the server name and the protocols that a client offers, in its order. */
export interface ClientHello {
  readonly serverName: string;
  readonly protocols: readonly string[];
}

/** Largest ClientHello that is waited for; post-quantum key shares need a few kilobytes. */
const limit = 32 * 1024;

/**
 * Reads a TLS ClientHello (RFC 8446 §4.1.2, RFC 6066 §3, RFC 7301 §3.1) from the first bytes of a connection, which may be
 * spread over several records. `incomplete` asks for more bytes; `null` is not a ClientHello.
 */
export function parseClientHello(bytes: Buffer): ClientHello | 'incomplete' | null {
  const parts: Buffer[] = [];
  let total = 0;
  let needed = 4;
  for (let at = 0; total < needed; ) {
    if (bytes.length > 0 && bytes[0] !== 22) return null;
    if (at + 5 > bytes.length) return bytes.length > limit ? null : 'incomplete';
    if (bytes[at] !== 22 || bytes[at + 1] !== 3) return null;
    const length = bytes.readUInt16BE(at + 3);
    if (length === 0 || length > 16640) return null;
    const part = bytes.subarray(at + 5, at + 5 + length);
    parts.push(part);
    total += part.length;
    if (total >= 4) {
      const head = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
      if (head[0] !== 1) return null;
      needed = 4 + head.readUIntBE(1, 3);
      if (needed > limit) return null;
    }
    if (part.length < length && total < needed) return 'incomplete';
    at += 5 + length;
  }
  try {
    return readBody(Buffer.concat(parts).subarray(4, needed));
  } catch {
    return null;
  }
}

function readBody(body: Buffer): ClientHello {
  let at = 34;
  at += 1 + body.readUInt8(at);
  at += 2 + body.readUInt16BE(at);
  at += 1 + body.readUInt8(at);
  let serverName = '';
  const protocols: string[] = [];
  if (at === body.length) return { serverName, protocols };
  const end = at + 2 + body.readUInt16BE(at);
  if (end > body.length) throw new RangeError('extensions exceed the message');
  for (at += 2; at < end; ) {
    const type = body.readUInt16BE(at);
    const data = body.subarray(at + 4, at + 4 + body.readUInt16BE(at + 2));
    at += 4 + body.readUInt16BE(at + 2);
    if (type === 0 && data.length >= 5 && data[2] === 0) serverName = data.toString('latin1', 5, 5 + data.readUInt16BE(3));
    if (type === 16) {
      for (let p = 2; p < data.length; p += 1 + data[p]!) {
        if (p + 1 + data[p]! > data.length) throw new RangeError('protocol name exceeds its extension');
        protocols.push(data.toString('latin1', p + 1, p + 1 + data[p]!));
      }
    }
  }
  return { serverName, protocols };
}
