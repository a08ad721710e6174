import { createCipheriv, createHmac } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type tls from 'node:tls';

/** Alerts of RFC 8446 §6.2 by which a Teleport server refuses a client certificate. */
export const alerts = { certificateExpired: 45, unknownCa: 48, certificateRequired: 116 } as const;

/** NewSessionTicket records that OpenSSL sends right after the handshake; each took one sequence number. */
const ticketRecords = 2;

/**
 * Ends a TLS 1.3 connection whose handshake is done and on which nothing was sent yet with a fatal alert. Node has no call for it:
 * it hides a refused client certificate behind a plain close, where a real server names the reason (login-and-auth §4.6).
 * `secret` is SERVER_TRAFFIC_SECRET_0 of the connection.
 */
export function sendAlert(socket: tls.TLSSocket, secret: Buffer, alert: number): void {
  const raw = rawStream(socket);
  const hash = socket.getCipher().standardName.endsWith('SHA384') ? 'sha384' : 'sha256';
  const keyLength = hash === 'sha384' ? 32 : 16;
  const key = expandLabel(hash, secret, 'key', keyLength);
  const iv = expandLabel(hash, secret, 'iv', 12);
  iv.writeUInt32BE((iv.readUInt32BE(8) ^ ticketRecords) >>> 0, 8);
  const header = Buffer.from([23, 3, 3, 0, 2 + 1 + 16]);
  const cipher = createCipheriv(keyLength === 32 ? 'aes-256-gcm' : 'aes-128-gcm', key, iv);
  cipher.setAAD(header);
  const body = cipher.update(Buffer.from([2, alert, 21]));
  raw.end(Buffer.concat([header, body, cipher.final(), cipher.getAuthTag()]));
}

/** The stream underneath a server-side TLS socket, which Node keeps to itself. */
export function rawStream(socket: tls.TLSSocket): Duplex {
  const handle = Reflect.get(socket, '_handle') as { _parentWrap: Duplex & { stream?: Duplex } };
  // A stream that is no socket of the system is wrapped into one.
  return handle._parentWrap.stream ?? handle._parentWrap;
}

/** HKDF-Expand-Label with an empty context (RFC 8446 §7.1); HKDF-Expand is HKDF's second half, here one block. */
function expandLabel(hash: string, secret: Buffer, label: string, length: number): Buffer {
  const full = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, full.length]), full, Buffer.from([0])]);
  return createHmac(hash, secret)
    .update(info)
    .update(Buffer.from([1]))
    .digest()
    .subarray(0, length);
}
