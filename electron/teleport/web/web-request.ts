import { request as httpRequest } from 'node:http';
import { AppError } from '../../../shared/errors/app-error.ts';
import { deadline } from '../../lib/deadline.ts';
import { splitAddress } from '../connect/address.ts';
import { dialTls } from '../connect/tls.ts';
import { connectionError, timeoutError } from '../connect/tls-errors.ts';

export interface WebRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly json?: unknown;
  /** For the whole exchange; 30 seconds when absent. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface WebAnswer {
  readonly status: number;
  readonly contentType: string;
  /** The server's clock when it answered, milliseconds; null when it did not say. */
  readonly date: number | null;
  readonly body: Buffer;
}

export interface WebTarget {
  /** host:port */
  readonly address: string;
  readonly trustedFingerprint: string | null;
}

/** No answer of the web API comes near this size. */
const maxBody = 2 * 1024 * 1024;

/**
 * One request on a connection of its own. The certificate is judged before anything is sent. Redirects are not followed. An answer
 * that is too big or ends early is `bad-response`, one that takes too long `timeout`.
 */
export async function webRequest(target: WebTarget, request: WebRequest): Promise<WebAnswer> {
  const { host, port } = splitAddress(target.address);
  const { signal, done } = deadline(request.signal, request.timeoutMs ?? 30_000, () => timeoutError(target.address));
  try {
    const socket = await dialTls({ host, port, alpn: ['http/1.1'], trustedFingerprint: target.trustedFingerprint, signal });
    try {
      return await exchange(socket, target.address, request, signal);
    } finally {
      socket.destroy();
    }
  } catch (error) {
    throw signal.aborted ? AppError.from(signal.reason) : connectionError(error, target.address);
  } finally {
    done();
  }
}

/** One request on an existing connection, which the caller destroys. */
export function exchange(socket: import('node:tls').TLSSocket, address: string, request: WebRequest, signal: AbortSignal): Promise<WebAnswer> {
  const body = request.json === undefined ? null : Buffer.from(JSON.stringify(request.json));
  return new Promise((resolve, reject) => {
    const call = httpRequest({
      method: request.method,
      path: request.path,
      createConnection: () => socket,
      signal,
      headers: {
        Host: address,
        Accept: 'application/json',
        Connection: 'close',
        ...(body ? { 'Content-Type': 'application/json', 'Content-Length': body.length } : {}),
      },
    });
    call.on('error', (error) => reject(isParserError(error) ? badResponse(address, 'is no valid HTTP answer', error) : error));
    call.once('upgrade', () => reject(badResponse(address, 'is no valid HTTP answer')));
    call.once('response', (response) => {
      const pieces: Buffer[] = [];
      let size = 0;
      response.on('data', (piece: Buffer) => {
        size += piece.length;
        if (size > maxBody) {
          reject(badResponse(address, 'is far too large'));
          call.destroy();
        } else pieces.push(piece);
      });
      response.on('error', () => reject(signal.aborted ? signal.reason : badResponse(address, 'was cut off')));
      response.once('end', () => {
        if (!response.complete) return reject(badResponse(address, 'was cut off'));
        const date = Date.parse(response.headers.date ?? '');
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers['content-type'] ?? '',
          date: Number.isNaN(date) ? null : date,
          body: Buffer.concat(pieces),
        });
      });
    });
    call.end(body);
  });
}

function isParserError(error: NodeJS.ErrnoException): boolean {
  return error.code?.startsWith('HPE_') ?? false;
}

export function badResponse(address: string, what: string, cause?: unknown): AppError {
  return new AppError(
    'bad-response',
    `The answer of ${address} ${what}. The server may be broken or overloaded, or something in between changes its answers. Try again later.`,
    {
      details: { address },
      cause,
    },
  );
}
