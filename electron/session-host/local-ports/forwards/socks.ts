import type { Duplex } from 'node:stream';
import { AppError } from '../../../../shared/errors/app-error.ts';

export interface SocksRequest {
  host: string;
  port: number;
  /** Bytes that came after the request; usually none. */
  rest: Buffer;
}

/** Reads the start of a connection. The step tells how many bytes were complete, what to answer, and what was requested. */
export type SocksStep = { used: number; reply?: Buffer; request?: { host: string; port: number }; refusal?: Buffer } | 'incomplete';

/** A program that connects and sends no request must not hold a socket for ever. */
const timeoutMs = 30_000;
/** The longest greeting and request together stay well below this (RFC 1928: 257 and 262 bytes). */
const maxBytes = 1024;
const noMethod = Buffer.from([5, 255]);
const noAuthentication = Buffer.from([5, 0]);
const reply = (code: number) => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
export const socksSuccess = reply(0);

export function socksFailure({ code }: AppError): Buffer {
  return reply(code === 'access-denied' ? 2 : code === 'unreachable' || code === 'node-offline' ? 4 : 1);
}

/** The method negotiation (RFC 1928 §3): only "no authentication" is spoken, on a port of loopback that is this user's own. */
export function readGreeting(bytes: Buffer): SocksStep {
  const [version, count] = bytes;
  if (version !== undefined && version !== 5) return { used: 0, refusal: version === 4 ? Buffer.from([0, 91, 0, 0, 0, 0, 0, 0]) : Buffer.alloc(0) };
  if (count === undefined || bytes.length < 2 + count) return 'incomplete';
  const methods = bytes.subarray(2, 2 + count);
  return methods.includes(0) ? { used: 2 + methods.length, reply: noAuthentication } : { used: 0, refusal: noMethod };
}

/** A request (RFC 1928 §4). CONNECT to an address or a name; names are looked up by the server. */
export function readRequest(bytes: Buffer): SocksStep {
  const [version, command, reserved, kind, nameLength] = bytes;
  if (nameLength === undefined) return 'incomplete';
  if (version !== 5 || reserved !== 0) return { used: 0, refusal: reply(1) };
  const start = kind === 3 ? 5 : 4;
  const length = kind === 1 ? 4 : kind === 4 ? 16 : kind === 3 ? nameLength : 0;
  if (length === 0) return { used: 0, refusal: reply(8) };
  if (bytes.length < start + length + 2) return 'incomplete';
  if (command !== 1) return { used: 0, refusal: reply(7) };
  const address = bytes.subarray(start, start + length);
  const host = kind === 1 ? address.join('.') : kind === 4 ? ipv6(address) : address.toString('latin1');
  const port = bytes.readUInt16BE(start + length);
  if (port === 0 || (kind === 3 && !/^[\x21-\x7e]+$/.test(host))) return { used: 0, refusal: reply(1) };
  return { used: start + length + 2, request: { host, port } };
}

/**
 * Speaks the first part of SOCKS5 with a program. Rejects, after answering, when it does not speak SOCKS5 or asks for anything but
 * a connection.
 */
export function readSocksRequest(socket: Duplex): Promise<SocksRequest> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    let step = readGreeting;
    const settle = (action: () => void) => {
      clearTimeout(timer);
      socket.off('data', onData);
      socket.off('end', onGone);
      socket.off('close', onGone);
      action();
    };
    const onGone = () => settle(() => reject(new AppError('cancelled', 'The program said nothing.')));
    const onData = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (;;) {
        const read = step(bytes);
        if (read === 'incomplete' && bytes.length <= maxBytes) return;
        if (read === 'incomplete' || read.refusal) {
          if (read !== 'incomplete' && read.refusal) socket.end(read.refusal);
          return settle(() =>
            reject(
              new AppError(
                'invalid-argument',
                'A program connected that does not speak SOCKS5, or wants more of it than connections. Set it to SOCKS5 without a password.',
              ),
            ),
          );
        }
        bytes = bytes.subarray(read.used);
        if (read.reply) socket.write(read.reply);
        if (read.request) {
          const { request } = read;
          socket.pause();
          return settle(() => resolve({ ...request, rest: bytes }));
        }
        step = readRequest;
      }
    };
    const timer = setTimeout(onGone, timeoutMs);
    socket.on('data', onData);
    socket.once('end', onGone);
    socket.once('close', onGone);
    socket.resume();
  });
}

function ipv6(address: Buffer): string {
  return Array.from({ length: 8 }, (_, index) => address.readUInt16BE(index * 2).toString(16)).join(':');
}
