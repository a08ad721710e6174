import type { WireMessage } from './wire.ts';

const idBytes = 4;

/** A message as one WebSocket frame: bytes as a binary frame (the id as 32 bits, big-endian, then the bytes), everything else as JSON text. */
export function encodeFrame(message: WireMessage): string | Uint8Array<ArrayBuffer> {
  if (message.t !== 'data') return JSON.stringify(message);
  const frame = new Uint8Array(idBytes + message.bytes.length);
  new DataView(frame.buffer).setUint32(0, message.id);
  frame.set(message.bytes, idBytes);
  return frame;
}

/** The message in a frame, unchecked; null when the frame holds none. The bytes of a data message are a view of the frame. */
export function decodeFrame(frame: string | Uint8Array): unknown {
  if (typeof frame !== 'string') {
    if (frame.length < idBytes) return null;
    const id = new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getUint32(0);
    return { t: 'data', id, bytes: frame.subarray(idBytes) };
  }
  try {
    return JSON.parse(frame);
  } catch {
    return null;
  }
}
